"""Busy times of another calendar block the person: in the engine, for as long as the calendar is there."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import stranded
from bookings.models import TimeBlock
from bookings.services import team
from bookings.services.errors import SlotTaken
from bookings.tests.factories import DETAILS, at, make_booking, make_member
from feeds import queries, services
from feeds.models import BusyCalendar
from feeds.tests.making import by, event_at, ics_of
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


@pytest.fixture
def boss(standing):
    return standing("admin")


@pytest.fixture
def bring(salon, boss, ann):
    """`bring(events…)`: Ann's other calendar, from a file of them."""

    def read(*events, name="Private", member=ann, data=None):
        return services.add_file(
            business=salon,
            membership=boss,
            by=by(boss),
            team_member=member,
            name=name,
            data=ics_of(*events) if data is None else data,
            now=timezone.now(),
        )

    return read


def lunch(salon, clock="12:00", hours=1, *more):
    return event_at(at(salon, clock), at(salon, clock) + timedelta(hours=hours), *more)


def blocks():
    return [(block.starts_at, block.ends_at, block.reason) for block in TimeBlock.objects.order_by("starts_at")]


def replaced(salon, boss, calendar, *events):
    return services.replace_file(
        business=salon, membership=boss, by=by(boss), calendar=calendar, data=ics_of(*events), now=timezone.now()
    )


def test_nobody_books_what_is_busy_elsewhere(salon, cut, bring):
    calendar, done = bring(lunch(salon))

    assert (done.added, done.removed, done.odd) == (1, 0, 0)
    assert blocks() == [(at(salon, "12:00"), at(salon, "13:00"), "Busy: Private")]
    for clock in ("11:30", "12:00", "12:30"):
        with pytest.raises(SlotTaken):
            make_booking(salon, cut, at(salon, clock))
    assert make_booking(salon, cut, at(salon, "13:00")).start_at == at(salon, "13:00")
    assert calendar.read_until >= (timezone.now() + timedelta(days=salon.horizon_days)).date()


def test_words_of_the_other_calendar_are_not_kept(salon, bring):
    bring(lunch(salon, "12:00", 1, "SUMMARY:Dentist", "LOCATION:Secret street"))

    assert "Dentist" not in str(list(TimeBlock.objects.values())) + str(list(AuditEntry.objects.values()))


def test_a_newer_file_replaces_what_was_read_and_nothing_else(salon, boss, ann, bring):
    team.add_time_block(
        member=ann, starts_at=at(salon, "09:00"), ends_at=at(salon, "10:00"), by=by(boss), now=timezone.now()
    )
    bring(lunch(salon, "16:00"), name="Club")
    calendar, _ = bring(lunch(salon, "12:00"), lunch(salon, "14:00"))
    kept = TimeBlock.objects.get(starts_at=at(salon, "14:00"))

    done = replaced(salon, boss, calendar, lunch(salon, "14:00"), lunch(salon, "15:30", 0.5))

    assert (done.added, done.removed) == (1, 1)
    assert [start for start, _, _ in blocks()] == [at(salon, clock) for clock in ("09:00", "14:00", "15:30", "16:00")]
    assert TimeBlock.objects.get(starts_at=at(salon, "14:00")) == kept


def test_the_same_file_again_writes_nothing(salon, boss, bring):
    calendar, _ = bring(lunch(salon))
    lines = AuditEntry.objects.count()

    done = replaced(salon, boss, calendar, lunch(salon))

    assert (done.added, done.removed, AuditEntry.objects.count()) == (0, 0, lines)


def test_a_file_that_is_no_good_changes_nothing(salon, boss, bring):
    calendar, _ = bring(lunch(salon))

    with pytest.raises(services.NotRead, match="not a calendar"):
        services.replace_file(
            business=salon, membership=boss, by=by(boss), calendar=calendar, data=b"<html>", now=timezone.now()
        )
    with pytest.raises(services.NotRead):
        bring(data=b"")

    assert len(blocks()) == 1
    assert BusyCalendar.objects.count() == 1


