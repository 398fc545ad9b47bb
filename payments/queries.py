"""Reads about money that more than one door needs."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Lower

from bookings import queries as diary
from bookings.models import Booking, Status
from giftcards.models import GiftReservation, ReservationState
from payments.models import (
    CHARGES,
    FINAL_STATES,
    STOPPED,
    ActionKind,
    CardHold,
    CardSetupStatus,
    Dispute,
    DisputeStatus,
    HoldState,
    MoneyAction,
    Payment,
    PaymentStatus,
    SavedCard,
)
from tenants.money import Money


def with_money(bookings):
    """Bookings with their current payment and card, two queries for all, and what is open about them: see `payment_of`,
    `card_of`, `is_fee_due`, `open_state`."""
    current = Payment.objects.filter(is_current=True)
    presses = MoneyAction.objects.filter(booking=OuterRef("pk"))
    return (
        bookings.select_related("card_setup")
        .prefetch_related(Prefetch("payments", queryset=current, to_attr="current_payments"))
        .annotate(
            cancel_pressed=Exists(presses.filter(kind=ActionKind.CANCEL)),
            open_charge=Subquery(presses.filter(kind__in=CHARGES).exclude(state__in=FINAL_STATES).values("state")[:1]),
        )
    )


def visits():
    """Visits as staff read them: with their people and their money."""
    return with_money(diary.visits_with_people())


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait for somebody."""

    to_confirm: int
    unclosed: int
    unfinished: int
    fees_due: int
    disputed: int


def waiting(*, now):
    """What waits for somebody in the salon: a `Waiting`. Five counts."""
    return Waiting(
        to_confirm=diary.to_confirm(Booking.objects).count(),
        unclosed=diary.unclosed(Booking.objects, now=now).count(),
        unfinished=MoneyAction.objects.exclude(state__in=FINAL_STATES).count(),
        fees_due=fees_due().count(),
        disputed=Dispute.objects.filter(status=DisputeStatus.OPEN).count(),
    )


def with_gifts(bookings):
    """Bookings with what gift cards have put aside for them: `charges.preview` asks no query of its own then."""
    reserved = GiftReservation.objects.filter(state=ReservationState.RESERVED).select_related("card")
    return bookings.prefetch_related(Prefetch("gift_reservations", queryset=reserved, to_attr="reserved_gifts"))


def payment_of(booking):
    """The booking's current payment, or None. Costs a query where the booking was not loaded `with_money`."""
    if not hasattr(booking, "current_payments"):
        booking.current_payments = list(Payment.objects.filter(booking=booking, is_current=True))
    return booking.current_payments[0] if booking.current_payments else None


def card_of(booking):
    """The card saved for the booking (a CardSetup), or None."""
    setup = getattr(booking, "card_setup", None)
    return setup if setup and setup.status == CardSetupStatus.SUCCEEDED else None


def gift_of(booking):
    """What a gift card has put aside for the booking, or None. Costs a query where it was not loaded `with_gifts`."""
    if hasattr(booking, "reserved_gifts"):
        return booking.reserved_gifts[0] if booking.reserved_gifts else None
    reserved = GiftReservation.objects.filter(booking=booking, state=ReservationState.RESERVED)
    return reserved.select_related("card").first()


def open_action(booking):
    """The booking's press that has not come to an end, or None."""
    return MoneyAction.objects.filter(booking=booking).exclude(state__in=FINAL_STATES).first()


def can_replace_card(booking):
    """Whether another card may take the place of the booking's: while a visit is to come, or money is still open."""
    if card_of(booking) is None or booking.hold_expires_at:
        return False
    fee_owed = booking.status == Status.CANCELED and booking.cancellation_fee_cents
    action = open_action(booking)
    return action.state in STOPPED if action else bool(booking.is_open or fee_owed)


def held_for(booking):
    """The CardHold by which money is held on the booking's card right now, or None."""
    return CardHold.objects.filter(booking=booking, state=HoldState.HELD).first()


def kept_cards_of(booking):
    """The cards their customer lets the salon keep, for whoever holds the link of this booking, newest first.

    Those of the booking's own customer at Stripe: the e-mail address on a booking proves nothing.
    """
    setup = card_of(booking)
    if setup is None:
        return SavedCard.objects.none()
    return SavedCard.objects.filter(
        stripe_account_id=setup.stripe_account_id,
        stripe_customer_id=setup.stripe_customer_id,
        customer=booking.customer,
        removed_at=None,
    )


def fees_due():
    """Visits that customers called off late, whose fee nobody has taken or let go."""
    pressed = MoneyAction.objects.filter(booking=OuterRef("pk"), kind=ActionKind.CANCEL)
    return Booking.objects.filter(~Exists(pressed), status=Status.CANCELED, cancellation_fee_cents__gt=0)


def is_fee_due(booking):
    """Whether a booking is one of `fees_due`; loaded `with_money` it costs no query."""
    if booking.status != Status.CANCELED or not booking.cancellation_fee_cents:
        return False
    if not hasattr(booking, "cancel_pressed"):
        booking.cancel_pressed = MoneyAction.objects.filter(booking=booking, kind=ActionKind.CANCEL).exists()
    return not booking.cancel_pressed


def spent_by(customers):
    """What is left of what each customer's card paid, `Money` by currency, by the customer's id. One query."""
    rows = (
        Payment.objects.filter(customer__in=[customer.pk for customer in customers], captured_cents__gt=0)
        .order_by()
        .values_list("customer", "currency_code")
        .annotate(Sum("captured_cents"), Sum("refunded_cents"))
        .order_by("currency_code")
    )
    found = {}
    for pk, currency, captured, refunded in rows:
        found.setdefault(pk, []).append(Money(captured - refunded, currency))
    return found


def by_spent(customers):
    """Customers, whoever has spent most first."""
    spent = Coalesce(Sum(F("payments__captured_cents") - F("payments__refunded_cents")), 0)
    return customers.annotate(sorted_by=spent).order_by("-sorted_by", Lower("display_name"), "pk")


def saved_cards_of(customer):
    """The cards a customer lets the salon keep, newest first: for the team, who see the last four digits."""
    return SavedCard.objects.filter(customer=customer, removed_at=None)


def by_money(bookings, state):
    """Those of `bookings` whose money stands so: fee_due, unfinished, disputed (to answer), paid, refunded; else all."""
    match state:
        case "fee_due":
            return bookings.filter(pk__in=fees_due().values("pk"))
        case "unfinished":
            unfinished = MoneyAction.objects.filter(booking=OuterRef("pk")).exclude(state__in=FINAL_STATES)
            return bookings.filter(Exists(unfinished))
        case "disputed":
            return bookings.filter(
                Exists(Dispute.objects.filter(payment__booking=OuterRef("pk"), status=DisputeStatus.OPEN))
            )
        case "paid":
            return _with_payment(bookings, PaymentStatus.CAPTURED)
        case "refunded":
            return _with_payment(bookings, PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED)
    return bookings


def payments_by(payments, term, *, contacts=True):
    """Those of `payments` whose visit is found so (`bookings.queries.visits_by`), or that have this id with Stripe."""
    every, term = Payment.objects.order_by(), term.strip()
    visits = diary.visits_by(Booking.objects.order_by(), term, contacts=contacts)
    known = every.filter(Q(provider_payment_id=term) | Q(provider_charge_id=term))
    return payments.filter(pk__in=every.filter(booking__in=visits).values("pk").union(known.values("pk")))


def _with_payment(bookings, *states):
    current = Payment.objects.filter(booking=OuterRef("pk"), is_current=True, status__in=states)
    return bookings.filter(Exists(current))
