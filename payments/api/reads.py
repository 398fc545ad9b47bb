from django.db.models import F, Prefetch, Sum
from django.db.models.functions import TruncDate

from bookings import queries
from bookings.api.reads import with_people
from payments.models import CardSetup, CardSetupStatus, MoneyAction, Payment, Refund, RefundStatus


def bookings_with_money():
    bookings = with_people(queries.bookings_for_staff()).select_related("card_setup")
    return bookings.prefetch_related(Prefetch("payments", queryset=payments()))


def payments():
    return Payment.objects.prefetch_related(Prefetch("refunds"))


def cards():
    return (
        CardSetup.objects.filter(status=CardSetupStatus.SUCCEEDED).select_related("booking").order_by("-succeeded_at")
    )


def action(pk):
    """A money action as it stands now, with its booking and payment."""
    return MoneyAction.objects.select_related("booking", "payment").get(pk=pk)


def revenue(first, last, *, zone):
    """Money taken and given back on the salon's local days, per day and currency; `cash_cents` is part of what was taken."""
    rows = {}
    taken = Payment.objects.annotate(day=TruncDate("captured_at", tzinfo=zone)).filter(day__range=(first, last))
    for row in (
        taken.order_by()
        .values("day", "currency_code")
        .annotate(captured=Sum(F("captured_cents") + F("cash_cents")), cash=Sum("cash_cents"))
    ):
        rows[row["day"], row["currency_code"]] = [row["captured"], row["cash"], 0]
    back = Refund.objects.exclude(status=RefundStatus.FAILED).annotate(day=TruncDate("created_at", tzinfo=zone))
    for row in (
        back.filter(day__range=(first, last))
        .order_by()
        .values("day", "payment__currency_code")
        .annotate(refunded=Sum("amount_cents"))
    ):
        rows.setdefault((row["day"], row["payment__currency_code"]), [0, 0, 0])[2] = row["refunded"]
    return [
        {
            "date": day,
            "currency_code": currency,
            "captured_cents": captured,
            "cash_cents": cash,
            "refunded_cents": refunded,
            "net_cents": captured - refunded,
        }
        for (day, currency), (captured, cash, refunded) in sorted(rows.items())
    ]


def totals(rows):
    """Per currency, what the days add up to."""
    names = ("captured_cents", "cash_cents", "refunded_cents", "net_cents")
    sums = {}
    for row in rows:
        total = sums.setdefault(row["currency_code"], dict.fromkeys(names, 0))
        for name in names:
            total[name] += row[name]
    return [{"currency_code": currency, **total} for currency, total in sums.items()]
