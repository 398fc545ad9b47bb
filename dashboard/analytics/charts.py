"""The charts: what is drawn, and what each says to whoever does not see it."""

from dataclasses import dataclass, field

from babel.numbers import format_compact_currency

from bookings.models import Status
from dashboard.analytics import drawing
from dashboard.analytics.drawing import Part
from dashboard.analytics.tables import dates, name_of, percent
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class Line:
    """A line behind the bars and the words beside it."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A Drawing with its words; `legend` is (name of a part, what it is) where bars have more than one."""

    key: str
    title: str
    description: str
    drawing: drawing.Drawing
    lines: list
    legend: list = field(default_factory=list)


OUTCOMES = (("standing", "Completed or to come"), ("missed", "No-show"), ("canceled", "Cancelled"))


def revenue(board, currency):
    asked = board.asked
    values = [board.money_in(one.first, one.last).get(currency, {}).get("net_cents", 0) for one in asked.buckets]
    words = [str(Money(value, currency)) for value in values]
    return _chart(
        f"revenue-{currency.lower()}",
        f"Revenue in {currency}",
        board,
        [[Part("revenue", value, word)] for value, word in zip(values, words, strict=True)],
        lambda value: short_money(value, currency),
        extreme=_extreme(board, values, words),
    )


def visits(board):
    stacks, totals = [], []
    for one in board.asked.buckets:
        found = board.visits_in(one.first, one.last)
        counts = (found.standing, found.by_status[Status.NO_SHOW], found.by_status[Status.CANCELED])
        stacks.append(
            [
                Part(name, count, f"{count:,} {label.lower()}")
                for (name, label), count in zip(OUTCOMES, counts, strict=True)
            ]
        )
        totals.append(found.total)
    extreme = _extreme(board, totals, [f"{total:,}" for total in totals])
    return _chart("visits", "Visits", board, stacks, lambda value: f"{value:,}", extreme=extreme, legend=list(OUTCOMES))


def occupancy(board):
    rates = [board.worked_in(one.first, one.last).rate for one in board.asked.buckets]
    values = [round((rate or 0) * 100) for rate in rates]
    words = ["nobody works" if rate is None else percent(rate) for rate in rates]
    return _chart(
        "occupancy",
        "Occupancy",
        board,
        [[Part("occupancy", value, word)] for value, word in zip(values, words, strict=True)],
        lambda value: f"{value} %",
        extreme=_extreme(board, values, words),
    )


def cohorts(board):
    values = [round((one.rate or 0) * 100) for one in board.cohorts]
    words = [f"{one.back} of {one.customers} came back" for one in board.cohorts]
    running = ["back" if one.is_over else "running" for one in board.cohorts]
    months = [f"{one.month:%b %y}" for one in board.cohorts]
    stacks = [[Part(*part)] for part in zip(running, values, words, strict=True)]
    placed = drawing.bars(_titled(stacks, months), months, least=10)
    return Chart(
        "retention",
        "Customers who came back within 90 days",
        f"A bar for each month of first visits, {len(values)} in all: the share of its customers who came back. "
        "The table has every number.",
        placed,
        [Line(tick.y, f"{tick.value} %") for tick in placed.ticks],
        [("back", "90 days are over"), ("running", "Still running")],
    )


def short_money(cents, currency):
    """`$1.2K` beside a line; `$0.50` where it is less than one."""
    money = Money(cents, currency)
    if 0 < abs(money.decimal) < 1:
        return str(money)
    return format_compact_currency(money.decimal, currency, locale="en_US", fraction_digits=1)


def _chart(key, title, board, stacks, shown, *, extreme, legend=()):
    asked = board.asked
    names = [name_of(bucket, asked.step) for bucket in asked.buckets]
    short = [name_of(bucket, asked.step, long=False) for bucket in asked.buckets]
    placed = drawing.bars(_titled(stacks, names), short)
    period = dates(asked.period.first, asked.period.last)
    description = f"A bar for each {asked.step}, {period}. {extreme} The table has every number."
    return Chart(
        key, title, description, placed, [Line(tick.y, shown(tick.value)) for tick in placed.ticks], list(legend)
    )


def _titled(stacks, names):
    return [
        [Part(part.name, part.value, f"{name}: {part.words}") for part in stack]
        for stack, name in zip(stacks, names, strict=True)
    ]


def _extreme(board, values, words):
    if not any(values):
        return "There is nothing in it."
    most = max(range(len(values)), key=values.__getitem__)
    return f"The highest is {words[most]}, {name_of(board.asked.buckets[most], board.asked.step)}."
