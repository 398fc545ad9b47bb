"""Customers added and changed by the salon, and what it writes down about them."""

from django.db import IntegrityError, transaction

from audit import services as audit
from bookings import signals
from bookings.models import Customer, CustomerNote
from bookings.services import records
from messaging import services as messaging
from messaging.models import Channel, Suppression, SuppressionScope
from messaging.numbers import can_get_texts
from tenants.errors import DomainError

#: What the salon may write. Consent to news is the customer's own: it comes with a booking and can only be taken back.
COLUMNS = ("display_name", "email", "phone", "preferred_member", "notes")
TAKEN = {"email": "Another customer has this e-mail address."}
EMAIL_CONSTRAINT = "one_customer_per_email"


class Erased(DomainError):
    code = "customer_erased"
    status = 409
    message = "This customer’s data were erased at their request. Nothing can be written here any more."


class NotMobile(DomainError):
    code = "not_mobile"
    status = 422
    message = "Text messages cannot be sent to this number. Write a mobile number on the card first."


@transaction.atomic
def add_customer(*, fields, by, now):
    """A customer with these `COLUMNS` (`phone` as E.164). Raises records.Refused, also where the e-mail is somebody's."""
    customer = Customer(created_at=now)
    changed = records.put(customer, _tidy(fields), COLUMNS)
    records.check(customer, exclude=_untouched(changed) - {"display_name"})
    save(customer)
    records.note_added(customer, by=by, now=now, **{name: after for name, (_, after) in changed.items()})
    signals.customer_added.send(sender=Customer, customer=customer, at=now)
    return customer


@transaction.atomic
def change_customer(*, customer, fields, by, now):
    """Change some `COLUMNS`; where nothing differs nothing is written. Raises records.Refused, records.Gone, Erased."""
    customer = locked(customer)
    changed = records.put(customer, _tidy(fields), COLUMNS)
    records.check(customer, exclude=_untouched(changed))
    if changed:
        save(customer)
        records.note_changed(customer, changed, by=by, now=now)
    return customer


@transaction.atomic
def withdraw_consent(*, customer, by, now):
    """The customer wants no news any more. Pressed again it changes nothing. Raises records.Gone."""
    customer = locked(customer)
    if customer.marketing_opt_in:
        changed = {"marketing_opt_in": (True, False), "marketing_opt_in_at": (customer.marketing_opt_in_at, None)}
        customer.marketing_opt_in, customer.marketing_opt_in_at = False, None
        save(customer)
        records.note_changed(customer, changed, by=by, now=now)
    return customer


@transaction.atomic
def renew_consent(*, customer, by, now):
    """The customer wants news, and has just said so. Pressed again it changes nothing. Raises records.Gone, Erased."""
    customer = locked(customer)
    if not customer.marketing_opt_in:
        changed = {"marketing_opt_in": (False, True), "marketing_opt_in_at": (None, now)}
        customer.marketing_opt_in, customer.marketing_opt_in_at = True, now
        save(customer)
        records.note_changed(customer, changed, by=by, now=now)
    return customer


@transaction.atomic
def set_texts(*, customer, wanted, by, now):
    """Somebody has told the team that they want text messages to the number they have, or none any more.

    Who answered STOP has said so themselves: only they take it back. Raises NotMobile, records.Gone, Erased.
    """
    customer = locked(customer)
    number, before = str(customer.phone or ""), customer.texts_agreed_at
    if wanted and not can_get_texts(number):
        raise NotMobile
    if wanted:
        messaging.allow(channel=Channel.SMS, address=number, causes=[Suppression.Cause.STAFF])
    elif number:
        everything, staff = SuppressionScope.ALL, Suppression.Cause.STAFF
        messaging.suppress(channel=Channel.SMS, address=number, scope=everything, cause=staff, now=now)
    if wanted != customer.wants_texts:
        customer.texts_number, customer.texts_agreed_at = (number, now) if wanted else ("", None)
        save(customer)
        records.note_changed(customer, {"texts_agreed_at": (before, customer.texts_agreed_at)}, by=by, now=now)
    return customer


@transaction.atomic
def add_note(*, customer, text, by, now):
    """Write something down, dated, with who wrote it. For staff only. Raises records.Refused, records.Gone, Erased."""
    customer = locked(customer)
    note = CustomerNote(customer=customer, text=text.strip(), author_id=by.id, author_label=by.label[:200], at=now)
    records.check(note, exclude=("customer", "author_id"))
    note.save()
    audit.record(actor=by, action="customer.noted", subject=customer, at=now, after={"note": note.text})
    return note


@transaction.atomic
def remove_note(*, note, by, now):
    """Take a note away again; the trail keeps what it said. Raises records.Gone."""
    customer = locked(note.customer)
    note = records.fresh(note)
    note.delete()
    audit.record(actor=by, action="customer.note_removed", subject=customer, at=now, before={"note": note.text})


def locked(customer, *, erased_too=False):
    """The customer as they are now, locked. A customer's row comes last of all (`locks`). Raises records.Gone, Erased."""
    found = Customer.objects.select_for_update().filter(pk=customer.pk).first()
    if found is None:
        raise records.Gone
    if found.erased_at and not erased_too:
        raise Erased
    return found


def save(customer):
    """Save the row. Raises records.Refused where another customer has the e-mail address."""
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError as exc:
        if EMAIL_CONSTRAINT in str(exc):
            raise records.Refused(TAKEN) from exc
        raise


def _tidy(fields):
    """Spaces once, addresses in small letters."""
    fields = dict(fields)
    if "display_name" in fields:
        fields["display_name"] = " ".join(fields["display_name"].split())
    if "email" in fields:
        fields["email"] = fields["email"].strip().lower()
    return fields


def _untouched(changed):
    """What is not looked at again: numbers that were taken over as they are may not be what we would take today."""
    return {field.name for field in Customer._meta.concrete_fields} - set(changed)
