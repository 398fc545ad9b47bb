"""What the template of the figures is given: ready words, tables and drawings."""

from dataclasses import dataclass

from bookings import queries
from bookings.queries import figures, worktime
from dashboard.analytics import charts, periods, stats, tables
from dashboard.analytics.asked import LABELS
from dashboard.analytics.periods import Kind
from payments import figures as money


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    query: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One subject: its charts, its tables, and what its words mean. `nothing` stands where there are no rows."""

    key: str
    title: str
    charts: list
    tables: list
    meanings: list
    nothing: str = ""
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """The way to the period before and the one after."""

    before: str = ""
    after: str = ""


def of(board, form):
    """The context of the page."""
    asked = board.asked
    period = asked.period
    return {
        "form": form,
        "asked": asked,
        "period": tables.dates(period.first, period.last),
        "before": tables.dates(period.before_first, period.before_last),
        "tabs": _tabs(asked),
        "steps": _steps(asked),
        "query": asked.query(),
        "stats": stats.all_of(board),
        "sections": sections(board),
        "is_empty": board.is_empty and queries.first_day_of_diary() is None,
        "sees_money": board.sees_money,
        "custom": period.kind == Kind.CUSTOM or bool(form.errors) or bool(asked.member) or bool(asked.step_asked),
    }


def sections(board):
    made = tables.every(board)
    found = [
        Section(
            "visits",
            "Visits",
            [charts.visits(board)],
            [made["visits"], made["sources"]],
            [
                ("Booked", figures.MEANINGS["visits"]),
                ("New and returning", figures.MEANINGS["new"]),
                ("No-show rate", figures.MEANINGS["no_show_rate"]),
                ("Late cancellations", figures.MEANINGS["late"]),
                ("Late rate", figures.MEANINGS["late_rate"]),
            ],
        ),
        Section(
            "occupancy",
            "Occupancy",
            [charts.occupancy(board)],
            [made["occupancy"]],
            [("Occupancy", worktime.MEANING)],
        ),
        Section(
            "retention",
            "Who comes back",
            [charts.cohorts(board)] if board.cohorts else [],
            [made["retention"]] if board.cohorts else [],
            [("Came back", figures.MEANINGS["retention"])],
            nothing="As soon as visits are completed, this shows who comes back.",
        ),
        Section(
            "services",
            "Popular services",
            [],
            [made["services"]] if board.services else [],
            [("Booked", figures.MEANINGS["services"]), *_worth(board)],
            nothing="No visits in these days.",
            is_wide=True,
        ),
        Section("people", "Team", [], [made["people"]], _worth(board), is_wide=True),
    ]
    return [_revenue(board, made), *found] if board.sees_money else found


def _revenue(board, made):
    keys = [f"revenue-{currency.lower()}" for currency in board.currencies]
    return Section(
        "revenue",
        "Revenue",
        [charts.revenue(board, currency) for currency in board.currencies],
        [made[key] for key in keys],
        [
            ("Revenue", money.MEANINGS["revenue"]),
            ("Tips", money.MEANINGS["tips"]),
            ("Fees", money.MEANINGS["fees"]),
            ("Gift cards and packages sold", money.MEANINGS["gift_sold"]),
            ("Paid by gift card", money.MEANINGS["gift"]),
            ("Platform’s fee", money.MEANINGS["application_fee"]),
        ],
    )


def _worth(board):
    return [("Worth", figures.MEANINGS["worth"])] if board.sees_money else []


def _tabs(asked):
    period = asked.period
    # Another length of the same time: the month in which a week ends, the week with which a month ends.
    on = asked.today if period.first <= asked.today <= period.last else period.last
    plain = {"start": None, "end": None, "by": None, "on": on}
    return [Tab(label, asked.query(**plain | {"period": kind}), kind == period.kind) for kind, label in LABELS.items()]


def _steps(asked):
    period = asked.period
    if period.kind == Kind.CUSTOM:
        return Steps()
    _, end = periods.bounds(period.kind, period.first)
    after = end + periods.ONE_DAY
    return Steps(asked.query(on=period.before_first), asked.query(on=after) if after <= asked.today else "")
