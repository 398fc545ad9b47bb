"""How full the diary is: booked minutes of the minutes people work, by the hours the engine itself uses."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bookings import availability
from bookings.availability.clock import day_span
from bookings.availability.hours import Opening, break_spans, daily_windows
from bookings.availability.intervals import intersect, merge, subtract
from bookings.diary import LONGEST, MARGIN, rows, sql
from bookings.models import Service, TeamMember
from bookings.queries.figures import first_day_of_diary, ratio

MEANING = (
    "Booked minutes ÷ working minutes. Booked is what visits take of people's time, preparation and clean-up included, a "
    "class once. Working is the weekly plan within the opening hours, special days, closures, breaks and blocked time taken "
    "into account, once for each visit a person takes at the same time; days before the salon's first are left out. Above "
    "100 % there are visits outside working hours. The people of today's team count, past days by today's weekly plan."
)


@dataclass(slots=True)
class Worked:
    """Minutes that are booked, and that somebody works; `+` adds them up."""

    booked: int = 0
    working: int = 0

    def __add__(self, other):
        return Worked(self.booked + other.booked, self.working + other.working)

    @property
    def rate(self):
        """1 is full; None where nobody works."""
        return ratio(self.booked, self.working)


@dataclass(frozen=True, slots=True)
class Occupied:
    """{date: Worked}, and the same minutes as {team member's id: {date: Worked}}."""

    by_day: dict
    by_person: dict


#: By the date it starts on; what runs over midnight comes row by row, with its start and end.
BOOKED = """
SELECT team_member_id, day, sum(extract(epoch FROM ends_at - starts_at))::bigint / 60,
       extract(epoch FROM night)::bigint, extract(epoch FROM max(ends_at))::bigint
  FROM (SELECT team_member_id, starts_at, ends_at, (starts_at AT TIME ZONE %(zone)s)::date AS day,
               CASE WHEN (starts_at AT TIME ZONE %(zone)s)::date
                      <> ((ends_at - interval '1 second') AT TIME ZONE %(zone)s)::date THEN starts_at END AS night
          FROM bookings_occupancy
         WHERE team_member_id = ANY(%(people)s) AND starts_at >= %(low_start)s AND starts_at < %(closes)s
           AND ends_at > %(opens)s AND expires_at IS NULL) AS taken
 GROUP BY team_member_id, day, night, CASE WHEN night IS NULL THEN NULL ELSE ends_at END"""


def occupied(*, business, first, last, member=None):
    """The Occupied of the local dates `first` to `last`; four queries, whatever the dates or the team."""
    people = TeamMember.objects.filter(is_active=True)
    people = {person.pk: person for person in (people.filter(pk=member) if member else people)}
    since = _since(business)
    found = rows.read(STATEMENTS, _params(business, people, first, last))
    *plan, taken = found
    booked, plans = _booked(taken, business.zone, first, last), _Plans(business, people, plan)
    by_person = {
        pk: _worked(booked.get(pk, {}), dict(plans.minutes(person, max(first, since), last)))
        for pk, person in people.items()
    }
    by_day = {}
    for days in by_person.values():
        for day, worked in days.items():
            by_day[day] = by_day.get(day, Worked()) + worked
    return Occupied(by_day, by_person)


STATEMENTS = (
    sql.WEEKLY,
    sql.SPECIAL_DAYS,
    sql.BREAKS,
    sql.BLOCKS,
    sql.HOURS,
    sql.SPECIAL_OPENINGS,
    sql.CLOSURES,
    BOOKED,
)


def _since(business):
    """The salon's first day: when it was opened here, or what was brought along from before."""
    opened = business.created_at.astimezone(business.zone).date()
    return min(opened, first_day_of_diary() or opened)


def _params(business, people, first, last):
    opens, closes = day_span(first, business.zone)[0], day_span(last, business.zone)[1]
    low, high = (datetime.combine(day, time(), UTC) for day in (first - MARGIN, last + MARGIN))
    return {
        "zone": business.timezone,
        "people": list(people),
        "resources": [],
        "services": list(Service.objects.values_list("pk", flat=True)),
        "first": first - MARGIN,
        "last": last + MARGIN,
        "low": low,
        "high": high,
        "opens": availability.instant(opens),
        "closes": availability.instant(closes),
        "low_start": availability.instant(opens) - LONGEST,
    }


def _booked(found, zone, first, last):
    """{person: {date: minutes}}"""
    booked = {}
    for person, day, minutes, start, end in found:
        days = booked.setdefault(person, {})
        for on, part in [(day, int(minutes))] if start is None else _split(start, end, zone):
            if first <= on <= last:
                days[on] = days.get(on, 0) + part
    return booked


def _split(start, end, zone):
    """(date, minutes) of the dates a span lies on."""
    while start < end:
        day = availability.local_date(start, zone)
        until = min(end, day_span(day, zone)[1])
        yield day, (until - start) // 60
        start = until


def _worked(booked, working):
    return {day: Worked(booked.get(day, 0), working.get(day, 0)) for day in booked.keys() | working.keys()}


class _Plans:
    """When people work, as the engine reads it; a person's hours for one service count like those for all."""

    def __init__(self, business, people, found):
        weekly, special, breaks, blocks, hours, special_hours, closures = found
        self._plans = {pk: _united(own) for pk, own in rows.grouped(weekly).items()}
        self._special, self._anyway = rows.special_days_of(special)
        self._breaks = rows.breaks_of(breaks, list(people))
        self._blocks = rows.spans_by(blocks)
        self._rules = availability.Rules(
            zone=business.zone,
            step_min=business.slot_step_min,
            notice_min=0,
            horizon_days=business.horizon_days,
            hours=rows.by_weekday(hours) or None,
            special_hours={day: rows.shifts_of(shifts) for day, shifts in special_hours},
            closures=frozenset(day for start, end in closures for day in rows.days(start, end)),
        )
        self._openings = {}

    def minutes(self, member, first, last):
        """Yield (date, minutes the person can be booked on it, once for each place)."""
        if last < first:
            return
        person = self._person(member)
        cuts = merge([*break_spans(person, self._rules, first, last), *person.blocks])
        ends = [end for _, end in cuts]
        opening = self._openings.setdefault((first, last), Opening(rules=self._rules, first=first, last=last))
        days = daily_windows(person=person, rules=self._rules, first=first, last=last, opening=opening)
        for offset, (bounds, spans) in enumerate(days):
            spans = intersect([bounds], spans)
            if spans and cuts:
                near = bisect_right(ends, bounds[0])
                spans = subtract(spans, _until(cuts, near, bounds[1]))
            if spans:
                seconds = sum(end - start for start, end in spans)
                yield first + timedelta(days=offset), seconds // 60 * member.max_concurrent_bookings

    def _person(self, member):
        return availability.Person(
            id=member.pk,
            weekly=self._plans.get(member.pk, {}),
            special_days=self._special.get(member.pk, {}),
            open_anyway=frozenset(self._anyway.get(member.pk, ())),
            breaks=self._breaks.get(member.pk, {}),
            blocks=self._blocks.get(member.pk, ()),
        )


def _until(cuts, number, closes):
    found = []
    while number < len(cuts) and cuts[number][0] < closes:
        found.append(cuts[number])
        number += 1
    return found


def _united(own):
    """(service, weekday, start, end) rows as one week."""
    plan = rows.by_weekday(shift for _, *shift in own)
    return {day: tuple(merge(spans)) for day, spans in plan.items()}
