"""In every zone there is, around every change of its clocks: what holds for each reminder."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.reminders import AHEAD_OF_THE_LIMIT, Quiet, Rule, Visit, plan
from bookings.reminders.planning import APART

ZONES = sorted(name for name in available_timezones() if name not in ("localtime", "posixrules"))
YEARS = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
#: Samoa skipped a date then, and other places did odd things.
ODD = datetime(2010, 1, 1, tzinfo=UTC), datetime(2012, 12, 31, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)


def changes(zone):
    """The hours in which the clocks of a zone change."""
    for first, last in (YEARS, ODD):
        days = [first + timedelta(days=each) for each in range((last - first).days)]
        for one, other in pairwise(days):
            if one.astimezone(zone).utcoffset() == other.astimezone(zone).utcoffset():
                continue
            hours = [one + timedelta(hours=each) for each in range(25)]
            yield from (
                b for a, b in pairwise(hours) if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset()
            )


CHANGES = {}


def changes_of(name):
    if name not in CHANGES:
        CHANGES[name] = list(changes(ZoneInfo(name)))
    return CHANGES[name]


TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
RULES = st.one_of(
    st.builds(lambda minutes: Rule.before(minutes=minutes), st.integers(15, 4 * 24 * 60)),
    st.builds(Rule.day_before, st.integers(1, 5), st.one_of(st.none(), TIMES)),
)


@st.composite
def starts(draw, name):
    """Near a change of the clocks where the zone has any, else at any time."""
    found = changes_of(name)
    if found and draw(st.integers(0, 3)):
        return draw(st.sampled_from(found)) + timedelta(minutes=draw(st.integers(-5 * 24 * 60, 5 * 24 * 60)))
    return YEARS[0] + timedelta(minutes=draw(st.integers(0, 6 * 365 * 24 * 60)))


@st.composite
def visits(draw):
    name = draw(st.sampled_from(ZONES))
    start_at = draw(starts(name))
    since = start_at - timedelta(minutes=draw(st.integers(1, 10 * 24 * 60)))
    limit = draw(st.one_of(st.none(), st.integers(0, 96).map(lambda hours: start_at - timedelta(hours=hours))))
    return Visit(start_at, ZoneInfo(name), ZoneInfo(draw(st.sampled_from([name, *ZONES]))), since, limit)


@st.composite
def nights(draw):
    starts, length = draw(TIMES), draw(st.integers(1, 16 * 60))
    ends = (starts.hour * 60 + starts.minute + length) % 1440
    return Quiet(starts, time(ends // 60, ends % 60))


ASKED = st.lists(RULES, max_size=5)


def reads(at, visit):
    """Hour and minute on the wall of who reads it."""
    local = at.astimezone(visit.customer_zone)
    return local.time().replace(second=0, microsecond=0, tzinfo=None)


def is_night(at, quiet):
    if quiet.starts < quiet.ends:
        return quiet.starts <= at < quiet.ends
    return at >= quiet.starts or at < quiet.ends


@settings(max_examples=600, deadline=None, derandomize=True)
@given(visits(), ASKED, st.one_of(st.none(), nights()))
def test_a_reminder_comes_before_the_visit_after_the_booking_and_never_at_night(visit, rules, quiet):
    found = plan(visit=visit, rules=rules, quiet=quiet)

    assert sorted(each.rule.key for each in found) == sorted({rule.key for rule in rules})
    for each in found:
        if each.skipped:
            continue
        assert visit.since < each.due_at < visit.start_at
        if quiet:
            assert not is_night(reads(each.due_at, visit), quiet)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(visits(), ASKED, st.one_of(st.none(), nights()))
def test_none_is_put_off_to_less_than_half_of_its_time_or_over_the_limit(visit, rules, quiet):
    for each in plan(visit=visit, rules=rules, quiet=quiet):
        meant = each.rule.due_at(start_at=visit.start_at, zone=visit.zone)
        if each.skipped or each.due_at <= meant:
            continue
        assert visit.start_at - each.due_at >= (visit.start_at - meant) / 2
        if visit.free_until and meant < visit.free_until:
            assert each.due_at < visit.free_until or meant > visit.free_until - timedelta(minutes=1)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(visits(), ASKED, st.one_of(st.none(), nights()))
def test_who_is_reminded_at_all_is_reminded_in_time_to_cancel_for_free(visit, rules, quiet):
    """Unless that time had passed by then."""
    live = [each for each in plan(visit=visit, rules=rules, quiet=quiet) if not each.skipped]
    if not live or not visit.free_until:
        return

    limit = visit.free_until - AHEAD_OF_THE_LIMIT
    in_time = quiet.ahead(limit, visit.customer_zone) if quiet else limit

    assert live[0].due_at <= limit or in_time <= visit.since


@settings(max_examples=400, deadline=None, derandomize=True)
@given(visits(), ASKED, st.one_of(st.none(), nights()))
def test_two_reminders_are_apart(visit, rules, quiet):
    live = [each for each in plan(visit=visit, rules=rules, quiet=quiet) if not each.skipped]

    assert all(other.due_at - one.due_at >= APART for one, other in pairwise(live))


@settings(max_examples=400, deadline=None, derandomize=True)
@given(visits(), st.integers(1, 5), st.one_of(st.none(), TIMES))
def test_the_day_before_is_that_many_dates_back_at_that_time(visit, days, at):
    """As the wall shows it; only what a gap swallowed reads later."""
    due_at = Rule.day_before(days, at).due_at(start_at=visit.start_at, zone=visit.zone)

    start = visit.start_at.astimezone(visit.zone)
    wanted = datetime.combine(start.date() - timedelta(days=days), at or start.time().replace(second=0, microsecond=0))
    found = due_at.astimezone(visit.zone).replace(tzinfo=None)
    assert found >= wanted
    if found != wanted:  # nothing between the two is on the wall of that day
        before = (due_at - timedelta(seconds=1)).astimezone(visit.zone).replace(tzinfo=None)
        assert before < wanted
