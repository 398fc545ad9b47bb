"""Equal people share the work equally (D10)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from bookings.availability import Busy, Segment, arrange, lanes_of, local_date, occupied, plans, ranks

from .build import DAY, able, at, person, rules

LAW = rules(15)
NOW = at("00:00", day=DAY - timedelta(days=1))
DATES = [DAY + timedelta(days=n) for n in range(40)]


class Salon:
    """Five people who work alike, and what they have been given so far."""

    def __init__(self, count=5):
        self.rows = {number: [] for number in range(count)}
        self.minutes = {number: Counter() for number in range(count)}
        self.last = dict.fromkeys(range(count))
        self.given = Counter()

    def people(self):
        return [
            replace(
                person("08:00-22:00", id=number), busy=lanes_of(rows), booked_min_by_date=self.minutes[number],
                last_assigned_at=self.last[number],
            )
            for number, rows in self.rows.items()
        ]  # fmt: skip

    def book(self, start, clock, *, services):
        people = self.people()
        segment = Segment(candidates=tuple((able(30, person_id=who.id), who) for who in people))
        day = local_date(start, LAW.zone)
        plan = arrange(
            segments=[segment] * services, rules=LAW, start=start, now=NOW, rank=ranks(persons=people, day=day)
        )
        for part in plan.parts if plan else ():
            self.rows[part.person_id] += [Busy(*span, None) for span in occupied(able=able(30), start=part.start)]
            self.minutes[part.person_id][day] += 30
            self.last[part.person_id] = clock
            self.given[day, part.person_id] += 1
        return plan


def test_thousand_bookings_differ_by_one_a_day_at_most():
    rng, salon = Random("fair"), Salon()
    # Half hours of forty dates in random order, each once: everybody is free, and only the queue decides.
    starts = [at("08:00", day=day) + 1800 * n for day in DATES for n in range(28)]

    given = [salon.book(start, clock, services=1) for clock, start in enumerate(rng.sample(starts, 1000))]

    counts = [[salon.given[day, number] for number in range(5)] for day in DATES]
    assert None not in given
    assert {max(count) - min(count) for count in counts} == {0, 1}


@pytest.mark.parametrize("services", [2, 3])
def test_same_person_is_given_the_whole_chain(services):
    salon = Salon(3)

    given = [salon.book(at("09:00", day=DATES[n // 3]), n, services=services) for n in range(30)]

    assert [len({part.person_id for part in plan.parts}) for plan in given] == [1] * 30
    assert {salon.given[day, number] for day in DATES[:10] for number in range(3)} == {services}


def test_chain_that_one_person_cannot_do_is_handed_over_once():
    busy = lanes_of([Busy(at("10:00"), at("12:00"), None)])
    people = [person("09:00-10:00", id=1), person("09:00-13:00", id=2, busy=busy), person("10:00-13:00", id=3)]
    segment = Segment(candidates=tuple((able(30, person_id=who.id), who) for who in people))

    [plan] = [
        plan
        for plan in plans(segments=[segment] * 4, rules=LAW, first=DAY, last=DAY, now=NOW)
        if plan.start == at("09:00")
    ]
    best = arrange(segments=[segment] * 4, rules=LAW, start=at("09:00"), now=NOW)

    assert [part.person_id for part in best.parts] == [1, 1, 3, 3]
    assert len(plan.parts) == 4
