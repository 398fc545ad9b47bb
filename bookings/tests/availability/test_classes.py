"""Classes: sessions that stand, and sessions a guest opens (D11)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bookings.availability import Code, Resource, Segment, Session, arrange, offered, reasons, taken, visit_reasons

from .build import DAY, able, at, daily, found, person, rules, shift, shown

EVENING = Session(id="s", start=at("19:40"), end=at("20:40"), free=2)
TAKEN = ((at("19:40"), at("20:40")),)
NOW = at("00:00", day=DAY - timedelta(days=2))


def yoga(*, free=2, seats=1, joins_only=True, **changes):
    session = replace(EVENING, free=free)
    return replace(able(60), sessions=(session,), seats=seats, joins_only=joins_only, **changes)


def teacher(**changes):
    """Works in the morning; the session in the evening was put up all the same."""
    return person("09:00-10:00", busy=(TAKEN,), **changes)


def test_session_is_offered_at_its_own_start_whatever_grid_and_hours_say():
    law = rules(15, hours=daily(shift("09:00-12:00")))

    assert shown(found(able=yoga(), person=teacher(breaks=daily(shift("20:00-20:30"))), rules=law)) == ["19:40"]
    assert shown(found(able=yoga(joins_only=False), person=teacher(), rules=law)) == ["09:00", "19:40"]


@pytest.mark.parametrize(
    ("service", "who", "law", "now", "expected"),
    [
        (yoga(free=2, seats=2), teacher(), rules(), NOW, []),
        (yoga(free=1, seats=2), teacher(), rules(), NOW, [Code.SESSION_FULL]),
        (yoga(free=0), teacher(), rules(), NOW, [Code.SESSION_FULL]),
        (yoga(free=0, joins_only=False), teacher(), rules(), NOW, [Code.SESSION_FULL]),
        (yoga(), teacher(), rules(notice=60), at("18:40"), []),
        (yoga(), teacher(), rules(notice=60), at("18:40") + 1, [Code.NOTICE]),
        (yoga(), teacher(), rules(), at("19:40") + 1, [Code.PAST]),
        (yoga(), teacher(), rules(horizon=1), NOW, [Code.HORIZON]),
        (yoga(), teacher(), rules(closures=frozenset({DAY})), NOW, [Code.CLOSED]),
        (yoga(), teacher(open_anyway=frozenset({DAY})), rules(closures=frozenset({DAY})), NOW, []),
        (yoga(), teacher(blocks=((at("20:30"), at("21:00")),)), rules(), NOW, [Code.BLOCK]),
        (yoga(), teacher(blocks=((at("20:40"), at("21:00")),)), rules(), NOW, []),
        (yoga(resources=(Resource(id=1, name="Room", blocks=TAKEN),)), teacher(), rules(), NOW, [Code.RESOURCE]),
        (yoga(resources=(Resource(id=1, name="Room", busy=(TAKEN,)),)), teacher(), rules(), NOW, []),
    ],
)
def test_session_is_offered_exactly_when_there_is_no_reason(service, who, law, now, expected):
    answer = reasons(able=service, person=who, rules=law, start=EVENING.start, now=now)
    starts = found(able=service, person=who, rules=law, now=now)

    assert [reason.code for reason in answer] == expected
    assert (EVENING.start in starts) == (expected == [])


def test_class_that_is_only_joined_has_no_other_start():
    [reason] = reasons(able=yoga(), person=teacher(), rules=rules(), start=at("09:00"), now=NOW)

    assert reason.code == Code.NO_SESSION


def test_offer_of_a_session_ends_when_the_session_does():
    longer = replace(yoga(), sessions=(replace(EVENING, end=at("21:10")),))

    [slot] = offered(candidates=[(longer, teacher())], rules=rules(), first=DAY, last=DAY, now=NOW)

    assert [(option.end, option.duration_min) for option in slot.options] == [(at("21:10"), 90)]


def test_standing_class_is_joined_before_another_is_opened_beside_it():
    idle = person("19:00-22:00", id=2)
    segment = Segment(candidates=((yoga(joins_only=False), teacher()), (able(60, person_id=2), idle)))
    law, rank = rules(20), {2: 0, 1: 1}

    plan = arrange(segments=[segment], rules=law, start=EVENING.start, now=NOW, rank=rank)

    assert (plan.parts[0].person_id, plan.parts[0].session_id, plan.end) == (1, "s", EVENING.end)
    assert taken(segments=[segment], plan=plan) == []


def test_full_class_is_opened_anew_by_somebody_else():
    idle = person("19:00-22:00", id=2)
    segment = Segment(candidates=((yoga(free=0, joins_only=False), teacher()), (able(60, person_id=2), idle)))
    asked = {"segments": [segment], "rules": rules(20), "start": EVENING.start, "now": NOW}

    assert arrange(**asked).parts[0].person_id == 2
    assert visit_reasons(**asked) == []


def test_class_among_several_services_is_refused():
    segments = [Segment(candidates=((able(30), person()),)), Segment(candidates=((yoga(), teacher()),))]

    with pytest.raises(ValueError, match="on its own"):
        arrange(segments=segments, rules=rules(), start=at("09:00"), now=NOW)
