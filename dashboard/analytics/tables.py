"""The figures as tables: the same rows for the page and for the file."""

from dataclasses import dataclass, field
from enum import StrEnum

from babel.dates import format_date

from bookings import queries
from dashboard.analytics.periods import Kind as Period
from dashboard.analytics.periods import Step, bounds
from tenants.money import Money

LOCALE = "en_GB"


class Kind(StrEnum):
    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    kind: Kind = Kind.COUNT
    currency: str = ""

    def shown(self, value):
        """A value in words; a dash where there is none."""
        if value is None:
            return "–"
        if self.kind == Kind.MONEY:
            return str(Money(value, self.currency))
        if self.kind == Kind.RATE:
            return percent(value)
        if self.kind == Kind.MINUTES:
            return hours(value)
        return f"{value:,}" if self.kind == Kind.COUNT else value

    def written(self, value):
        """A value for a spreadsheet: amounts in major units, rates in percent."""
        if value is None:
            return ""
        if self.kind == Kind.MONEY:
            return f"{Money(value, self.currency).decimal:f}"
        return f"{value * 100:.1f}" if self.kind == Kind.RATE else value

    @property
    def heading(self):
        """For a file, where no value says its unit."""
        unit = {Kind.MONEY: self.currency, Kind.RATE: "%", Kind.MINUTES: "minutes"}.get(self.kind)
        return f"{self.label} ({unit})" if unit and self.currency not in self.label.split() else self.label


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: list
    rows: list
    total: list = field(default_factory=list)

    @property
    def shown_rows(self):
        return [self._shown(row) for row in self.rows]

    @property
    def shown_total(self):
        return self._shown(self.total) if self.total else []

    def _shown(self, row):
        return [column.shown(value) for column, value in zip(self.columns, row, strict=True)]


def percent(rate):
    """`0 %`, `3.5 %`, `42 %`"""
    value = rate * 100
    return f"{value:.0f} %" if value >= 10 or value == int(value) else f"{value:.1f} %"


def hours(minutes):
    """`0 h`, `7.5 h`, `1,280 h`"""
    return f"{minutes // 60:,} h" if minutes % 60 == 0 else f"{minutes / 60:,.1f} h"


def name_of(bucket, step, *, long=True):
    """A bucket in words: `2 March 2026`, `2–8 March 2026`, `March 2026`; short below a bar."""
    if not long:
        return format_date(bucket.first, "MMM yy" if step == Step.MONTH else "d MMM", locale=LOCALE)
    if step == Step.MONTH and (bucket.first, bucket.last) == bounds(Period.MONTH, bucket.first):
        return format_date(bucket.first, "LLLL y", locale=LOCALE)
    return dates(bucket.first, bucket.last)


def dates(first, last):
    """`2 March 2026`, `2–8 March 2026`, `28 February – 6 March 2026`, `29 December 2025 – 4 January 2026`"""
    end = format_date(last, "d MMMM y", locale=LOCALE)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{format_date(first, 'd MMMM' if first.year == last.year else 'd MMMM y', locale=LOCALE)} – {end}"


def every(board):
    """{key: Table} of all the person may see."""
    made = [visits(board), sources(board), occupancy(board), services(board), people(board), cohorts(board)]
    if board.sees_money:
        made += [revenue(board, currency) for currency in board.currencies]
    return {table.key: table for table in made}


MONEY_COLUMNS = (
    ("Captured", "captured_cents"),
    ("Refunded", "refunded_cents"),
    ("Disputed", "disputed_cents"),
    ("Revenue", "net_cents"),
    ("Tips", "tip_cents"),
    ("Fees", "fee_cents"),
    ("Gift cards and packages sold", "gift_sold_cents"),
    ("Paid by gift card", "gift_cents"),
    ("Platform’s fee", "application_fee_cents"),
)


def revenue(board, currency):
    nothing = dict.fromkeys((name for _, name in MONEY_COLUMNS), 0)

    def row(first, last):
        sums = board.money_in(first, last).get(currency, nothing)
        return [sums[name] for _, name in MONEY_COLUMNS]

    columns = [Column(label, Kind.MONEY, currency) for label, _ in MONEY_COLUMNS]
    return Table(f"revenue-{currency.lower()}", f"Revenue in {currency}", *_by_time(board, columns, row))


def visits(board):
    def row(first, last):
        found = board.visits_in(first, last)
        return [
            found.total,
            found.completed,
            found.standing - found.completed,
            found.canceled,
            found.no_shows,
            found.no_show_rate,
            found.late,
            found.late_rate,
            found.new,
            found.returning,
        ]

    columns = [
        Column("Booked"),
        Column("Completed"),
        Column("Not closed yet"),
        Column("Cancelled"),
        Column("No-shows"),
        Column("No-show rate", Kind.RATE),
        Column("Late cancellations"),
        Column("Late rate", Kind.RATE),
        Column("New"),
        Column("Returning"),
    ]
    return Table("visits", "Visits", *_by_time(board, columns, row))


