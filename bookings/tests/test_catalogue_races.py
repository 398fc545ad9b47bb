"""Several admins at one thing, at once. First shown: without the salon's lock their plans add up to one nobody wrote."""

import threading

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.models import Service, ServiceCategory, TeamMember, TeamMemberAvailability
from bookings.services import catalogue, records, team
from bookings.tests.racing import at_once
from tenants.models import Business

pytestmark = pytest.mark.django_db(transaction=True)
SHIFTS = [(1, 540, 720), (1, 600, 780), (1, 660, 840)]


def who():
    return {"by": SYSTEM, "now": timezone.now()}


@pytest.fixture
def ann(rosa):
    with tenant_context(rosa):
        yield TeamMember.objects.create(first_name="Ann")


def planning(business, member):
    """An attempt for `at_once`: everybody writes a week of their own."""

    def attempt(number):
        with tenant_context(business):
            team.set_weekly_plan(member=member, shifts=[SHIFTS[number]], **who())

    return attempt


def week_of(member):
    rows = TeamMemberAvailability.objects.filter(team_member=member)
    return sorted(rows.values_list("day_of_week", "start_min", "end_min"))


def test_without_the_lock_plans_add_up(rosa, ann, monkeypatch):
    everybody_has_looked = threading.Barrier(len(SHIFTS))
    create = TeamMemberAvailability.objects.bulk_create

    def wait_and_create(rows):
        everybody_has_looked.wait(timeout=20)
        return create(rows)

    monkeypatch.setattr(records, "lock", lambda: Business.objects.get(pk=rosa.pk))
    monkeypatch.setattr(TeamMemberAvailability.objects, "bulk_create", wait_and_create)

    at_once(len(SHIFTS), planning(rosa, ann))

    assert week_of(ann) == SHIFTS


def test_of_plans_written_at_once_one_remains_whole(rosa, ann):
    for _ in range(5):
        at_once(len(SHIFTS), planning(rosa, ann))

        [left] = week_of(ann)
        assert left in SHIFTS


def test_the_last_free_place_and_a_name_are_given_once(rosa, monkeypatch):
    monkeypatch.setattr(catalogue, "MOST_SERVICES", 3)

    def attempt(number):
        with tenant_context(rosa):
            fields = {"name": "Cut", "duration_min": 60, "price_cents": 5000}
            try:
                catalogue.create_service(business=rosa, fields=fields, **who())
                catalogue.create_category(fields={"name": "Hair"}, **who())
            except (records.NoRoom, catalogue.NameTaken) as exc:
                return exc.code
            return "made"

    outcomes = at_once(5, attempt)

    assert sorted(outcomes) == ["limit_reached"] * 2 + ["made"] + ["name_taken"] * 2
    with tenant_context(rosa):
        assert (Service.objects.count(), ServiceCategory.objects.count()) == (3, 1)
