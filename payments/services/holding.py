"""Money held on the card for a near visit, where the salon wants that: held, taken over by a press, or released.

A hold takes no money. It never lasts longer than Stripe says; when it ends, the saved card is charged like any other.
Placed in the background, as the accepted terms say it. A card that cannot be held is still the card on file: staff
hear of it, the customer only where their bank wants them.
"""

from datetime import UTC, datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from audit import services as audit
from audit.actors import SYSTEM
from bookings import terms
from bookings.models import Booking, Status
from giftcards.models import GiftReservation, ReservationState
from payments import amounts, gateway, notices, queries, receipts
from payments.models import CardHold, CardSetupStatus, HoldState
from payments.services import pressing
from tenants.money import Money

logger = structlog.get_logger("tithi.payments")

#: The shortest hold lasts 4 days and 18 hours (Visa, off-session): a visit this near is over before it ends.
NEAR = terms.HOLD_WITHIN
LEASE = timedelta(seconds=60)
#: A visit that moves away and comes near again is held again; never more often than this.
MOST_HOLDS = 3
#: Visits whose price may stay held.
HOLDING = (Status.CONFIRMED, Status.CHECKED_IN)
GOING_ON = (HoldState.PLANNED, HoldState.CREATING, HoldState.CONFIRMING)

ALLOWED = {
    HoldState.PLANNED: {HoldState.CREATING, HoldState.RELEASING},
    HoldState.CREATING: {HoldState.CONFIRMING, HoldState.RELEASING, HoldState.FAILED},
    HoldState.CONFIRMING: {HoldState.HELD, HoldState.RELEASING, HoldState.FAILED},
    HoldState.HELD: {HoldState.CONSUMED, HoldState.RELEASING},
    HoldState.RELEASING: {HoldState.RELEASED, HoldState.CONSUMED},
    HoldState.CONSUMED: set(),
    HoldState.RELEASED: set(),
    HoldState.FAILED: set(),
}


def place_due(*, business, now):
    """Hold the price of every visit that has come near, where the salon wants that and the customer has agreed to it.

    Returns how many were tried.
    """
    if not is_wanted(business):
        return 0
    holds = [plan(booking=booking, now=now) for booking in near(now=now).order_by("start_at")[:100]]
    planned = [hold for hold in holds if hold]
    for hold in planned:
        drive(hold)
    return len(planned)


def is_wanted(business):
    """Whether the salon wants prices held, and can."""
    return business.hold_near_visits and business.billing.charges_enabled


def near(*, now):
    """The visits `place_due` would look at."""
    return Booking.objects.filter(
        status=Status.CONFIRMED,
        start_at__gt=now,
        start_at__lte=now + NEAR,
        card_setup__status=CardSetupStatus.SUCCEEDED,
        money_actions=None,
    ).exclude(card_holds__in=CardHold.objects.exclude(state=HoldState.RELEASED))


@transaction.atomic
def plan(*, booking, now):
    """Write down that a booking's price is to be held; None where there is nothing to hold, or no reason to.

    The booking is locked: a press and a cancellation come before it, and it is left alone, or after it, and find it.
    """
    booking = pressing.locked_booking(booking)
    cents = _to_hold(booking, now) if _may_hold(booking, now) else 0
    if cents < amounts.least(booking.currency_code):
        return None
    return CardHold.objects.create(
        booking=booking,
        stripe_account_id=booking.card_setup.stripe_account_id,
        amount_cents=cents,
        currency_code=booking.currency_code,
    )


def _may_hold(booking, now):
    earlier = list(booking.card_holds.values_list("state", flat=True))
    return (
        booking.status == Status.CONFIRMED
        and now < booking.start_at <= now + NEAR
        and queries.card_of(booking) is not None
        and not booking.money_actions.exists()
        and len(earlier) < MOST_HOLDS
        and set(earlier) <= {HoldState.RELEASED}
    )


def _to_hold(booking, now):
    """What the card is to pay, never more than the accepted terms say may be held."""
    reserved = GiftReservation.objects.filter(booking=booking, state=ReservationState.RESERVED).first()
    split = amounts.split(
        price_cents=booking.price_cents,
        currency=booking.currency_code,
        percent=reserved.percent if reserved else 0,
        gift_cents=reserved.cents if reserved else 0,
        has_card=True,
        at_salon=True,
    )
    return min(split.card_cents, terms.held(consent=booking.consent, now=now))


def finish_open_holds(*, now):
    """What a killed process or a silent Stripe left half done; returns how many were driven."""
    stuck = list(half_done(now=now).order_by("updated_at")[:100])
    for hold in stuck:
        try:
            drive(hold)
        except Exception:  # a defect in one must not keep the others waiting
            logger.exception("hold_broken", hold_id=str(hold.pk))
            CardHold.objects.filter(pk=hold.pk).update(updated_at=timezone.now())
    _give_up_useless(now)
    return len(stuck) + release_open()


