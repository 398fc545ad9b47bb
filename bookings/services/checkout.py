"""From a held slot to a promise: details and consent, then confirmation."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from audit import actors
from bookings import mail, queries, signals
from bookings.models import Booking, Customer, Status
from bookings.services import storing
from bookings.services.customers.writing import Erased
from bookings.services.errors import NotAllowed
from bookings.services.holds import LONGEST_HOLD, check_hold, locked, set_expiry
from bookings.services.status import move
from bookings.terms import wording
from tenants.errors import DomainError

TIME_FOR_THE_CARD = timedelta(minutes=10)
#: Nothing is written for less than this: who books in one go has their ten minutes already.
WORTH_WRITING = timedelta(minutes=1)


class CardRequired(DomainError):
    code = "card_required"
    status = 402
    message = "Please add a card to confirm this booking. Nothing is charged now."


class OwnTimesOverlap(DomainError):
    code = "own_overlap"
    status = 422
    message = "You already have a visit at that time."


class TermsChanged(DomainError):
    code = "terms_changed"
    status = 409
    message = "The salon has changed its terms in the meantime. Please read them and agree once more."


@dataclass(frozen=True, slots=True)
class Details:
    """What a customer types; validated and normalised by the form or the serializer (`phone` as E.164)."""

    name: str
    email: str
    phone: str
    special_requests: str = ""
    marketing: bool = False
    language: str = ""
    texts: bool = False
    for_name: str = ""
    #: Of whoever books, as an IANA name; "" where it is not known.
    zone: str = ""

    def of_customer(self, customer):
        """Who is known comes as the salon knows them, save what is typed."""
        return replace(
            self,
            name=self.name or customer.display_name,
            email=self.email or customer.email,
            phone=self.phone or str(customer.phone or ""),
        )


@transaction.atomic
def submit_details(
    *, business, booking, details, address, now, by=None, seen="", gift=None, customer=None, is_locked=False
):
    """Write who comes and what they agreed to, and move the hold to pending. The time stays kept.

    Pressed again while pending (a declined card, a second click) it updates the details. Agreement to the
    policies is the caller's to check: calling this is the agreement, except by staff (`by`), who write down somebody
    else's wish: nothing was agreed to then, and no fee follows. `seen` is the version of the offer that was on the page
    (`queries.offer_for`). `gift` says what a gift card pays of it (`terms.Gift`), kept with the agreement. `customer` is
    who staff say it is, whatever the details tell. `is_locked`: the caller has read the booking by `holds.locked` in its
    own transaction. Raises HoldExpired, NotAllowed, OwnTimesOverlap, TermsChanged; nothing is written then.
    """
    booking = booking if is_locked else locked(booking)
    clock = check_hold(booking, states=(Status.HOLD, Status.PENDING))
    if booking.hold_expires_at is None:
        raise NotAllowed(status_now=booking.status)
    customer = _customer_for(business, booking, details, now, known=customer)
    agreed = {} if by else _agreed(business, booking, customer, details, seen, gift, now)
    fields = {
        "customer": customer,
        "contact_name": details.name,
        "contact_email": details.email,
        "contact_phone": details.phone,
        "for_name": details.for_name,
        "special_requests": details.special_requests,
        "marketing_opt_in": details.marketing,
        "language": _language_for(business, customer, details),
        "customer_tz": details.zone,
        "texts_agreed_at": now if details.texts else None,
        "consent": agreed and agreed | {"agreed_at": now.isoformat(), "address": address},
    }
    if booking.status == Status.HOLD:
        actor = by or actors.customer(details.name, address)
        move(booking, to=Status.PENDING, by=actor, at=now, **fields)
    else:
        for name, value in fields.items():
            setattr(booking, name, value)
        booking.save(update_fields=[*fields, "updated_at"])
    _keep_for_the_card(booking, clock)
    return booking


def _language_for(business, customer, details):
    """What this customer reads, of what the salon offers: as they say, else as on their last visit; empty: the salon's."""
    if details.language:
        return details.language if details.language in business.languages else ""
    if not business.other_languages:
        return ""
    earlier = Booking.objects.filter(customer=customer).exclude(language="").order_by("-created_at")
    language = earlier.values_list("language", flat=True).first() or ""
    return language if language in business.languages else ""


def _agreed(business, booking, customer, details, seen, gift, now):
    """The terms of this customer, for the snapshot. Raises TermsChanged unless they are of the offer that was seen."""
    offer = queries.offer_for(business=business, booking=booking)
    if seen and seen != offer.version:
        raise TermsChanged
    is_new, has_missed = _past(customer, details.phone) if offer.some else (False, False)
    shown = wording.on_the_page(offer=offer, zone=booking.zone, now=now, card=booking.card_required, gift=gift)
    agreed = offer.agreed_by(is_new=is_new, has_missed=has_missed).as_json()
    return agreed | {"shown": shown} | ({"gift_card": gift.as_json()} if gift else {})


