"""The salon in which every rule is in play: each of them matters, and the floor knows them all."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django_tenants.utils import tenant_context

from bookings.models import (
    Break,
    Closure,
    Occupancy,
    OpeningHours,
    Resource,
    Service,
    ServiceHours,
    ServiceTeamAssignment,
    SpecialDay,
    SpecialOpening,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from config.bench import rules
from config.bench.results import Result
from config.bench.ruled import floor, salon

AUTUMN = datetime(2026, 11, 2, 12, tzinfo=UTC)
SPRING = datetime(2027, 3, 20, 12, 0, 0, 1, tzinfo=UTC)  # a week before Paris puts its clocks forward


@pytest.fixture(params=[AUTUMN, SPRING], ids=["winter time", "clocks go forward"])
def now(request):
    return request.param


@pytest.fixture
def ruled(db, now):
    """Ten people with a month of visits around `now`."""
    asked = salon.open_salon("ruled", now=now, bookings=1_800)
    with tenant_context(asked.business):
        yield asked


def answers(asked, now):
    """What the floor says for each service; the engine says the same, in the same order."""
    found = []
    for service in asked.booked:
        service = Service.objects.get(pk=service.pk)
        least = rules.least_work(asked, now, service=service)
        ours = rules.answer_of(rules.engine(asked, now, service=service))
        assert ours == least
        assert list(ours) == list(least)
        found.append(least)
    return found


def test_the_floor_and_the_engine_answer_alike(ruled, now):
    cut, colour = answers(ruled, now)

    assert len(cut) > 100
    assert len(colour) > 10
    assert {minutes for found in cut.values() for _, _, minutes in found} == {45, 60}
    assert {price for found in cut.values() for _, price, _ in found} == {4_500, 5_200}


WITHOUT = {
    "opening hours": lambda: OpeningHours.objects.filter(day_of_week=2).delete(),
    "special openings": lambda: SpecialOpening.objects.all().delete(),
    "closures": lambda: Closure.objects.all().delete(),
    "work on closed days": lambda: SpecialDay.objects.filter(open_anyway=True).delete(),
    "special days": lambda: SpecialDay.objects.filter(open_anyway=False).delete(),
    "breaks of everybody": lambda: Break.objects.filter(team_member=None).delete(),
    "breaks of their own": lambda: Break.objects.exclude(team_member=None).delete(),
    "blocks": lambda: TimeBlock.objects.exclude(team_member=None).delete(),
    "blocked chairs": lambda: TimeBlock.objects.exclude(resource=None).delete(),
    "hours for a service": lambda: TeamMemberAvailability.objects.exclude(service=None).delete(),
    "hours of a service": lambda: ServiceHours.objects.update(end_min=1_140),
    "lengths of their own": lambda: ServiceTeamAssignment.objects.update(duration_min=None),
    "prices of their own": lambda: ServiceTeamAssignment.objects.update(price_cents=None),
    "a person's clean-up": lambda: TeamMember.objects.update(buffer_time_minutes=0),
    "a second guest at once": lambda: Occupancy.objects.filter(lane=1).exclude(team_member=None).delete(),
    "buffers": lambda: Service.objects.update(buffer_before_min=0, buffer_after_min=0),
    "processing": lambda: Service.objects.filter(name="Colour").update(phases=[{"kind": "active", "minutes": 135}]),
    "chairs": lambda: Resource.objects.update(quantity=50),
    "notice": lambda: Service.objects.update(min_notice_min=0),
    "horizon": lambda: Service.objects.update(horizon_days=90),
    "visits": lambda: Occupancy.objects.filter(resource=None).delete(),
}


def test_every_rule_shows_in_both_answers(ruled, now):
    before, silent = answers(ruled, now), []

    for rule, drop in WITHOUT.items():
        with transaction.atomic():
            drop()
            silent += [rule] if answers(ruled, now) == before else []
            transaction.set_rollback(True)

    assert silent == []


def test_different_answers_are_not_compared(ruled, now, monkeypatch):
    monkeypatch.setattr(floor, "open_starts", lambda **asked: {0: []})

    with pytest.raises(AssertionError, match="do not answer alike"):
        list(rules._against_floor(ruled, now, 1))


def test_both_services_are_timed(ruled, now):
    results = list(rules._against_floor(ruled, now, 1))

    assert [result.name for result in results if result.met is not None] == [
        "rules: lengths and prices of their own, engine ÷ floor, CPU",
        "rules: processing time, engine ÷ floor, CPU",
    ]
    assert all(isinstance(result, Result) and result.value > 0 for result in results)
