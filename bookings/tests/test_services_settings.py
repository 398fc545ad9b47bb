"""Changing the booking rules, and moving to another time zone: what is kept, what moves, what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.models import AuditEntry
from bookings.models import Booking, GroupSession, Occupancy, Resource, Seat, Status, TimeBlock
from bookings.services import settings as rules
from bookings.services import zones
from bookings.services.closures import import_closures
from bookings.tests.factories import make_booking, make_member, make_service
from messaging.models import Message
from tenants import hosts
from tenants.models import Business

#: Ten days before the clocks go forward in New York (14 March 2027) and a month before they do in Paris (28 March).
NOW = datetime(2027, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def march():
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def open_all_day(salon, cut):
    return make_member(performs=[cut], works=(0, 1440))


def instant(text, business):
    return datetime.fromisoformat(text).replace(tzinfo=business.zone)


def change(business, keep=None, **changes):
    return rules.change_booking_rules(
        business=business, changes=changes, by=actors.SYSTEM, now=timezone.now(), keep=keep
    )


def stored(business):
    return Business.objects.get(pk=business.pk)


def wall(booking):
    booking.refresh_from_db()
    return booking.booking_tz, booking.local_date.isoformat(), booking.local_time.isoformat("minutes")


# Rules -----------------------------------------------------------------------------------------


def test_rules_are_changed_with_a_line_in_the_trail(salon, django_capture_on_commit_callbacks):
    hosts.business_for(salon.host)

    with django_capture_on_commit_callbacks(execute=True):
        changed = change(salon, min_notice_min=120, horizon_days=30, auto_confirm=True)

    entry = AuditEntry.objects.get()
    assert changed == {"min_notice_min": (60, 120), "horizon_days": (60, 30)}
    assert (entry.action, entry.before, entry.after) == (
        "booking_rules.changed",
        {"min_notice_min": 60, "horizon_days": 60},
        {"min_notice_min": 120, "horizon_days": 30},
    )
    assert (stored(salon).min_notice_min, salon.min_notice_min) == (120, 120)


def test_the_host_is_looked_up_anew_once_the_rules_are_committed(salon, settings, django_capture_on_commit_callbacks):
    settings.HOST_CACHE_SECONDS = 60
    hosts.business_for(salon.host)

    with django_capture_on_commit_callbacks(execute=True):
        change(salon, slot_step_min=30)

    assert hosts.business_for(salon.host).slot_step_min == 30


def test_what_does_not_change_writes_nothing(salon):
    assert change(salon, horizon_days=60) == {}
    assert AuditEntry.objects.count() == 0


def test_only_booking_rules_are_changed_here(salon):
    with pytest.raises(ValueError, match="not to be changed here"):
        change(salon, currency_code="EUR")


@pytest.mark.parametrize(
    ("changes", "service", "sentence", "field"),
    [
        (
            {"min_notice_min": 2881, "horizon_days": 2},
            {},
            "A notice of 2 days 1 min reaches beyond the furthest date, 2 days ahead: nothing could be booked. "
            "Shorten the notice, or allow more days.",
            "min_notice_min",
        ),
        (
            {"horizon_days": 2},
            {"min_notice_min": 4320},
            "“Cut” could not be booked any more: its notice would be 3 days, its furthest date 2 days ahead. "
            "Change the service first.",
            "horizon_days",
        ),
        (
            {"min_notice_min": 2880},
            {"horizon_days": 1},
            "“Cut” could not be booked any more: its notice would be 2 days, its furthest date 1 day ahead. "
            "Change the service first.",
            "min_notice_min",
        ),
    ],
    ids=["its own", "a service's notice", "a service's furthest date"],
)
def test_a_notice_beyond_the_furthest_date_is_refused(salon, changes, service, sentence, field):
    make_service(**service)

    with pytest.raises(rules.RulesContradict) as refused:
        change(salon, **changes)

    assert (str(refused.value), refused.value.field) == (sentence, field)
    assert (stored(salon).min_notice_min, stored(salon).horizon_days) == (60, 60)
    assert AuditEntry.objects.count() == 0


def test_services_that_are_not_on_offer_do_not_count(salon):
    make_service(min_notice_min=4320, active=False)

    change(salon, horizon_days=2)

    assert stored(salon).horizon_days == 2


# Another time zone -----------------------------------------------------------------------------


@pytest.mark.usefixtures("march", "open_all_day")
class TestZones:
    def test_nothing_is_saved_until_one_of_both_is_chosen(self, salon, cut):
        visit = make_booking(salon, cut, instant("2027-03-10 10:00", salon))

        with pytest.raises(rules.ZoneUndecided) as asked:
            change(salon, timezone="Europe/Paris", horizon_days=30)

        assert asked.value.visits == 1
        assert (stored(salon).timezone, stored(salon).horizon_days) == ("America/New_York", 60)
        assert wall(visit) == ("America/New_York", "2027-03-10", "10:00")

    def test_without_visits_there_is_nothing_to_ask(self, salon):
        change(salon, timezone="Europe/Paris")

        assert stored(salon).timezone == "Europe/Paris"

    @pytest.mark.parametrize(
        ("day", "before", "after"),
        [
            ("2027-03-10", "2027-03-10T15:00:00+00:00", "2027-03-10T09:00:00+00:00"),
            ("2027-03-15", "2027-03-15T14:00:00+00:00", "2027-03-15T09:00:00+00:00"),
            ("2027-03-29", "2027-03-29T14:00:00+00:00", "2027-03-29T08:00:00+00:00"),
        ],
        ids=["winter in both", "summer in one", "summer in both"],
    )
    def test_walls_are_kept_across_the_clock_changes(self, salon, cut, day, before, after):
        visit = make_booking(salon, cut, instant(f"{day} 10:00", salon))
        assert visit.start_at.isoformat() == before

        change(salon, zones.WALLS, timezone="Europe/Paris")

        assert wall(visit) == ("Europe/Paris", day, "10:00")
        item, row = visit.items.get(), Occupancy.objects.get()
        assert [each.isoformat() for each in (visit.start_at, item.start_at, row.starts_at)] == [after] * 3
        assert {each - timedelta(hours=1) for each in (visit.end_at, item.end_at, row.ends_at)} == {visit.start_at}

    def test_customers_are_told_where_the_instant_changes(self, salon, cut):
        visit = make_booking(salon, cut, instant("2027-03-10 10:00", salon))
        Booking.objects.update(moved_from={"start_at": "2027-03-09T15:00:00+00:00"})

        change(salon, zones.WALLS, timezone="Europe/Paris")

        visit.refresh_from_db()
        mail = Message.objects.get(kind="booking_rescheduled")
        assert (mail.subject, visit.sequence, visit.moved_from) == (
            "Moved to Wed 10 Mar, 10:00 at Rosa Studio",
            1,
            None,
        )
        assert visit.consent["free_until"] == "2027-03-09T09:00:00+00:00"
        entry = AuditEntry.objects.get(action="booking.rescheduled")
        assert (entry.before, entry.after) == (
            {"start_at": "2027-03-10T15:00:00+00:00"},
            {"start_at": "2027-03-10T09:00:00+00:00"},
        )

    def test_a_zone_with_the_same_clock_moves_nobody(self, salon, cut):
        visit = make_booking(salon, cut, instant("2027-03-10 10:00", salon))

        change(salon, zones.WALLS, timezone="America/Toronto")

        entry = AuditEntry.objects.get(action="booking_rules.changed")
        assert wall(visit) == ("America/Toronto", "2027-03-10", "10:00")
        assert entry.after == {"timezone": "America/Toronto", "visits_kept": "walls"}
        assert (visit.sequence, Message.objects.filter(kind="booking_rescheduled").count()) == (0, 0)

    @pytest.mark.parametrize(
        ("start", "local"),
        [("2027-03-10 10:00", ("2027-03-10", "16:00")), ("2027-03-15 20:00", ("2027-03-16", "01:00"))],
        ids=["winter in both", "summer in one, the next day"],
    )
    def test_instants_are_kept(self, salon, cut, start, local):
        visit = make_booking(salon, cut, instant(start, salon))
        before = visit.start_at

        change(salon, zones.INSTANTS, timezone="Europe/Paris")

        assert wall(visit) == ("Europe/Paris", *local)
        assert (visit.start_at, visit.items.get().start_at, Occupancy.objects.get().starts_at) == (before,) * 3
        assert (visit.sequence, Message.objects.filter(kind="booking_rescheduled").count()) == (0, 0)

    def test_visits_one_after_the_other_all_move(self, salon, cut):
        visits = [make_booking(salon, cut, instant(f"2027-03-10 {hour}:00", salon)) for hour in (10, 11, 12, 13)]

        change(salon, zones.WALLS, timezone="America/Chicago")

        assert [wall(visit)[2] for visit in visits] == ["10:00", "11:00", "12:00", "13:00"]
        assert Occupancy.objects.count() == 4

    def test_visits_that_would_meet_are_named_and_nothing_moves(self, salon, cut):
        change(salon, timezone="America/Phoenix")
        salon.refresh_from_db()
        early = make_booking(salon, cut, instant("2027-03-14 02:00", salon))
        late = make_booking(salon, cut, instant("2027-03-14 03:00", salon))
        starts = list(Booking.objects.order_by("start_at").values_list("start_at", "booking_tz"))

        with pytest.raises(zones.VisitsClash) as refused:
            change(salon, zones.WALLS, timezone="America/New_York")

        one, other = sorted((early.ref, late.ref))
        assert (
            str(refused.value)
            == f"On the new wall these visits would overlap: {one} and {other}. Move one of each pair first."
        )
        assert list(Booking.objects.order_by("start_at").values_list("start_at", "booking_tz")) == starts
        assert (stored(salon).timezone, Occupancy.objects.count()) == ("America/Phoenix", 2)

    def test_a_visit_is_never_moved_into_the_past(self, salon, cut):
        visit = make_booking(salon, cut, instant("2027-03-04 09:00", salon))

        with pytest.raises(zones.VisitsClash) as refused:
            change(salon, zones.WALLS, timezone="Europe/Paris")

        assert str(refused.value) == (
            f"On the new wall these visits would lie in the past: {visit.ref} (Thu 4 Mar, 09:00). Move them first."
        )
        assert (stored(salon).timezone, wall(visit)[0]) == ("America/New_York", "America/New_York")

    def test_classes_blocks_and_rooms_move_along(self, salon, cut, open_all_day):
        start = instant("2027-03-15 10:00", salon)
        visit = make_booking(salon, cut, start)
        room = Resource.objects.create(name="Room")
        item = visit.items.get()
        Occupancy.objects.create(item=item, resource=room, starts_at=start, ends_at=start + timedelta(hours=1))
        later = start + timedelta(hours=3)
        session = GroupSession.objects.create(
            service=cut, team_member=open_all_day, start_at=later, end_at=later + timedelta(hours=1), scheduled=True
        )
        Seat.objects.create(session=session, number=1)
        Occupancy.objects.create(
            session=session, team_member=open_all_day, starts_at=later, ends_at=later + timedelta(hours=1)
        )
        block = TimeBlock.objects.create(
            resource=room, starts_at=start + timedelta(days=1), ends_at=start + timedelta(days=1, hours=2)
        )

        change(salon, zones.WALLS, timezone="Europe/Paris")

        salon.refresh_from_db()
        session.refresh_from_db()
        block.refresh_from_db()
        assert Occupancy.objects.get(resource=room).starts_at == instant("2027-03-15 10:00", salon)
        assert (
            session.start_at == Occupancy.objects.get(session=session).starts_at == instant("2027-03-15 13:00", salon)
        )
        assert (block.starts_at, block.ends_at) == (
            instant("2027-03-16 10:00", salon),
            instant("2027-03-16 12:00", salon),
        )

    def test_holds_move_silently_and_what_is_over_stays(self, salon, cut):
        past = make_booking(salon, cut, instant("2027-03-10 12:00", salon))
        Booking.objects.filter(pk=past.pk).update(status=Status.CANCELED)
        held = make_booking(salon, cut, instant("2027-03-10 10:00", salon), status=Status.HOLD)
        until = NOW + timedelta(minutes=10)  # a hold's end is the database's time, which does not travel
        Booking.objects.filter(pk=held.pk).update(hold_expires_at=until)
        held.items.get().occupancy.update(expires_at=until)

        change(salon, zones.WALLS, timezone="Europe/Paris")

        assert wall(held) == ("Europe/Paris", "2027-03-10", "10:00")
        assert held.items.get().occupancy.get().starts_at == held.start_at
        assert wall(past) == ("America/New_York", "2027-03-10", "12:00")
        assert Message.objects.filter(kind="booking_rescheduled").count() == 0

    @pytest.mark.parametrize("keep", zones.CHOICES)
    def test_the_other_salon_is_untouched(self, salon, other_salon, cut, keep):
        make_booking(salon, cut, instant("2027-03-10 10:00", salon))
        with tenant_context(other_salon):
            theirs = make_service("Coupe")
            make_member(performs=[theirs], works=(0, 1440))
            visit = make_booking(other_salon, theirs, instant("2027-03-10 10:00", other_salon))
            before = Booking.objects.filter(pk=visit.pk).values().get()

        change(salon, keep, timezone="Asia/Tokyo")

        with tenant_context(other_salon):
            assert Booking.objects.filter(pk=visit.pk).values().get() == before
            assert AuditEntry.objects.filter(action="booking.rescheduled").count() == 0
        assert stored(other_salon).timezone == "Europe/Paris"


# Closures from public holidays -----------------------------------------------------------------


def test_holidays_are_imported_once(salon):
    from bookings import holidays
    from bookings.models import Closure, SpecialOpening

    Closure.objects.create(start_date=date(2027, 12, 20), end_date=date(2027, 12, 25))
    SpecialOpening.objects.create(date=date(2027, 11, 30), shifts=[[540, 720]])
    days = holidays.public_holidays(country="GB", region="SCT", years=[2027])

    made = [import_closures(days=days[-5:], by=actors.SYSTEM, now=timezone.now()) for _ in range(2)]

    assert [[closure.reason for closure in closures] for closures in made] == [
        ["Boxing Day", "Christmas Day (observed)", "Boxing Day (observed)"],
        [],
    ]
    entries = AuditEntry.objects.filter(action="closure.added").values_list("after", flat=True)
    assert sorted(entries, key=lambda after: after["start_date"])[0] == {
        "start_date": "2027-12-26",
        "end_date": "2027-12-26",
        "reason": "Boxing Day",
    }