def _past(customer, phone):
    """(has never completed a visit here, has missed one), as far as address and number agree.

    The number too: who only knows somebody's address must not learn from the terms whether they are a customer.
    """
    visits = Booking.objects.filter(Q(contact_phone=phone) | Q(customer__phone=phone), customer=customer)
    states = set(visits.filter(status__in=[Status.COMPLETED, Status.NO_SHOW]).values_list("status", flat=True))
    return Status.COMPLETED not in states, Status.NO_SHOW in states


def _keep_for_the_card(booking, clock):
    """The card and its bank's questions get their own ten minutes, within the longest hold."""
    expires_at = min(clock + TIME_FOR_THE_CARD, booking.created_at + LONGEST_HOLD)
    if expires_at >= booking.hold_expires_at + WORTH_WRITING:
        set_expiry(booking, expires_at)


def _customer_for(business, booking, details, now, *, known=None):
    """The customer with that e-mail, or a new one; `known` where somebody has said which. An existing one is never
    changed by a guest who knows the address.

    Who gave staff no e-mail is known again by name and phone; an address of before a merge leads to who stayed. Raises
    OwnTimesOverlap.
    """
    # One customer's two submissions at once: the second waits for the lock and then sees the first.
    rows = Customer.objects.select_for_update(of=("self",))
    customer = _named(rows, known) if known else _matching(rows, details)
    if customer is None:
        try:
            return _new_customer(details, now)  # who has no visit that could overlap
        except IntegrityError:  # the same new customer, pressed twice at once
            customer = rows.get(email__iexact=details.email)
    if not business.allow_double_visits:
        refuse_own_overlap(
            booking=booking,
            customer=customer,
            phone=details.phone,
            start_at=booking.start_at,
            end_at=booking.end_at,
        )
    return customer


def _named(rows, known):
    """Who staff have chosen, or the one they have become by a merge since. Raises Erased."""
    customer = rows.filter(pk=known.pk).first() or rows.filter(former=known.pk).first()
    if customer and customer.erased_at:
        raise Erased
    return customer


def _matching(rows, details):
    if details.email:
        # Their address, or that of before two rows became one.
        return (
            rows.filter(email__iexact=details.email).first() or rows.filter(former__email__iexact=details.email).first()
        )
    known = rows.filter(email="", phone=details.phone, display_name__iexact=details.name)
    return known.first() if details.phone else None


@transaction.atomic
def _new_customer(details, now):
    customer = Customer.objects.create(
        display_name=details.name,
        email=details.email,
        phone=details.phone,
        marketing_opt_in=details.marketing,
        marketing_opt_in_at=now if details.marketing else None,
        texts_number=details.phone if details.texts else "",
        texts_agreed_at=now if details.texts else None,
    )
    signals.customer_added.send(sender=Customer, customer=customer, at=now)
    return customer


def refuse_own_overlap(*, booking, customer, phone, start_at, end_at):
    """Raises OwnTimesOverlap where another visit of the customer meets these instants. The caller has locked the customer."""
    clash = Booking.objects.filter(
        customer=customer,
        # The number too: who only knows somebody's address must not learn when they visit.
        contact_phone=phone,
        status__in=[Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN],
        start_at__lt=end_at,
        end_at__gt=start_at,
    ).exclude(pk=booking.pk)
    if booking.family_id:  # those who come with them
        clash = clash.exclude(family__isnull=False, family=booking.family_id)
    if clash.exists():
        raise OwnTimesOverlap


@transaction.atomic
def confirm_booking(
    *, business, booking, now, card_on_file=False, covered=False, by=None, notify=True, is_locked=False
):
    """Turn a pending booking into a promise, and write the confirmation into the outbox.

    `covered`: nothing can become due on a card, so it asks for none from now on (a gift card pays).
    Where the salon confirms by hand, a customer's press leaves it pending without an expiry; staff (`by`) confirm it.
    `notify=False` tells nobody (bookings taken over from elsewhere). `is_locked` as in `submit_details`.
    Pressed again on a confirmed booking it changes nothing and returns it. Raises CardRequired, HoldExpired, NotAllowed.
    """
    booking = booking if is_locked else locked(booking)
    if booking.status == Status.CONFIRMED or (
        booking.status == Status.PENDING and not booking.hold_expires_at and not by
    ):
        return booking
    check_hold(booking, states=(Status.PENDING,))
    if booking.card_required and booking.hold_expires_at and not (card_on_file or covered):
        raise CardRequired
    if covered and booking.card_required:
        booking.card_required = False
        booking.save(update_fields=["card_required"])
    storing.keep_until(booking, None)
    if booking.hold_expires_at:  # staff confirming a request confirm what is there already
        signals.booking_changed.send(sender=Booking, booking=booking, what="created", at=now)
    if business.auto_confirm or by:
        actor = by or actors.customer(booking.contact_name, booking.client_address)
        move(booking, to=Status.CONFIRMED, by=actor, at=now, hold_expires_at=None, confirmed_at=now)
    else:
        booking.hold_expires_at = None
        booking.save(update_fields=["hold_expires_at", "updated_at"])
    if notify:
        mail.queue_booked(business=business, booking=booking, now=now)
    return booking
