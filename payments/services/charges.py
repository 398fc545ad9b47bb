"""Completed, No-show, Cancelled: what each one takes, and the press that writes it down with the booking's new state."""

from dataclasses import astuple, dataclass

from django.conf import settings
from django.db import transaction

from bookings import services as bookings
from bookings import terms
from bookings.models import Source, Status
from bookings.services.status import ALLOWED
from giftcards import queries as giftcard_queries
from giftcards import services as giftcards
from payments import amounts, queries, tasks
from payments.models import ActionKind, ActionState, Method, Payment, PaymentStatus
from payments.services import driving, holding, pressing, recording, states
from payments.services.errors import AmountChanged, AmountRefused, MoneyTaken, ReasonMissing, SampleVisit

OUTCOMES = {
    ActionKind.COMPLETE: Status.COMPLETED,
    ActionKind.NO_SHOW: Status.NO_SHOW,
    ActionKind.CANCEL: Status.CANCELED,
}
#: No tip and no final price is more than this many times the agreed price: a slip of the finger.
MOST_TIMES = 10
MOST_FREE = 100_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What the presser chose. `price_cents` None is the agreed price, or the fee of the accepted terms."""

    price_cents: int | None = None
    tip_cents: int = 0
    reason: str = ""
    waive_fee: bool = False
    correcting: bool = False
    together: bool = False


def complete(*, business, booking, key, by, now, price_cents=None, tip_cents=0, reason="", correcting=False, seen=""):
    """Completed: the visit took place; its price and the tip are captured from the saved card with the platform's fee.

    `price_cents` is the final price where it differs from the agreed one (then with a reason). Returns the MoneyAction
    as far as it came: succeeded, failed, needs_customer, or still open where Stripe gave no answer (it is then finished
    in the background). The booking is completed either way. Pressed again with the same `key` it returns the same
    action. `correcting` puts an earlier press right whose money has gone back. `seen` is the `version_of` what the
    presser was shown: another amount, or another card, is refused then.
    Raises bookings' NotAllowed, ActionInProgress, KeyMismatch, AmountRefused, AmountChanged, ReasonMissing, MoneyTaken;
    nothing is written then.
    """
    wish = Wish(price_cents=price_cents, tip_cents=tip_cents, reason=reason, correcting=correcting)
    return _press(
        ActionKind.COMPLETE, business=business, booking=booking, key=key, by=by, now=now, wish=wish, seen=seen
    )


def no_show(*, business, booking, key, by, now, reason="", waive_fee=False, correcting=False, seen=""):
    """No-show: the guest did not come; the fee of the terms they accepted is captured. See `complete`."""
    wish = Wish(reason=reason, waive_fee=waive_fee, correcting=correcting)
    return _press(ActionKind.NO_SHOW, business=business, booking=booking, key=key, by=by, now=now, wish=wish, seen=seen)


def cancel(*, business, booking, key, by, now, reason="", waive_fee=False, correcting=False, together=False, seen=""):
    """Cancelled: the fee of the accepted terms is captured, none before their limit. A visit the customer has called
    off late is pressed too: that is when its fee is taken. See `complete`.

    `together`: others are pressed with it, and bookings' `tell_of_all` comes after the last of them.
    """
    wish = Wish(reason=reason, waive_fee=waive_fee, correcting=correcting, together=together)
    return _press(ActionKind.CANCEL, business=business, booking=booking, key=key, by=by, now=now, wish=wish, seen=seen)


def preview(*, kind, booking, now, wish=None):
    """What a press would take (an `amounts.Split`), by the rules the press itself uses. Raises AmountRefused, ReasonMissing."""
    wish = wish or Wish()
    return _split(kind, booking, wish, now, _gift(booking, wish, now))


def platform_fee(*, split):
    """The platform's share of what the card pays, in cents."""
    return amounts.platform_fee(
        card_cents=split.card_cents, currency=split.currency, basis_points=settings.APPLICATION_FEE_BASIS_POINTS
    )


def version_of(*, split, booking):
    """Which plan somebody has seen: it changes with every amount, and with the card that is to be charged."""
    setup = queries.card_of(booking) if split.card_cents else None
    return pressing.digest(*astuple(split), setup.payment_method_id if setup else "")[:32]


def _press(kind, *, business, booking, key, by, now, wish, seen):
    action, fresh = _write(kind, business=business, booking=booking, key=key, by=by, now=now, wish=wish, seen=seen)
    return driving.drive(action) if fresh else action


