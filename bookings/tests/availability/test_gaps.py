"""What is left of a day: working time without breaks, blocks, closures, and whatever fills all of a person's lanes."""

from bookings import availability
from bookings.tests.availability.build import DAY, at, daily, person, rules, shift, shown


def gaps(who, *, now="00:00", **more):
    found = availability.gaps(person=who, rules=rules(**more), day=DAY, now=at(now), least_min=15)
    return ["-".join(shown(span)) for span in found]


def span(text):
    return tuple(at(edge) for edge in text.split("-"))


def test_a_day_without_visits_is_one_gap():
    assert gaps(person("09:00-13:00")) == ["09:00-13:00"]


def test_visits_breaks_and_blocks_cut_it():
    who = person(
        "09:00-18:00",
        busy=((span("10:00-11:00"),),),
        breaks=daily(shift("12:00-13:00")),
        blocks=(span("17:00-18:00"),),
    )

    assert gaps(who) == ["09:00-10:00", "11:00-12:00", "13:00-17:00"]


def test_it_begins_now_and_a_breath_is_none():
    who = person("09:00-13:00", busy=((span("10:00-12:50"),),))

    assert gaps(who, now="09:20") == ["09:20-10:00"]
    assert gaps(who, now="09:50") == []


def test_who_serves_two_is_free_until_both_places_are_taken():
    lanes = ((span("10:00-12:00"),), (span("11:00-13:00"),))

    assert gaps(person("09:00-14:00", capacity=2, busy=lanes)) == ["09:00-11:00", "12:00-14:00"]
    assert gaps(person("09:00-14:00", capacity=3, busy=lanes)) == ["09:00-14:00"]


def test_visits_beyond_the_capacity_count_against_everything():
    lanes = ((span("10:00-12:00"),), (span("11:00-13:00"),))

    assert gaps(person("09:00-14:00", capacity=1, busy=lanes)) == ["09:00-10:00", "13:00-14:00"]


def test_a_closed_day_has_none_save_for_who_works_anyway():
    assert gaps(person("09:00-13:00"), closures=frozenset({DAY})) == []
    assert gaps(person("09:00-13:00", open_anyway=frozenset({DAY})), closures=frozenset({DAY})) == ["09:00-13:00"]
