"""Reads of money for the API."""

from django.db.models import F, Prefetch, Q, Sum
from django.db.models.functions import TruncDate

from bookings import queries
from bookings.api.reads import with_people
from giftcards.models import GiftReservation
from payments.models import (
    CardSetup,
    CardSetupStatus,
    LedgerEntry,
    LedgerKind,
    MoneyAction,
    Payment,
    Refund,
)

#: kind of a movement → (which sum it belongs to, which way)
SUMS = {
    LedgerKind.CAPTURE: ("card_cents", 1),
    LedgerKind.REFUND: ("refunded_cents", 1),
    LedgerKind.REFUND_FAILED: ("refunded_cents", -1),
    LedgerKind.DISPUTE: ("disputed_cents", 1),
    LedgerKind.DISPUTE_WON: ("disputed_cents", -1),
}
#: The platform's fee goes with the money.
FEES = {LedgerKind.CAPTURE: 1, LedgerKind.REFUND: -1}
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
)


def bookings_with_money():
    """Bookings with all that has to do with their money; how many queries does not depend on how much there is."""
    bookings = with_people(queries.bookings_for_staff()).select_related("card_setup")
    return bookings.prefetch_related(
        Prefetch("payments", queryset=payments()),
        Prefetch("gift_reservations", queryset=GiftReservation.objects.select_related("card").order_by("-created_at")),
        "card_holds",
        "money_actions",
        "ledger_entries",
    )


def pressable():
    """Bookings as a button needs them."""
    return queries.bookings_for_staff().prefetch_related(None).select_related("card_setup")


def payments():
    return Payment.objects.prefetch_related("refunds", "disputes")


def cards():
    return (
        CardSetup.objects.filter(status=CardSetupStatus.SUCCEEDED).select_related("booking").order_by("-succeeded_at")
    )


def action(pk):
    """A money action as it stands now, with its booking and payment."""
    return MoneyAction.objects.select_related("booking__card_setup", "payment").get(pk=pk)


def revenue(first, last, *, zone):
    """Money taken and given back on the salon's local days, per day and currency.

    What cards paid comes from the ledger, sold gift cards included; what the salon took itself, and what gift cards paid
    for visits, from the payments. captured = card + cash; net = captured - refunded - disputed. What gift cards pay is no
    new money, and stands beside it.
    """
    rows = {}

    def add(day, currency, name, cents):
        rows.setdefault((day, currency), dict.fromkeys(NAMES, 0))[name] += cents

    for day, currency, kind, cents, fee in _moved(first, last, zone):
        name, sign = SUMS[kind]
        add(day, currency, name, sign * cents)
        add(day, currency, "application_fee_cents", FEES.get(kind, 0) * fee)
    for day, currency, cash, gift in _settled(first, last, zone):
        add(day, currency, "cash_cents", cash)
        add(day, currency, "gift_cents", gift)
    for day, currency, gift in _restored(first, last, zone):
        add(day, currency, "gift_restored_cents", gift)
    return [_day(day, currency, row) for (day, currency), row in sorted(rows.items()) if any(row.values())]


def _day(day, currency, row):
    row["captured_cents"] = row["card_cents"] + row["cash_cents"]
    row["net_cents"] = row["captured_cents"] - row["refunded_cents"] - row["disputed_cents"]
    return {"date": day, "currency_code": currency, **row}


def _per_day(rows, field, first, last, zone, *by):
    days = rows.annotate(day=TruncDate(field, tzinfo=zone)).filter(day__range=(first, last)).order_by()
    return days.values_list("day", *by)


def _moved(first, last, zone):
    rows = _per_day(LedgerEntry.objects, "at", first, last, zone, "currency_code", "kind")
    return rows.annotate(Sum("amount_cents"), Sum("application_fee_cents"))


def _settled(first, last, zone):
    """Cash of a press that was corrected counts no more: it was never taken, or given back by hand."""
    rows = _per_day(Payment.objects, "captured_at", first, last, zone, "currency_code")
    return rows.annotate(cash=Sum("cash_cents", filter=Q(is_current=True), default=0), gift=Sum("gift_cents"))


def _restored(first, last, zone):
    back = Refund.objects.filter(gift_cents__gt=0, payment__isnull=False)
    rows = _per_day(back.annotate(currency=F("payment__currency_code")), "created_at", first, last, zone, "currency")
    return rows.annotate(Sum("gift_cents"))


def totals(rows):
    """Per currency, what the days add up to."""
    sums = {}
    for row in rows:
        total = sums.setdefault(row["currency_code"], dict.fromkeys(NAMES, 0))
        for name in NAMES:
            total[name] += row[name]
    return [{"currency_code": currency, **total} for currency, total in sums.items()]