def _give_up_useless(now):
    for hold in useless(now=now)[:100]:
        _move(hold, HoldState.RELEASING)


def live():
    """Holds that have not come to their end."""
    return CardHold.objects.filter(state__in=[*GOING_ON, HoldState.HELD, HoldState.RELEASING])


def half_done(*, now):
    """What a killed process or a silent Stripe left so."""
    return CardHold.objects.filter(state__in=GOING_ON, updated_at__lt=now - LEASE)


def useless(*, now):
    """Holds that have run out unheard, serve a visit that is over or called off, or end before one that moved away."""
    held = CardHold.objects.filter(state=HoldState.HELD)
    over = ~Q(booking__status__in=HOLDING)
    too_early = Q(capture_before__lt=F("booking__start_at"))
    return held.filter(over | too_early | Q(capture_before__lte=now))


def to_release():
    """Holds that are to be given up."""
    return CardHold.objects.filter(state=HoldState.RELEASING)


def drive(hold):
    """Take a hold as far as it goes now: created unconfirmed, its id committed, then confirmed. One driver at a time."""
    until = _lease(hold)
    if until is None:
        return
    try:
        _steps(hold)
    except gateway.GatewayError as exc:  # no answer: the sweep comes again
        logger.warning("hold_unanswered", hold_id=str(hold.pk), error=str(exc))
        CardHold.objects.filter(pk=hold.pk).update(last_error=str(exc)[:1000], updated_at=timezone.now())
    finally:
        CardHold.objects.filter(pk=hold.pk, leased_until=until).update(leased_until=None)


def _lease(hold):
    """Until when the hold is this driver's; None where it is somebody else's."""
    now = timezone.now()
    until = now + LEASE
    won = (
        CardHold.objects.filter(pk=hold.pk, state__in=GOING_ON)
        .filter(Q(leased_until=None) | Q(leased_until__lt=now))
        .update(leased_until=until, attempts=F("attempts") + 1)
    )
    if not won:
        return None
    hold.refresh_from_db()
    return until


def _steps(hold):
    if hold.state == HoldState.PLANNED and not _move(hold, HoldState.CREATING):
        return
    if hold.state == HoldState.CREATING and not _create(hold):
        return
    found = _confirmed(hold)
    if found is None:
        return
    until = datetime.fromtimestamp(found.capture_before, UTC) if found.capture_before else None
    if not _move(hold, HoldState.HELD, capture_before=until):
        return
    open_still = Booking.objects.filter(pk=hold.booking_id, status__in=HOLDING).exists()
    # Over while Stripe was being asked: nothing stays held.
    if not open_still and _move(hold, HoldState.RELEASING):
        release(hold)


def _create(hold):
    setup = queries.card_of(hold.booking)
    found = None
    if hold.attempts > 1:
        found = gateway.find_payment(
            account=hold.stripe_account_id, customer_id=setup.stripe_customer_id, action_id=hold.pk
        )
    try:
        found = found or gateway.create_payment(
            account=hold.stripe_account_id,
            amount=Money(hold.amount_cents, hold.currency_code),
            fee_cents=0,
            customer_id=setup.stripe_customer_id,
            payment_method_id=setup.payment_method_id,
            metadata=_metadata(hold),
            key=f"hold-{hold.pk}-{hold.attempts}",
        )
    except gateway.GatewayUnavailable:
        raise
    except gateway.GatewayError as exc:
        _fail(hold, exc)
        return False
    if _move(hold, HoldState.CONFIRMING, payment_intent_id=found.id):
        return True
    hold.payment_intent_id = found.id
    _cancel(hold)  # wanted no more meanwhile, by somebody who could not know of it
    return False


def _confirmed(hold):
    """The intent when money is held by it; None where the card could not be held, or the hold is wanted no more."""
    try:
        found = gateway.confirm_payment(
            account=hold.stripe_account_id,
            payment_intent_id=hold.payment_intent_id,
            payment_method_id=queries.card_of(hold.booking).payment_method_id,
        )
    except gateway.UnexpectedState:
        found = gateway.retrieve_payment(account=hold.stripe_account_id, payment_intent_id=hold.payment_intent_id)
    except gateway.GatewayUnavailable:
        raise
    except gateway.GatewayError as exc:
        _give_up(hold, exc)
        return None
    if found.status == "requires_capture":
        return found
    if found.status == "requires_action":
        _give_up(hold, gateway.AuthenticationNeeded("The bank wants the customer to confirm."))
    else:
        _give_up(hold, gateway.GatewayError(f"The payment is {found.status}.", found.error_code))
    return None