def test_its_blocks_go_with_it(salon, boss, bring):
    bring(lunch(salon, "16:00"), name="Club")
    calendar, _ = bring(lunch(salon))

    services.remove_calendar(membership=boss, by=by(boss), calendar=calendar, now=timezone.now())

    assert [reason for *_, reason in blocks()] == ["Busy: Club"]
    assert list(AuditEntry.objects.order_by("at", "pk").values_list("action", flat=True)) == [
        "busy_calendar.added",
        "busy_calendar.added",
        "busy_calendar.removed",
    ]


def test_visits_in_it_stay_and_are_named(salon, cut, ann, bring):
    bob = make_member("Bob", performs=[cut])
    inside = make_booking(salon, cut, at(salon, "12:00"), team_member=ann)
    make_booking(salon, cut, at(salon, "12:00"), team_member=bob, details=replace(DETAILS, email="bea@example.com"))
    make_booking(salon, cut, at(salon, "13:00"), team_member=ann)

    calendar, _ = bring(lunch(salon))

    assert stranded.in_read_blocks(source_id=calendar.pk, now=timezone.now()) == [inside]
    inside.refresh_from_db()
    assert inside.status == "confirmed"


def test_an_old_copy_of_our_own_visit_blocks_nothing(salon, cut, ann, bring):
    """Its invitation is in Ann's own calendar: moved here, it must not stand there in its own way."""
    booking = make_booking(salon, cut, at(salon, "12:00"))

    _, ours = bring([f"UID:{booking.pk}@{settings.PLATFORM_DOMAIN}", *lunch(salon)])
    _, anothers = bring([f"UID:{ann.pk}@{settings.PLATFORM_DOMAIN}", *lunch(salon)], name="Elsewhere")

    assert (ours.added, anothers.added) == (0, 1)


def test_it_is_not_moved_or_removed_by_hand(salon, boss, bring):
    bring(lunch(salon))
    block, who = TimeBlock.objects.get(), {"by": by(boss), "now": timezone.now()}

    with pytest.raises(team.ReadElsewhere):
        team.remove_time_block(time_block=block, **who)
    with pytest.raises(team.ReadElsewhere):
        team.change_time_block(time_block=block, fields={"ends_at": at(salon, "15:00")}, **who)

    assert blocks() == [(at(salon, "12:00"), at(salon, "13:00"), "Busy: Private")]


def test_the_database_takes_one_start_once_of_a_source_and_for_people_only(salon, bring):
    bring(lunch(salon))
    block = TimeBlock.objects.get()

    for wrong in ({"team_member": block.team_member}, {"resource_id": block.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TimeBlock.objects.create(
                starts_at=block.starts_at, ends_at=block.ends_at, source_id=block.source_id, **wrong
            )


def test_more_than_may_be_blocked_is_refused_as_a_whole(salon, bring):
    start = at(salon, "12:00")
    many = [event_at(start + timedelta(hours=n), start + timedelta(hours=n, minutes=30)) for n in range(2001)]

    with pytest.raises(services.NotRead, match="too many to block"):
        bring(*many)

    assert (TimeBlock.objects.count(), BusyCalendar.objects.count()) == (0, 0)


def test_a_person_has_at_most_ten(salon, bring):
    for number in range(10):
        bring(lunch(salon), name=f"No. {number}")

    with pytest.raises(services.TooManyCalendars):
        bring(lunch(salon))


@pytest.mark.parametrize(
    ("role", "own", "anothers"),
    [("owner", True, True), ("admin", True, True), ("staff", True, False), ("viewer", False, False)],
)
def test_who_may_bring_one_in(salon, standing, role, own, anothers):
    membership = standing(role)
    people = {make_member("Own", user_id=membership.user_id): own, make_member("Other"): anothers}

    for person, may in people.items():
        asked = {"membership": membership, "by": SYSTEM, "team_member": person, "name": "x", "data": ics_of()}
        if may:
            services.add_file(business=salon, now=timezone.now(), **asked)
        else:
            with pytest.raises(services.NotYours):
                services.add_file(business=salon, now=timezone.now(), **asked)

    assert BusyCalendar.objects.count() == own + anothers
    assert len(queries.calendars_of(membership)) == own + anothers


def test_another_salons_person_is_not_blocked(salon, other_salon, bring):
    bring(lunch(salon))

    with tenant_context(other_salon):
        assert (TimeBlock.objects.count(), BusyCalendar.objects.count()) == (0, 0)
