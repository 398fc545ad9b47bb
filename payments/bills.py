"""What a payment consists of, in lines that add up, for its customer, in the language that is spoken."""

from typing import NamedTuple

from django.utils.translation import gettext

from bookings.models import Status
from payments import wording
from payments.models import ActionKind, PaymentStatus
from tenants.money import Money

#: Of a visit in one of these states, a fee is due and no price.
FEES = (Status.NO_SHOW, Status.CANCELED)


class Line(NamedTuple):
    name: str
    value: str


class Card(NamedTuple):
    brand: str
    last4: str


def paid(payment):
    """A settled payment: what was due, by what it was paid, what went back. No lines before it is settled."""
    if payment.captured_at is None or payment.status == PaymentStatus.CANCELED:
        return []
    back = (gettext("Given back"), payment.refunded_cents + payment.gift_restored_cents)
    return _lines(payment.currency_code, *_before_the_card(payment), (by_card(payment), payment.captured_cents), back)


def before_the_card(payment):
    """What was due and what else paid for it: the card pays the rest."""
    return _lines(payment.currency_code, *_before_the_card(payment))


def by_card(payment):
    """`Paid with Visa •••• 4242`, or without the name of a card nobody knows."""
    name = card_of(payment)
    return gettext("Paid with %(card)s") % {"card": name} if name else gettext("Paid by card")


def _before_the_card(payment):
    return (
        *_due(payment, payment.amount_cents, is_fee=payment.booking.status in FEES),
        (gettext("Let go"), -payment.waived_cents),
        (gettext("Paid at the salon"), payment.cash_cents),
    )


def charged(action, card):
    """A charge: what was due, what gift card and discount took off, and what `card` (its name) pays."""
    return _lines(
        action.currency_code,
        *_due(action, action.price_cents, is_fee=action.kind != ActionKind.COMPLETE),
        (card, action.amount_cents),
    )


def card_of(payment):
    """The name of the card that was charged, which need not be the one on file; "" where none was, or none is known."""
    facts = payment.provider_metadata.get("card")
    return wording.card_name(Card(**facts)) if facts else ""


def _due(one, price_cents, *, is_fee):
    return (
        (gettext("Fee") if is_fee else gettext("Price"), price_cents),
        (gettext("Tip"), one.tip_cents),
        (gettext("Discount"), -one.discount_cents),
        (gettext("Gift card"), -one.gift_cents),
    )


def _lines(currency, *pairs):
    return [Line(name, _shown(cents, currency)) for name, cents in pairs if cents]


def _shown(cents, currency):
    return f"−{Money(-cents, currency)}" if cents < 0 else str(Money(cents, currency))
