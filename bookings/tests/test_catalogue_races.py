"""Several admins at one thing, and guests meanwhile. First shown, every time: what happens without the guard."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.deletion import Collector
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.admin import writing
from bookings.models import (
    Booking,
    Occupancy,
    OpeningHours,
    Service,
    ServiceCategory,
    TeamMember,
    TeamMemberAvailability,
)
from bookings.services import NotBookable, catalogue, locks, records, storing, team
from bookings.tests.factories import at, hold, make_member, make_service
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


# Booked and removed at one moment ------------------------------------------------------------------


@pytest.fixture
def cut(rosa):
    with tenant_context(rosa):
        service = make_service()
        make_member("Ann", performs=[service])
        yield service


def remove_cut():
    catalogue.remove_service(service=Service.objects.get(), **who())


def remove_ann():
    team.remove_member(member=TeamMember.objects.get(), **who())


def elsewhere(business, act):
    """Do it in a transaction of its own, and wait for its end."""

    def run():
        try:
            with tenant_context(business):
                act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result(timeout=20)


@pytest.mark.parametrize("remove", [remove_cut, remove_ann])
@pytest.mark.parametrize("guarded", [False, True])
def test_what_is_removed_while_it_is_booked_cannot_be_booked(rosa, cut, monkeypatch, remove, guarded):
    """The visit is written; then somebody else removes what it is for; then it is committed."""
    write = storing.write

    def write_and_lose(**kwargs):
        write(**kwargs)
        elsewhere(rosa, remove)

    monkeypatch.setattr(storing, "write", write_and_lose)
    if not guarded:
        monkeypatch.setattr(locks, "deadlocks_lose", nullcontext)

    with tenant_context(rosa):
        with pytest.raises(NotBookable if guarded else IntegrityError):
            hold(rosa, cut, at(rosa))

        assert (Booking.objects.count(), Occupancy.objects.count()) == (0, 0)


@pytest.mark.parametrize("remove", [remove_cut, remove_ann])
@pytest.mark.parametrize("guarded", [False, True])
def test_what_is_booked_while_it_is_removed_is_kept(rosa, cut, monkeypatch, remove, guarded):
    """Nothing refers to it; then somebody books it; then it is deleted."""
    delete = Collector.delete

    def book_and_delete(collector):
        monkeypatch.setattr(Collector, "delete", delete)
        elsewhere(rosa, lambda: hold(rosa, cut, at(rosa)))
        return delete(collector)

    monkeypatch.setattr(Collector, "delete", book_and_delete)
    if not guarded:
        monkeypatch.setattr(connection, "check_constraints", lambda: None)

    with tenant_context(rosa):
        with nullcontext() if guarded else pytest.raises(IntegrityError):
            remove()

        assert (Booking.objects.count(), Service.objects.count(), TeamMember.objects.count()) == (1, 1, 1)
        left = (Service.objects.get().active, TeamMember.objects.get().is_active)
        assert left == ((remove is not remove_cut, remove is not remove_ann) if guarded else (True, True))
