"""A customer asks to be forgotten: what says who they are goes, what the books need stays."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from audit import services as audit
from bookings import signals
from bookings.models import Booking, Customer, Status
from bookings.models.bookings import OPEN
from bookings.services.customers.merging import TRIES, CustomersChanging
from bookings.services.customers.writing import locked
from bookings.services.errors import Lost
from messaging import services as messaging
from tenants.errors import DomainError

#: What stands in the place of a name.
ERASED = "Erased customer"
DELETED = "Deleted customer"


class StillNeeded(DomainError):
    """Something is going on for which the salon has to know who it is; the sentence says what."""

    code = "customer_still_needed"
    status = 409


@dataclass(frozen=True, slots=True)
class Person:
    """Who is forgotten: under which names and addresses they are known, and whose rows are theirs."""

    customer: Customer
    ids: tuple
    booking_ids: tuple
    names: frozenset
    emails: frozenset
    phones: frozenset
    at: datetime

    @property
    def words(self):
        return audit.Words(names=self.names, contacts=self.emails | self.phones, instead=ERASED)


def erase_customer(*, customer, by, now):
    """Forget who a customer is. It cannot be undone; once erased it stays so, and a second press changes nothing.

    Name, contact, notes, preferences, consents' addresses, messages and lines of the trail go, here and in higher apps
    (`customer_erased`); visits, payments and their amounts and dates stay. Raises StillNeeded while a visit is open or
    money is on its way, records.Gone; nothing is written then.
    """
    for _ in range(TRIES):
        try:
            return _erase(customer, by, now)
        except Lost:
            continue
    raise CustomersChanging


@transaction.atomic
def _erase(customer, by, now):
    visits = Booking.objects.filter(customer_id=customer.pk).order_by("pk")
    # Not their keys, as in a merge: their payments come next.
    bookings = list(visits.select_for_update(of=("self",), no_key=True))
    customer = locked(customer, erased_too=True)
    if customer.erased_at:
        return customer
    if visits.count() != len(bookings):  # booked meanwhile
        raise Lost
    _refuse_open(bookings)
    person = _person(customer, bookings, now)
    signals.customer_erased.send(sender=Customer, person=person, at=now)
    _empty_visits(visits)
    messaging.forget(about=person.booking_ids, recipients=person.emails | _phones_of_nobody_else(person))
    _empty(customer, now)
    subjects = {"bookings.customer": person.ids, "bookings.booking": person.booking_ids}
    audit.forget(subjects=subjects, words=person.words, emptied=("bookings.customer",))
    audit.forget_searches(actions=("customers.exported", "visits.exported"), words=person.words)
    audit.record(actor=by, action="customer.erased", subject=customer, at=now)
    return customer


@transaction.atomic
def forget_deleted(*, customer, by, now):
    """The trail says that a customer's row was deleted, and no more who that was. For the transaction that deletes it."""
    known = [customer.display_name, customer.email, str(customer.phone or "")]
    words = audit.Words(names=frozenset(known[:1]), contacts=frozenset(filter(None, known[1:])), instead=DELETED)
    ids = [customer.pk, *customer.former.values_list("pk", flat=True)]
    audit.record(actor=by, action="customer.deleted", subject=customer, at=now)
    audit.forget(subjects={"bookings.customer": ids}, words=words, emptied=("bookings.customer",))


def _refuse_open(bookings):
    if any(booking.status in (Status.HOLD, *OPEN) for booking in bookings):
        raise StillNeeded("A visit is still open. Complete it or call it off first, then erase.")


def _person(customer, bookings, now):
    former = list(customer.former.all())
    names = {
        customer.display_name,
        *(name for booking in bookings for name in (booking.contact_name, booking.for_name)),
    }
    emails = {customer.email, *(booking.contact_email for booking in bookings), *(each.email for each in former)}
    phones = {str(customer.phone or ""), *(str(booking.contact_phone or "") for booking in bookings)}
    return Person(
        customer=customer,
        ids=tuple(str(pk) for pk in (customer.pk, *(each.pk for each in former))),
        booking_ids=tuple(booking.pk for booking in bookings),
        names=frozenset(names - {""}),
        emails=frozenset(email.lower() for email in emails if email),
        phones=frozenset(phones - {""}),
        at=now,
    )


def _phones_of_nobody_else(person):
    """Families share a number: what was sent to it about the others stays theirs."""
    shared = Customer.objects.exclude(pk=person.customer.pk).filter(phone__in=person.phones)
    return person.phones - {str(phone) for phone in shared.values_list("phone", flat=True)}


def _empty_visits(visits):
    for booking in visits.exclude(consent={}):
        Booking.objects.filter(pk=booking.pk).update(consent=booking.consent | {"address": None})
    visits.update(
        contact_name=ERASED,
        contact_email="",
        contact_phone="",
        for_name="",
        customer_tz="",
        special_requests="",
        cancellation_reason="",
        marketing_opt_in=False,
        texts_agreed_at=None,
        browser_key="",
        client_address=None,
    )


def _empty(customer, now):
    customer.staff_notes.all().delete()
    customer.former.update(email="")
    customer.display_name, customer.email, customer.phone, customer.notes = ERASED, "", "", ""
    customer.preferred_member = None
    customer.marketing_opt_in, customer.marketing_opt_in_at = False, None
    customer.texts_number, customer.texts_agreed_at = "", None
    customer.notification_preferences = {}
    customer.erased_at = now
    customer.save()
