"""The bench of gaps: the same customers for every rule, served by the engine's own rules."""

import random
from itertools import pairwise

from bookings.availability import Person
from config.bench import gaps


def test_the_same_customers_come_to_every_rule_every_time():
    first, again = list(gaps.dates(8.0, 1, 2)), list(gaps.dates(8.0, 1, 2))

    assert first == again
    assert len(first) == 14
    assert list(gaps.dates(8.0, 2, 2)) != first


def test_nobody_is_served_twice_at_once_or_outside_the_hours():
    rng = random.Random("gaps")
    people = {who: Person(id=who, weekly={3: ((gaps.OPENS, gaps.CLOSES),)}, busy=((),)) for who in gaps.PEOPLE}
    wishes = [gaps.Customer(rng.choice(list(gaps.SERVICES)), rng.randrange(540, 1140), None, True) for _ in range(60)]

    served = sum(gaps.serve(people, one, gaps.OFFERS["hide"]) for one in wishes)

    spans = [span for person in people.values() for span in person.busy[0]]
    assert 0 < served == len(spans) < 60
    assert all(before[1] <= after[0] for person in people.values() for before, after in pairwise(person.busy[0]))
    assert min(start for start, _ in spans) >= gaps.NOW + gaps.OPENS * 60
    assert max(end for _, end in spans) <= gaps.NOW + gaps.CLOSES * 60


def test_a_week_counts_what_is_booked_and_who_went_away():
    one = gaps.Customer(60, 600, 0, False)

    assert gaps.week([[one] * 7, []], None) == gaps.Week(minutes=4 * 60, refused=3)


def test_who_minds_the_mark_takes_a_marked_start_and_the_others_the_nearest():
    alone = {0: Person(id=0, weekly={3: ((gaps.OPENS, gaps.CLOSES),)}, busy=((),))}
    starts = {}
    for minds in (True, False):
        people = dict(alone)
        gaps.serve(people, gaps.Customer(60, 9 * 60 + 30, 0, minds), gaps.OFFERS["prefer"])
        starts[minds] = (people[0].busy[0][0][0] - gaps.NOW) // 60

    assert starts == {True: 540, False: 570}
