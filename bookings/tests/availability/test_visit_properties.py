"""D14 for visits: a start is offered exactly when there is no reason against it, and what is arranged stands."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.availability import Person, Resource, Segment, arrange, day_span, plans, taken, visit_reasons

from .test_properties import salons

WAITS = st.sampled_from((0, 10, 30))


@st.composite
def visits(draw):
    """Two or three services, near a clock change or not, of up to two people, with a chair that comes in two at most."""
    salon_days = [draw(salons()) for _ in range(draw(st.integers(1, 2)))]
    day, first = salon_days[0]
    people = [as_other(asked["person"], number) for number, (_, asked) in enumerate(salon_days)]
    chair = Resource(id="chair", name="Chair", capacity=draw(st.integers(1, 2)), busy=first["person"].busy[:1])
    segments = []
    for number in range(draw(st.integers(2, 3))):
        able = draw(st.sampled_from([asked["able"] for _, asked in salon_days]))
        resources = draw(st.sampled_from(((), (chair,))))
        chosen = draw(st.sampled_from([people, people[:1], people[-1:]]))
        candidates = tuple((replace(able, person_id=who.id, resources=resources), who) for who in chosen)
        together = number > 0 and draw(st.booleans())
        segments.append(Segment(candidates=candidates, name=f"S{number}", together=together))
    asked = {"segments": segments, "rules": first["rules"], "now": first["now"], "max_wait_min": draw(WAITS)}
    return day, asked


def as_other(person, number) -> Person:
    return replace(person, id=number, name=f"P{number}")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(visits(), st.integers(0, 599))
def test_visit_is_offered_exactly_when_there_is_no_reason_against_it(visit, shift):
    day, asked = visit
    opens, closes = day_span(day, asked["rules"].zone)

    offered = {plan.start for plan in plans(**asked, first=day, last=day)}

    sample = set(sorted(offered)[:10]) | set(range(opens, closes, 5400)) | set(range(opens + shift, closes, 9600))
    assert {start for start in sample if not visit_reasons(**asked, start=start)} == offered & sample
    assert {start for start in sample if arrange(**asked, start=start)} == offered & sample


@settings(max_examples=60, deadline=None, derandomize=True)
@given(visits())
def test_visits_of_a_range_are_those_of_its_dates_and_have_lanes(visit):
    day, asked = visit
    around = [day + timedelta(days=n) for n in range(-1, 2)]

    at_once = plans(**asked, first=around[0], last=around[-1])

    assert [plan.start for plan in at_once] == [
        plan.start for date in around for plan in plans(**asked, first=date, last=date)
    ]
    people = {(part.segment, part.person_id) for plan in at_once for part in plan.parts}
    rows = [row for plan in at_once for row in taken(segments=asked["segments"], plan=plan)]
    assert {(row.segment, row.person_id) for row in rows if row.resource_id is None} == people