def _give_up(hold, exc):
    """The bank said no, or wants the owner: the intent must not stay open beside a later charge."""
    _cancel(hold)
    _fail(hold, exc)


@transaction.atomic
def _fail(hold, exc):
    """Staff are told, once; the customer where their bank wants them."""
    if not _move(hold, HoldState.FAILED, last_error=str(exc)[:1000]):
        return
    now = timezone.now()
    after = {"amount_cents": hold.amount_cents, "currency_code": hold.currency_code, "error": hold.last_error}
    audit.record(actor=SYSTEM, action="payment.hold_failed", subject=hold.booking, at=now, after=after)
    receipts.queue_hold_failed(hold=hold, now=now)
    notices.tell_of_hold(hold, now=now)
    if isinstance(exc, gateway.AuthenticationNeeded):
        receipts.queue_hold_needs_customer(hold=hold, now=now)


def was_held(*, payment_intent_id):
    """Whether an intent was made to hold money before the visit."""
    return CardHold.objects.filter(payment_intent_id=payment_intent_id).exists()


def take_over(*, booking, cents):
    """In a press's transaction: the intent whose held money suffices for `cents`, now the press's own; else "".

    A hold that does not suffice, or is still being placed, is to be released before anything else is charged.
    """
    held = _live(booking).filter(state=HoldState.HELD, amount_cents__gte=cents).first()
    if held and _move(held, HoldState.CONSUMED):
        return held.payment_intent_id
    give_up(booking=booking)
    return ""


def give_up(*, booking):
    """In the caller's transaction: whatever is held for a booking, or about to be, is to be released. True if any was;
    then `release_open` is to follow."""
    live = _live(booking).first()
    return bool(live) and _move(live, HoldState.RELEASING)


def _live(booking):
    return CardHold.objects.select_for_update().filter(booking=booking, state__in=[*GOING_ON, HoldState.HELD])


def release_now(*, booking):
    """Give up what is held on the card for a booking, before anything else is charged. Raises GatewayError."""
    for hold in CardHold.objects.filter(booking=booking, state=HoldState.RELEASING):
        release(hold)


def release_open():
    """Give up every hold of this salon that is to be released; returns how many were tried."""
    holds = list(to_release()[:100])
    for hold in holds:
        try:
            release(hold)
        except gateway.GatewayError as exc:  # the sweep comes again
            logger.warning("hold_not_released", hold_id=str(hold.pk), error=str(exc))
    return len(holds)


def release(hold):
    """Give a hold up at Stripe; one that was captured meanwhile is written down as what it is. Raises GatewayError."""
    if not hold.payment_intent_id:
        setup = queries.card_of(hold.booking)
        found = gateway.find_payment(
            account=hold.stripe_account_id, customer_id=setup.stripe_customer_id, action_id=hold.pk
        )
        if found is None:
            _move(hold, HoldState.RELEASED)
            return
        hold.payment_intent_id = found.id
    taken = _cancel(hold)
    _move(hold, HoldState.CONSUMED if taken else HoldState.RELEASED, payment_intent_id=hold.payment_intent_id)


def _cancel(hold):
    """Cancel the intent at Stripe; whether it had been captured."""
    try:
        gateway.cancel_payment(account=hold.stripe_account_id, payment_intent_id=hold.payment_intent_id)
    except gateway.UnexpectedState:
        found = gateway.retrieve_payment(account=hold.stripe_account_id, payment_intent_id=hold.payment_intent_id)
        return found.status == "succeeded"
    return False


def ended_at_stripe(*, payment_intent_id, account):
    """Stripe says that an intent was cancelled: a hold on it has run out."""
    hold = CardHold.objects.filter(
        payment_intent_id=payment_intent_id, stripe_account_id=account, state=HoldState.HELD
    ).first()
    if hold is None:
        return
    found = gateway.retrieve_payment(account=account, payment_intent_id=payment_intent_id)
    if found.status == "canceled" and _move(hold, HoldState.RELEASING):
        _move(hold, HoldState.RELEASED)


def _metadata(hold):
    return {"tenant": connection.schema_name, "booking_id": str(hold.booking_id), "action_id": str(hold.pk)}


def _move(hold, to, **fields):
    """The only writer of a hold's state: compare-and-set. False where somebody was faster."""
    if to not in ALLOWED[HoldState(hold.state)]:
        raise ValueError(f"{hold.state} cannot become {to}")
    fields |= {"state": to, "updated_at": timezone.now()}
    if not CardHold.objects.filter(pk=hold.pk, state=hold.state).update(**fields):
        return False
    for name, value in fields.items():
        setattr(hold, name, value)
    return True
