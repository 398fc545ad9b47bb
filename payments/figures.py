"""What a salon took, gave back and kept: reads of the ledger and of payments. What each figure means stands in `MEANINGS`.

Two currencies are never added. What moved belongs to the salon's local date on which it moved, whenever the visit was.
"""

from django.db.models import F, Q, Sum, UUIDField, Value
from django.db.models.functions import TruncDate

from bookings.availability import day_span, instant
from giftcards.models import TAKEN_AT_THE_DESK, GiftCard
from payments.models import ActionKind, LedgerEntry, LedgerKind, MoneyAction, Payment, Refund

MEANINGS = {
    "revenue": "What was captured (cards by the ledger of what Stripe moved, gift cards, packages and memberships paid "
    "online included, and what was taken at the till, for packages too) − what was refunded − what banks took back in "
    "disputes. On the day the money moved.",
    "tips": "The part of the payments settled that day that was a tip.",
    "fees": "The part that was taken for no-shows and late cancellations, by card and at the till, refunds of it subtracted.",
    "gift_sold": "The part that gift cards sold online and packages brought, refunds of it subtracted. A package sold at "
    "the desk whose sale was taken back counts no more.",
    "gift": "What gift cards paid for visits. It is no new money and not part of the revenue.",
    "application_fee": "What the platform kept of card payments. The revenue is before it.",
}
#: kind of a movement → (which sum it belongs to, which way)
SUMS = {
    LedgerKind.CAPTURE: ("card_cents", 1),
    LedgerKind.REFUND: ("refunded_cents", 1),
    LedgerKind.REFUND_FAILED: ("refunded_cents", -1),
    LedgerKind.DISPUTE: ("disputed_cents", 1),
    LedgerKind.DISPUTE_WON: ("disputed_cents", -1),
}
#: The platform's fee goes with the money; so do the parts that stand beside the revenue.
FEES = {LedgerKind.CAPTURE: 1, LedgerKind.REFUND: -1}
PARTS = FEES | {LedgerKind.REFUND_FAILED: 1}
NAMES = (
    "captured_cents",
    "card_cents",
    "cash_cents",
    "refunded_cents",
    "disputed_cents",
    "net_cents",
    "application_fee_cents",
    "gift_cents",
    "gift_restored_cents",
    "tip_cents",
    "fee_cents",
    "gift_sold_cents",
)


def revenue(first, last, *, zone, member=None):
    """Money taken and given back on the salon's local days, per day and currency, days without any left out. Four queries.

    captured = card + cash; net = captured − refunded − disputed: see `MEANINGS`. With `member`, a TeamMember's id, only of
    visits booked with that person.
    """
    sums = _sums(_Days(first, last, zone), member)
    return [{"date": day, "currency_code": currency, **row} for (day, currency), row in sorted(sums.items())]


def revenue_of_people(first, last, *, zone, member=None):
    """{(team member's id, currency): sums} of visits booked with each; None for what no visit is about: gift cards,
    packages and memberships. Four queries."""
    return _sums(_People(first, last, zone), member)


def totals(rows):
    """Per currency, what the days add up to."""
    sums = {}
    for row in rows:
        total = sums.setdefault(row["currency_code"], dict.fromkeys(NAMES, 0))
        for name in NAMES:
            total[name] += row[name]
    return [{"currency_code": currency, **total} for currency, total in sums.items()]


class _Days:
    """Rows of some local dates, to be added up by date."""

    def __init__(self, first, last, zone):
        self.zone = zone
        self.instants = instant(day_span(first, zone)[0]), instant(day_span(last, zone)[1])

    def grouped(self, found, at, booking, *by):
        """Values of the rows of these dates by what they are added up by, and `by`."""
        opens, closes = self.instants
        found = found.filter(**{f"{at}__gte": opens, f"{at}__lt": closes}).annotate(key=self.key(at, booking))
        return found.order_by().values_list("key", *by)

    def key(self, at, booking):
        return TruncDate(at, tzinfo=self.zone)


class _People(_Days):
    """The same rows, to be added up by whom the visit is booked with."""

    def key(self, at, booking):
        return F(f"{booking}__team_member_id") if booking else Value(None, UUIDField())


def _sums(asked, member):
    """{(key, currency): {name: minor units}}"""
    rows = {}

    def add(key, currency, name, cents):
        rows.setdefault((key, currency), dict.fromkeys(NAMES, 0))[name] += cents

    for key, currency, kind, is_fee, is_gift, cents, platform in _moved(asked, member):
        name, sign = SUMS[kind]
        add(key, currency, name, sign * cents)
        add(key, currency, "application_fee_cents", FEES.get(kind, 0) * platform)
        if is_fee:
            add(key, currency, "fee_cents", PARTS.get(kind, 0) * cents)
        if is_gift:
            add(key, currency, "gift_sold_cents", PARTS.get(kind, 0) * cents)
    for key, currency, cash, gift, tip, fee in _settled(asked, member):
        for name, cents in (("cash_cents", cash), ("gift_cents", gift), ("tip_cents", tip), ("fee_cents", fee)):
            add(key, currency, name, cents)
    for key, currency, gift in _restored(asked, member):
        add(key, currency, "gift_restored_cents", gift)
    for key, currency, cents in () if member else _sold_at_desk(asked):
        add(key, currency, "cash_cents", cents)
        add(key, currency, "gift_sold_cents", cents)
    return {key: _closed(row) for key, row in rows.items() if any(row.values())}


def _closed(row):
    row["captured_cents"] = row["card_cents"] + row["cash_cents"]
    row["net_cents"] = row["captured_cents"] - row["refunded_cents"] - row["disputed_cents"]
    return row


def _fees():
    """Payments that are a fee. A visit that was corrected has one payment for each press."""
    pressed = MoneyAction.objects.filter(kind__in=(ActionKind.NO_SHOW, ActionKind.CANCEL), payment__isnull=False)
    return Q(payment__in=pressed.values("payment")), Q(pk__in=pressed.values("payment"))


def _of(found, booking, member):
    return found.filter(**{f"{booking}__team_member": member}) if member else found


def _moved(asked, member):
    found = _of(LedgerEntry.objects.all(), "booking", member)
    found = found.annotate(is_fee=_fees()[0], is_gift=Q(order__isnull=False))
    rows = asked.grouped(found, "at", "booking", "currency_code", "kind", "is_fee", "is_gift")
    return rows.annotate(Sum("amount_cents"), Sum("application_fee_cents"))


def _settled(asked, member):
    """Cash and tips of a press that was corrected count no more: they were never taken, or given back by hand."""
    current = Q(is_current=True)
    rows = asked.grouped(_of(Payment.objects.all(), "booking", member), "captured_at", "booking", "currency_code")
    return rows.annotate(
        cash=Sum("cash_cents", filter=current, default=0),
        gift=Sum("gift_cents"),
        tip=Sum("tip_cents", filter=current, default=0),
        fee=Sum("cash_cents", filter=current & _fees()[1], default=0),
    )


def _sold_at_desk(asked):
    """Packages paid at the desk. A sale that was taken back was none: as with a press that was corrected."""
    sold = GiftCard.objects.filter(package__isnull=False, paid_by__in=TAKEN_AT_THE_DESK, unsold_at=None)
    return asked.grouped(sold, "created_at", None, "currency_code").annotate(Sum("price_cents"))


def _restored(asked, member):
    back = Refund.objects.filter(gift_cents__gt=0, payment__isnull=False)
    back = _of(back, "payment__booking", member).annotate(currency=F("payment__currency_code"))
    return asked.grouped(back, "created_at", "payment__booking", "currency").annotate(Sum("gift_cents"))
