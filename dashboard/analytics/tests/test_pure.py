"""Dates, drawings, words and files: no database."""

from datetime import date, timedelta

import pytest

from dashboard.analytics import drawing, periods, sheets, stats
from dashboard.analytics.charts import short_money
from dashboard.analytics.drawing import Part
from dashboard.analytics.periods import Bucket, Kind, Step
from dashboard.analytics.tables import Column, Table, dates, hours, name_of, percent
from dashboard.analytics.tables import Kind as Cell

TODAY = date(2026, 11, 26)


def spans(period):
    return tuple(f"{day:%y%m%d}" for day in (period.first, period.last, period.before_first, period.before_last))


@pytest.mark.parametrize(
    ("kind", "on", "expected"),
    [
        ("day", TODAY, ("261126", "261126", "261125", "261125")),
        ("week", TODAY, ("261123", "261126", "261116", "261119")),
        ("week", date(2026, 11, 18), ("261116", "261122", "261109", "261115")),
        ("month", TODAY, ("261101", "261126", "261001", "261026")),
        ("month", date(2026, 3, 31), ("260301", "260331", "260201", "260228")),
        ("quarter", TODAY, ("261001", "261126", "260701", "260826")),
        ("quarter", date(2026, 2, 1), ("260101", "260331", "251001", "251231")),
        ("year", TODAY, ("260101", "261126", "250101", "251126")),
        ("year", date(2024, 7, 1), ("240101", "241231", "230101", "231231")),
    ],
)
def test_a_period_is_compared_with_as_much_of_the_one_before(kind, on, expected):
    assert spans(periods.of(Kind(kind), on, today=TODAY)) == expected


def test_the_end_of_a_long_month_is_compared_with_all_of_a_short_one():
    assert spans(periods.of(Kind.MONTH, date(2026, 3, 1), today=date(2026, 3, 30))) == (
        "260301",
        "260330",
        "260201",
        "260228",
    )


def test_any_dates_are_compared_with_as_many_before_them():
    assert spans(periods.custom(date(2026, 3, 1), date(2026, 3, 10))) == ("260301", "260310", "260219", "260228")


def test_buckets_are_cut_at_the_edges():
    assert periods.buckets(date(2026, 3, 4), date(2026, 3, 16), Step.WEEK) == [
        Bucket(date(2026, 3, 4), date(2026, 3, 8)),
        Bucket(date(2026, 3, 9), date(2026, 3, 15)),
        Bucket(date(2026, 3, 16), date(2026, 3, 16)),
    ]


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("days", [1, 31, 90, 366, 731])
def test_buckets_hold_every_date_once_and_are_few(step, days):
    last = date(2026, 1, 15) + timedelta(days=days - 1)

    found = periods.buckets(date(2026, 1, 15), last, step)

    held = [bucket.first + timedelta(days=n) for bucket in found for n in range((bucket.last - bucket.first).days + 1)]
    assert held == [date(2026, 1, 15) + timedelta(days=n) for n in range(days)]
    assert len(found) <= periods.MOST_BUCKETS


@pytest.mark.parametrize(
    ("span", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (9, 5), (20, 5), (100, 50), (651400, 200000)]
)
def test_lines_stand_at_round_numbers(span, step):
    assert drawing.nice_step(span) == step


def test_bars_stand_on_the_line_and_parts_on_each_other():
    placed = drawing.bars([[Part("a", 30, ""), Part("b", 10, "")], [Part("a", 0, "")]], ["x", "y"])

    lower, upper = placed.bars
    assert [tick.value for tick in placed.ticks] == [0, 10, 20, 30, 40]
    assert (lower.y + lower.height, upper.y + upper.height) == (placed.zero, lower.y)
    assert lower.height == pytest.approx(3 * upper.height, abs=0.05)
    assert (upper.x, upper.width) == (lower.x, lower.width)


def test_what_was_given_back_hangs_below_the_line():
    placed = drawing.bars([[Part("a", -300, "")], [Part("a", 500, "")]], ["x", "y"])

    down, up = placed.bars
    assert [tick.value for tick in placed.ticks] == [-400, -200, 0, 200, 400, 600]
    assert (down.y, up.y + up.height) == (placed.zero, placed.zero)