SOURCES = {"online": "Online", "staff": "By the team", "import": "Imported", "demo": "Demo"}


def sources(board):
    found = board.visits_in(board.asked.period.first, board.asked.period.last)
    rows = [
        [SOURCES.get(source, source), count, count / found.total] for source, count in found.by_source.most_common()
    ]
    columns = [Column("Source", Kind.TEXT), Column("Visits"), Column("Share", Kind.RATE)]
    return Table("sources", "Where visits come from", columns, rows, ["Together", found.total, None] if rows else [])


def occupancy(board):
    def row(first, last):
        worked = board.worked_in(first, last)
        return [worked.booked, worked.working, worked.rate]

    columns = [Column("Booked", Kind.MINUTES), Column("Working", Kind.MINUTES), Column("Occupancy", Kind.RATE)]
    return Table("occupancy", "Occupancy", *_by_time(board, columns, row))


def services(board):
    currencies = board.worth_currencies
    count = sum(service.count for service in board.services)
    rows = [
        [service.name, service.count, service.count / count, *(service.worth.get(each, 0) for each in currencies)]
        for service in board.services
    ]
    columns = [Column("Service", Kind.TEXT), Column("Booked"), Column("Share", Kind.RATE)]
    return _with_total("services", "Services", columns + _worth(currencies), rows, ["Together", count, None])


def people(board):
    currencies, period = board.worth_currencies, board.asked.period
    team = _team(board)
    rows = [_person(board, member, currencies, period) for member in team]
    gifts = [board.money_of_people.get((None, currency), {}).get("net_cents", 0) for currency in currencies]
    columns = [
        Column("Person", Kind.TEXT),
        Column("Visits"),
        Column("Completed"),
        Column("No-shows"),
        Column("Booked", Kind.MINUTES),
        Column("Working", Kind.MINUTES),
        Column("Occupancy", Kind.RATE),
        *_worth(currencies),
        *(_labelled("Revenue", currency, currencies) for currency in currencies),
    ]
    if any(gifts):
        rows.append(["Without a visit", *[None] * (6 + len(currencies)), *gifts])
    worked = sum((_worked(board, member, period) for member in team), queries.Worked())
    total = ["Together", *(None,) * 3, worked.booked, worked.working, worked.rate]
    return _with_total("people", "People", columns, rows, total)


def _team(board):
    """Who is in the team, and who was and has figures all the same."""
    if board.asked.member:
        return [board.asked.member]
    known = board.people.keys() | {pk for pk, _ in board.money_of_people}
    return [member for member in board.team if member.is_active or member.pk in known]


def _person(board, member, currencies, period):
    found, worked = board.people.get(member.pk, queries.Visits()), _worked(board, member, period)
    return [
        member.name,
        found.total,
        found.completed,
        found.no_shows,
        worked.booked,
        worked.working,
        worked.rate,
        *(found.worth[currency] for currency in currencies),
        *(board.money_of_people.get((member.pk, currency), {}).get("net_cents", 0) for currency in currencies),
    ]


def _worked(board, member, period):
    days = board.occupied.by_person.get(member.pk, {})
    return sum((worked for day, worked in days.items() if period.first <= day <= period.last), queries.Worked())


def cohorts(board):
    rows = [
        [
            format_date(one.month, "LLLL y", locale=LOCALE),
            one.customers,
            one.back,
            one.rate,
            "yes" if one.is_over else "not yet",
        ]
        for one in board.cohorts
    ]
    customers, back = queries.retention(board.cohorts)
    columns = [
        Column("First visit in", Kind.TEXT),
        Column("Customers"),
        Column("Came back"),
        Column("Share", Kind.RATE),
        Column("90 days over", Kind.TEXT),
    ]
    total = ["Months that are over", customers, back, queries.ratio(back, customers), None]
    return Table("retention", "Who comes back", columns, rows, total if rows else [])


def _by_time(board, columns, row):
    """(columns, rows, total) of one row a bucket; the total is that of the whole period."""
    asked = board.asked
    rows = [[name_of(bucket, asked.step), *row(bucket.first, bucket.last)] for bucket in asked.buckets]
    label = {Step.DAY: "Day", Step.WEEK: "Week", Step.MONTH: "Month"}[asked.step]
    total = ["Together", *row(asked.period.first, asked.period.last)]
    return [Column(label, Kind.TEXT), *columns], rows, total


def _worth(currencies):
    return [_labelled("Worth", currency, currencies) for currency in currencies]


def _labelled(label, currency, currencies):
    return Column(label if len(currencies) == 1 else f"{label} {currency}", Kind.MONEY, currency)


def _with_total(key, title, columns, rows, total):
    """Columns that add up, and are not told in `total`, are added up."""
    if not rows:
        return Table(key, title, columns, [])
    known = [*total, *[None] * (len(columns) - len(total))]
    adding = {Kind.COUNT, Kind.MONEY}
    full = [
        sum(row[number] or 0 for row in rows) if value is None and columns[number].kind in adding else value
        for number, value in enumerate(known)
    ]
    return Table(key, title, columns, rows, full)