@transaction.atomic
def _write(kind, *, business, booking, key, by, now, wish, seen=""):
    booking = pressing.locked_booking(booking)
    params_hash = pressing.digest(kind, booking.pk, *_asked(wish))
    if found := pressing.earlier(key, by, params_hash):
        return found, False
    pressing.refuse_open(booking=booking)
    if not wish.correcting:
        _refuse_closed(kind, booking)
    payment = pressing.current_payment(booking)
    if wish.correcting:
        payment = _start_anew(payment, booking, wish)
        giftcards.reserve_again(booking=booking, business=business, now=now, by=by)
    reserved = _gift(booking, wish, now)
    split = _split(kind, booking, wish, now, reserved)
    if seen and seen != version_of(split=split, booking=booking):
        raise AmountChanged
    action = pressing.write_action(
        by=by,
        key=key,
        booking=booking,
        payment=payment,
        kind=kind,
        params_hash=params_hash,
        price_cents=split.price_cents,
        tip_cents=split.tip_cents,
        discount_cents=split.discount_cents,
        gift_cents=split.gift_cents,
        cash_cents=split.cash_cents,
        waived_cents=split.waived_cents,
        amount_cents=split.card_cents,
        application_fee_cents=platform_fee(split=split),
        currency_code=payment.currency_code,
        stripe_account_id=_account(booking) if split.card_cents else "",
        reason=wish.reason[:500],
    )
    if reserved:
        _redeem(action, booking, split, by=by, now=now)
    _owe(payment, action, split, now)
    if wish.waive_fee and split.waived_cents:
        recording.let_go(action=action, now=now)
    # Last: whoever hears of a cancelled visit finds its money in order.
    _close(kind, business=business, booking=booking, by=by, now=now, wish=wish)
    return action, split.card_cents > 0


def _refuse_closed(kind, booking):
    """Before anything is worked out for a visit that is over: a late cancellation's fee is taken once, the rest never.

    Raises bookings' NotAllowed; SampleVisit for one that never was.
    """
    if booking.source == Source.SAMPLE:
        raise SampleVisit
    late = kind == ActionKind.CANCEL and queries.is_fee_due(booking)
    if not late and OUTCOMES[kind] not in ALLOWED[Status(booking.status)]:
        raise bookings.NotAllowed(status_now=booking.status)


def _asked(wish):
    """Only what was asked for: a plain press has the digest it always had."""
    plain = Wish()
    return [f"{name}={getattr(wish, name)}" for name in Wish.__slots__ if getattr(wish, name) != getattr(plain, name)]


def _split(kind, booking, wish, now, reserved):
    """`reserved` as in `_gift`."""
    has_card = queries.card_of(booking) is not None
    if kind != ActionKind.COMPLETE:
        fee = fee_of(kind, booking, now)
        pays = bool(reserved and booking.consent.get("gift_cards_pay_fees"))
        # A package's visit is used up where a fee is due: what it is worth here is the fee it stands for.
        by_visits = bool(reserved and reserved.card.is_package and terms.takes_visits(booking.consent))
        due = amounts.split(
            price_cents=fee,
            currency=booking.currency_code,
            percent=reserved.percent if by_visits else 0,
            gift_cents=reserved.cents if pays else 0,
            has_card=has_card and not wish.waive_fee,
            at_salon=False,
        )
        return (
            due
            if not wish.waive_fee
            else amounts.Split(price_cents=fee, currency=booking.currency_code, waived_cents=fee)
        )
    price = booking.price_cents if wish.price_cents is None else wish.price_cents
    _check_price(booking, price, wish)
    return amounts.split(
        price_cents=price,
        currency=booking.currency_code,
        tip_cents=wish.tip_cents,
        percent=reserved.percent if reserved else 0,
        # A package has paid for what was agreed: what came on top is paid as ever.
        most_off_cents=booking.price_cents if reserved and reserved.card.is_package else None,
        gift_cents=reserved.cents if reserved else 0,
        has_card=has_card,
        at_salon=True,
    )


def _gift(booking, wish, now):
    """What a gift card has put aside for the booking, or will have when a correction puts it aside again."""
    reserved = queries.gift_of(booking)
    if reserved or not wish.correcting:
        return reserved
    return giftcard_queries.reservable_again(booking, day=now.astimezone(booking.zone).date())


def fee_of(kind, booking, now):
    """What the accepted terms ask for a late cancellation or a no-show, in cents; 0 where none were accepted."""
    if kind == ActionKind.NO_SHOW:
        return terms.no_show_fee(consent=booking.consent)
    if booking.status == Status.CANCELED:
        return booking.cancellation_fee_cents
    return terms.cancellation_fee(consent=booking.consent, now=now)