@pytest.mark.parametrize("count", [0, 1, 7, 31, 110])
def test_everything_stays_inside_and_words_are_few(count):
    placed = drawing.bars([[Part("a", n, "")] for n in range(count)], [str(n) for n in range(count)])

    assert all(bar.x >= drawing.LEFT and bar.x + bar.width <= drawing.WIDTH - drawing.RIGHT for bar in placed.bars)
    assert all(drawing.TOP <= bar.y <= placed.zero for bar in placed.bars)
    assert len(placed.labels) <= drawing.MOST_LABELS
    assert len([label for label in placed.labels if not label.is_minor]) <= drawing.MOST_MAIN_LABELS


@pytest.mark.parametrize(
    ("cents", "currency", "text"),
    [
        (0, "USD", "$0"),
        (20000, "USD", "$200"),
        (250000, "USD", "$2.5K"),
        (50, "USD", "$0.50"),
        (5000, "JPY", "¥5K"),
        (20, "JPY", "¥20"),
        (500, "KWD", "KWD0.500"),
        (-40000, "EUR", "-€400"),
    ],
)
def test_amounts_beside_a_line_are_short(cents, currency, text):
    assert short_money(cents, currency) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ((2026, 3, 2), (2026, 3, 2), "2 March 2026"),
        ((2026, 3, 2), (2026, 3, 8), "2–8 March 2026"),
        ((2026, 2, 28), (2026, 3, 6), "28 February – 6 March 2026"),
        ((2025, 12, 29), (2026, 1, 4), "29 December 2025 – 4 January 2026"),
    ],
)
def test_dates_in_words(first, last, text):
    assert dates(date(*first), date(*last)) == text


def test_a_month_that_is_cut_short_says_so():
    whole, cut = Bucket(date(2026, 2, 1), date(2026, 2, 28)), Bucket(date(2026, 3, 1), date(2026, 3, 30))

    assert [name_of(one, Step.MONTH) for one in (whole, cut)] == ["February 2026", "1–30 March 2026"]


@pytest.mark.parametrize(
    ("rate", "text"), [(0, "0 %"), (0.034, "3.4 %"), (0.5, "50 %"), (1.25, "125 %"), (1 / 3, "33 %")]
)
def test_rates_in_words(rate, text):
    assert percent(rate) == text


def test_hours_in_words():
    assert [hours(minutes) for minutes in (0, 450, 76800)] == ["0 h", "7.5 h", "1,280 h"]


@pytest.mark.parametrize(
    ("new", "old", "text"),
    [(112, 100, "12 % more"), (50, 100, "50 % less"), (5, 5, "as much"), (5, 0, ""), (5, -3, "")],
)
def test_changes_in_words(new, old, text):
    assert stats.change(new, old) == text


@pytest.mark.parametrize(
    ("new", "old", "text"),
    [(0.30, 0.275, "2.5 points more"), (0.1, 0.2, "10 points less"), (0.1, 0.1, "as much"), (None, 0.1, "")],
)
def test_rates_differ_by_points(new, old, text):
    assert stats.points(new, old) == text


def test_a_file_has_numbers_as_numbers_and_no_formulas():
    columns = [
        Column("Service", Cell.TEXT),
        Column("Worth", Cell.MONEY, "KWD"),
        Column("Yen", Cell.MONEY, "JPY"),
        Column("Share", Cell.RATE),
        Column("Booked", Cell.MINUTES),
    ]
    rows = [['=HYPERLINK("x")', -1234, -500, 1 / 3, 90], ["+49", 0, 0, None, 0], ["Cut, long", 5, 5, 1, 1]]

    text = sheets.csv_of(Table("a", "A", columns, rows))

    assert text.removeprefix("\ufeff").splitlines() == [
        "Service,Worth (KWD),Yen (JPY),Share (%),Booked (minutes)",
        '"\'=HYPERLINK(""x"")",-1.234,-500,33.3,90',
        "'+49,0.000,0,,0",
        '"Cut, long",0.005,5,100.0,1',
    ]
