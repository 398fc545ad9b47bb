"""Several admins at one thing, at once. First shown: without the salon's lock their plans add up to one nobody wrote."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.admin import writing
from bookings.models import OpeningHours, Service, ServiceCategory, TeamMember, TeamMemberAvailability
from bookings.services import catalogue, records, team
from bookings.tests.racing import at_once
from tenants.models import Business, Membership, Role, User

pytestmark = pytest.mark.django_db(transaction=True)
#: Longer than anybody waits for a row here.
PATIENCE = 10
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


@pytest.fixture
def desk(rosa, client_for):
    """An admin's browser at rosa."""
    user = User.objects.create_user("admin@rosa.example", "correct horse battery")
    Membership.objects.create(user=user, business=rosa, role=Role.ADMIN)
    return client_for(rosa, user)


def somebody_waits():
    """Whether a statement of this database waits for a row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return cursor.fetchone()[0]


def race_of_hours(business, desk):
    """A program opens the salon from nine to twelve; meanwhile a browser opens it from ten. Whether the browser waited."""
    written, answered = threading.Event(), threading.Event()

    def program():
        with tenant_context(business), transaction.atomic():
            team.set_opening_hours(shifts=[(1, 540, 720)], **who())
            written.set()
            until = time.monotonic() + PATIENCE
            while not (waited := somebody_waits()) and not answered.is_set() and time.monotonic() < until:
                answered.wait(0.02)
            return waited

    def browser():
        written.wait(PATIENCE)
        answer = desk.post(
            "/admin/bookings/openinghours/add/", {"day_of_week": 1, "start_min": "10:00", "end_min": "11:00"}
        )
        answered.set()
        return answer.status_code

    return at_once(2, lambda number: (program, browser)[number]())


def test_without_the_lock_a_page_opens_what_a_program_has_opened(rosa, desk, monkeypatch):
    monkeypatch.setattr(writing.records, "lock", lambda: Business.objects.get(pk=rosa.pk))

    assert race_of_hours(rosa, desk) == [False, 302]

    with tenant_context(rosa):
        assert OpeningHours.objects.count() == 2


def test_a_page_waits_for_a_program_and_sees_its_hours(rosa, desk):
    assert race_of_hours(rosa, desk) == [True, 200]

    with tenant_context(rosa):
        assert [str(row) for row in OpeningHours.objects.all()] == ["Monday 09:00–12:00"]