def bound_of(booking):
    """The highest price, and the highest tip, that is believed."""
    return max(booking.price_cents * MOST_TIMES, MOST_FREE)


def _check_price(booking, price, wish):
    bound = bound_of(booking)
    if price < 0 or wish.tip_cents < 0 or price > bound or wish.tip_cents > bound:
        raise AmountRefused("Check the price and the tip: this is far from what was agreed.")
    # What was agreed can always be closed: what no card takes is paid at the salon.
    if price + wish.tip_cents > max(amounts.MOST, booking.price_cents):
        raise AmountRefused
    if price != booking.price_cents and not wish.reason.strip():
        raise ReasonMissing


def _account(booking):
    return queries.card_of(booking).stripe_account_id


def _start_anew(payment, booking, wish):
    """A correction gets a payment of its own: what happened with the old one stays written.

    Raises MoneyTaken, ReasonMissing.
    """
    if not wish.reason.strip():
        raise ReasonMissing("Say why the visit is to be marked differently.")
    if payment.refundable.cents:
        raise MoneyTaken
    payment.is_current = False
    payment.save(update_fields=["is_current"])
    setup = queries.card_of(booking)
    return Payment.objects.create(
        booking=booking,
        customer=booking.customer,
        amount_cents=booking.price_cents,
        currency_code=booking.currency_code,
        method=Method.CARD if setup else Method.CASH,
        provider_account_id=setup.stripe_account_id if setup else "",
        provider_setup_intent_id=(setup.setup_intent_id or "") if setup else "",
        explicit_consent_flag=payment.explicit_consent_flag,
    )


def _redeem(action, booking, split, *, by, now):
    """The gift card pays its part for good; what it does not pay is free again (also where it pays nothing)."""
    if split.gift_cents or split.discount_cents:
        giftcards.redeem(booking=booking, cents=split.gift_cents, action_id=action.pk, now=now, by=by)
    else:
        giftcards.release(booking=booking, action_id=action.pk, now=now, by=by)


def _close(kind, *, business, booking, by, now, wish):
    if wish.correcting:
        bookings.correct_booking(
            business=business, booking=booking, to=OUTCOMES[kind], by=by, now=now, reason=wish.reason
        )
    elif kind == ActionKind.COMPLETE:
        bookings.complete_booking(booking=booking, by=by, now=now)
    elif kind == ActionKind.NO_SHOW:
        bookings.miss_booking(booking=booking, by=by, now=now)
    else:
        _close_cancelled(business, booking, by=by, now=now, wish=wish)


def _close_cancelled(business, booking, *, by, now, wish):
    """Call it off now, or take the fee of what the customer called off late: that happens once."""
    if booking.status != Status.CANCELED:
        bookings.cancel_booking(
            business=business, booking=booking, by=by, now=now, reason=wish.reason, waits=wish.together
        )


def _owe(payment, action, split, now):
    """What the payment now stands for; settled at once where the card has no part in it."""
    payment.amount_cents, payment.tip_cents = split.price_cents, split.tip_cents
    payment.discount_cents, payment.gift_cents = split.discount_cents, split.gift_cents
    payment.cash_cents, payment.waived_cents = split.cash_cents, split.waived_cents
    payment.no_show_fee_cents = split.price_cents if action.kind == ActionKind.NO_SHOW else 0
    if split.card_cents:
        payment.method, payment.provider_account_id = Method.CARD, action.stripe_account_id
        states.settle(payment, PaymentStatus.REQUIRES_ACTION)
        _take_over_hold(action, payment, split.card_cents)
    else:
        states.move(action, ActionState.NOTHING_DUE, ActionState.SUCCEEDED)
        by_gift = split.gift_cents + split.discount_cents
        payment.method = Method.GIFT if by_gift and not split.cash_cents else Method.CASH
        if split.due_cents > split.waived_cents:
            payment.captured_at = now
            states.raise_rank(payment, PaymentStatus.CAPTURED)
        else:
            states.settle(payment, PaymentStatus.CANCELED)
        if holding.give_up(booking=action.booking):
            tasks.release_holds.delay_on_commit()
    payment.save()


def _take_over_hold(action, payment, cents):
    """Money held on the card already is captured, as far as it suffices; else it is given up before a new charge."""
    if held := holding.take_over(booking=action.booking, cents=cents):
        states.move(action, ActionState.CAPTURING, payment_intent_id=held)
        payment.provider_payment_id = held
