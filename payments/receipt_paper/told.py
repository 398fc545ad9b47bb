"""What stands on a receipt, in plain words of its reader's language: from rows that do not change any more."""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext

from bookings import words
from giftcards import shown as cards
from payments import bills, wording
from payments.models import CHARGES, ActionKind, ActionState, GiftCardOrder, MoneyAction
from tenants import languages
from tenants.models import Business
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class ReceiptFor:
    """`facts` and `lines` are (name, value) pairs; `total` is the last line, and `notes` are sentences below."""

    title: str
    number: str
    date: str
    salon: Business
    to: str
    facts: list
    lines: list
    total: tuple
    language: str
    notes: list = field(default_factory=list)

    @property
    def file_name(self):
        return f"receipt-{self.number}.pdf"


def of_action(pk):
    """The receipt of a charge or a refund that went through. Raises MoneyAction.DoesNotExist for any other press."""
    went_through = Q(kind__in=CHARGES, payment__captured_cents__gt=0)
    went_through |= Q(kind=ActionKind.REFUND, state=ActionState.SUCCEEDED)
    found = MoneyAction.objects.select_related("payment__booking", "booking", "order__card")
    action, salon = found.filter(went_through).get(pk=pk), _salon()
    with _spoken(salon, action.booking):
        if action.order:
            return _sale_refunded(action, salon)
        return _refund(action, salon) if action.kind == ActionKind.REFUND else _charge(action, salon)


def has_paper(action):
    """Whether there is a receipt of this press; of what left no trace on a card or a gift card there is none."""
    moved = action.amount_cents or (action.kind == ActionKind.REFUND and action.gift_cents)
    return bool(moved) and action.state == ActionState.SUCCEEDED and action.kind in (*CHARGES, ActionKind.REFUND)


def of_booking(booking):
    """The presses of a visit that have a paper, oldest first. One query."""
    presses = MoneyAction.objects.filter(booking=booking, state=ActionState.SUCCEEDED).order_by("created_at", "pk")
    return [action for action in presses if has_paper(action)]


def of_order(pk):
    """The receipt of a gift card that was paid for. Raises GiftCardOrder.DoesNotExist for any other order."""
    order = GiftCardOrder.objects.select_related("card").get(pk=pk, paid_at__isnull=False)
    salon = _salon()
    with _spoken(salon):
        return _sale(order, salon)


def _sale(order, salon):
    money = _money_in(order.currency_code)
    facts = [(gettext("For"), _what_was_sold(order))]
    if good_for := cards.good_for(order.card):
        facts.append((gettext("Services"), good_for))
    if good_until := cards.good_until(order.card):
        facts.append((gettext("Valid"), good_until))
    return ReceiptFor(
        title=gettext("Receipt"),
        number=_order_number(order),
        date=_date(order.paid_at, salon),
        salon=salon,
        to=order.buyer_name,
        facts=facts,
        lines=[(order.package_title or gettext("Gift card"), money(order.amount_cents))],
        total=(gettext("Paid by card"), money(order.captured_cents)),
        language=languages.spoken(),
    )


def _what_was_sold(order):
    name = order.recipient_name
    if order.package_title:
        named = {"package": order.package_title, "name": name}
        return gettext("%(package)s, for %(name)s") % named if name else order.package_title
    return gettext("A gift card for %(name)s") % {"name": name} if name else gettext("A gift card")


def _charge(action, salon):
    payment, booking, money = action.payment, action.booking, _money_in(action.currency_code)
    notes = []
    if payment.tax_cents:
        notes.append(gettext("Included in the price: %(tax)s tax.") % {"tax": money(payment.tax_cents)})
    return ReceiptFor(
        title=gettext("Receipt"),
        number=_number(action),
        date=_date(payment.captured_at, salon),
        salon=salon,
        to=booking.contact_name,
        facts=_visit(booking, wording.charged_for(action) if action.kind in wording.FEES else ""),
        lines=[tuple(line) for line in bills.before_the_card(payment)],
        total=(bills.by_card(payment), money(payment.captured_cents)),
        language=languages.spoken(),
        notes=notes,
    )


def _refund(action, salon):
    payment, money = action.payment, _money_in(action.currency_code)
    card = bills.card_of(payment)
    to_card = gettext("Back to %(card)s") % {"card": card} if card else gettext("Back to the card")
    back = [(to_card, action.amount_cents), (gettext("Back to the gift card"), action.gift_cents)]
    return ReceiptFor(
        title=gettext("Refund"),
        number=_number(action),
        date=_date(action.created_at, salon),
        salon=salon,
        to=action.booking.contact_name,
        facts=_visit(action.booking),
        lines=[(name, money(cents)) for name, cents in back if cents],
        total=(gettext("Given back"), money(action.amount_cents + action.gift_cents)),
        language=languages.spoken(),
        notes=[gettext("Banks take up to ten days to show it.")] if action.amount_cents else [],
    )


def _sale_refunded(action, salon):
    order, money = action.order, _money_in(action.currency_code)
    return ReceiptFor(
        title=gettext("Refund"),
        number=f"{_order_number(order)}-R",
        date=_date(action.created_at, salon),
        salon=salon,
        to=order.buyer_name,
        facts=[
            (gettext("For"), order.package_title or gettext("A gift card that cannot be used any more")),
            (gettext("Receipt"), _order_number(order)),
        ],
        lines=[],
        total=(gettext("Back to the card it was paid with"), money(action.amount_cents)),
        language=languages.spoken(),
        notes=[gettext("Banks take up to ten days to show it.")],
    )


def _visit(booking, fee=""):
    facts = [(gettext("What for"), fee[:1].upper() + fee[1:])] if fee else []
    return [
        *facts,
        (gettext("Visit"), f"{booking.service_name}, {words.full_when(booking.local_start)}"),
        (gettext("Confirmation"), booking.ref),
    ]


def _spoken(salon, booking=None):
    """The language of whoever gets the paper, of those the product has words in."""
    return languages.speaking(languages.written(salon.languages_for(booking.language if booking else "")))


def _number(action):
    return f"{action.booking.ref}-{action.pk.hex[:6].upper()}"


def _order_number(order):
    return f"GC-{order.pk.hex[:10].upper()}"


def _date(instant, salon):
    return words.plain_date(instant.astimezone(salon.zone).date())


def _money_in(currency):
    return lambda cents: str(Money(cents, currency))


def _salon():
    return Business.objects.get(schema_name=connection.schema_name)
