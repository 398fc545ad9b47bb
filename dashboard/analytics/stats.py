"""The few figures at the top, each with what it was in the period before."""

from dataclasses import dataclass

from bookings import queries
from dashboard.analytics.tables import percent
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class Stat:
    """`change` compares in words, `before` says with what; both empty where there was nothing to compare with."""

    label: str
    value: str
    change: str = ""
    before: str = ""
    note: str = ""


def all_of(board):
    period = board.asked.period
    now, before = (
        (board.visits_in(*span), board.worked_in(*span), board.money_in(*span))
        for span in ((period.first, period.last), (period.before_first, period.before_last))
    )
    found = []
    if board.sees_money:
        found += [_revenue(currency, now[2], before[2]) for currency in board.currencies]
    return [*found, *_of_visits(now[0], before[0]), _full(now[1], before[1]), _back(board)]


def _revenue(currency, now, before):
    new, old = (sums.get(currency, {}).get("net_cents", 0) for sums in (now, before))
    parts = now.get(currency, {})
    note = ", ".join(
        f"{Money(parts[name], currency)} {word}"
        for name, word in (
            ("tip_cents", "tips"),
            ("fee_cents", "fees"),
            ("gift_sold_cents", "gift cards and packages sold"),
        )
        if parts.get(name)
    )
    return Stat(
        "Revenue",
        str(Money(new, currency)),
        change(new, old),
        str(Money(old, currency)) if old else "",
        note and f"Of it {note}",
    )


def _of_visits(now, before):
    closed = now.no_shows + now.completed
    return [
        Stat(
            "Visits",
            f"{now.standing:,}",
            change(now.standing, before.standing),
            f"{before.standing:,}" if before.standing else "",
            f"{now.total:,} booked, {now.canceled:,} cancelled",
        ),
        Stat(
            "New customers’ visits",
            f"{now.new:,}",
            change(now.new, before.new),
            f"{before.new:,}" if before.new else "",
            f"{now.returning:,} returning",
        ),
        Stat(
            "No-shows",
            _rate(now.no_show_rate),
            points(now.no_show_rate, before.no_show_rate),
            _rate(before.no_show_rate, ""),
            f"{now.no_shows:,} of {closed:,} visits that are over" if closed else "No visit is over yet",
        ),
        Stat(
            "Late cancellations",
            _rate(now.late_rate),
            points(now.late_rate, before.late_rate),
            _rate(before.late_rate, ""),
            f"{now.late:,} of {now.total:,} booked" if now.total else "Nothing was booked",
        ),
    ]


def _full(now, before):
    return Stat(
        "Occupancy",
        _rate(now.rate),
        points(now.rate, before.rate),
        _rate(before.rate, ""),
        f"{now.booked // 60:,} of {now.working // 60:,} hours" if now.working else "Nobody works in these days",
    )


def _back(board):
    customers, back = queries.retention(board.cohorts)
    note = f"{back:,} of {customers:,} first visits" if customers else "No month’s 90 days are over yet"
    return Stat("Came back within 90 days", _rate(queries.ratio(back, customers)), note=note)


def change(new, old):
    """`12 % more`, `as much`, nothing where there was nothing."""
    if old <= 0:
        return ""
    if new == old:
        return "as much"
    return f"{percent(abs(new - old) / old)} {'more' if new > old else 'less'}"


def points(new, old):
    """`2.5 points more`: rates differ by points, not by percent of percent."""
    if new is None or old is None:
        return ""
    apart = round(abs(new - old) * 100, 1)
    return f"{apart:g} points {'more' if new > old else 'less'}" if apart else "as much"


def _rate(rate, nothing="–"):
    return nothing if rate is None else percent(rate)
