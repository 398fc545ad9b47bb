from datetime import timedelta

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import services
from bookings.models import Booking, BookingItem, Closure, Occupancy, OpeningHours, Status, TimeBlock
from bookings.services import holds, placing
from bookings.services.holds import LONGEST_HOLD, REF_ALPHABET, database_now
from bookings.signals import booking_lapsed
from bookings.tests.factories import at, hold, make_booking, make_member, make_service, submit

ELSEWHERE = "203.0.113.7"
EVA = services.Details("Eva Lind", "eva@example.com", "+12125550166")


def counts():
    return Booking.objects.count(), BookingItem.objects.count(), Occupancy.objects.count()


def run_out(booking):
    """The hold's ten minutes are over."""
    past = timezone.now() - timedelta(seconds=1)
    Booking.objects.filter(pk=booking.pk).update(hold_expires_at=past)
    Occupancy.objects.filter(item__booking=booking).update(expires_at=past)


def test_a_hold_promises_time_person_and_price(salon, cut, ann):
    before = database_now()

    booking = hold(salon, cut, at(salon), browser_key="b")

    assert (booking.status, booking.team_member, booking.price_cents) == (Status.HOLD, ann, 5000)
    assert (booking.start_at, booking.end_at) == (at(salon), at(salon, "11:00"))
    assert timedelta(0) <= booking.hold_expires_at - before - timedelta(minutes=10) < timedelta(seconds=5)
    assert (str(booking.local_time), booking.booking_tz) == ("10:00:00", "America/New_York")
    assert len(booking.ref) == 8
    assert set(booking.ref) <= set(REF_ALPHABET)
    row = Occupancy.objects.get()
    assert (row.starts_at, row.ends_at, row.expires_at) == (at(salon), at(salon, "11:00"), booking.hold_expires_at)


def test_what_was_agreed_is_copied(salon, ann, cut):
    cut.instructions, cut.buffer_after_min = "Come with dry hair.", 15
    cut.save()
    booking = hold(salon, cut, at(salon))
    cut.name, cut.price_cents = "Renamed", 9900
    cut.save()

    booking.refresh_from_db()

    assert booking.service_snapshot == {
        "service_id": str(cut.pk),
        "name": "Cut",
        "duration_min": 60,
        "price_cents": 5000,
        "currency_code": "USD",
        "phases": [{"kind": "active", "minutes": 60}],
        "buffer_before_min": 0,
        "buffer_after_min": 15,
        "resources": [],
        "instructions": "Come with dry hair.",
    }


def test_processing_time_leaves_the_person_free(salon):
    phases = [
        {"kind": "active", "minutes": 30},
        {"kind": "processing", "minutes": 45},
        {"kind": "active", "minutes": 45},
    ]
    colour = make_service("Colour", minutes=120, phases=phases)
    cut = make_service(minutes=45)
    make_member(performs=[colour, cut])

    hold(salon, colour, at(salon, "09:00"))

    between = hold(salon, cut, at(salon, "09:30"))
    assert between.end_at == at(salon, "10:15")
    assert Occupancy.objects.count() == 3


def test_a_party_pays_for_everybody(salon):
    class_ = make_service("Class", allow_group_booking=True, max_group_size=3)
    make_member(performs=[class_])

    booking = hold(salon, class_, at(salon), party_size=3)

    assert (booking.attendee_count, booking.price_cents) == (3, 15000)


@pytest.mark.parametrize(
    ("fields", "how"),
    [
        ({"active": False}, {}),
        ({"deleted_at": timezone.now()}, {}),
        ({}, {"party_size": 2}),
        ({}, {"party_size": 0}),
        ({"allow_group_booking": True, "max_group_size": 3}, {"party_size": 4}),
        ({"requires_team_member_selection": True}, {}),
    ],
)
def test_what_cannot_be_booked_is_refused(salon, fields, how):
    service = make_service(**fields)
    make_member(performs=[service])

    with pytest.raises(services.NotBookable):
        hold(salon, service, at(salon), **how)

    assert counts() == (0, 0, 0)


@pytest.mark.parametrize("somebody", ["nobody performs it", "another person", "inactive"])
def test_only_those_who_perform_it_can_be_booked(salon, cut, somebody):
    member = make_member("Bob", performs=[cut] if somebody == "inactive" else [], is_active=somebody != "inactive")

    with pytest.raises(services.NotBookable):
        hold(salon, cut, at(salon), team_member=None if somebody == "nobody performs it" else member)

    assert counts() == (0, 0, 0)


@pytest.mark.parametrize(
    ("clock", "code"),
    [("08:00", "not_working"), ("16:30", "runs_past_end"), ("10:05", "off_grid"), ("20:00", "not_working")],
)
def test_the_engine_judges_again_when_writing(salon, cut, ann, clock, code):
    with pytest.raises(services.RuleBroken) as caught:
        hold(salon, cut, at(salon, clock))

    assert caught.value.reasons[0].code == code
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize("rule", ["notice", "horizon", "closure", "hours"])
def test_the_salons_rules_hold_when_writing(salon, cut, ann, rule):
    start = at(salon, days=59 if rule == "horizon" else 1)
    if rule == "notice":
        salon.min_notice_min = 72 * 60
    elif rule == "horizon":
        salon.horizon_days = 58
    elif rule == "closure":
        Closure.objects.create(start_date=start.date(), end_date=start.date())
    else:
        OpeningHours.objects.create(day_of_week=start.isoweekday(), start_min=12 * 60, end_min=13 * 60)

    with pytest.raises(services.RuleBroken):
        hold(salon, cut, start)

    assert counts() == (0, 0, 0)


def test_a_taken_time_offers_the_three_nearest(salon, cut, ann):
    hold(salon, cut, at(salon))

    with pytest.raises(services.SlotTaken) as caught:
        hold(salon, cut, at(salon))

    assert [slot.label for slot in caught.value.alternatives] == ["09:00", "11:00", "11:15"]
    assert counts() == (1, 1, 1)


def test_a_time_block_is_taken_time(salon, cut, ann):
    TimeBlock.objects.create(team_member=ann, starts_at=at(salon), ends_at=at(salon, "11:00"))

    with pytest.raises(services.SlotTaken):
        hold(salon, cut, at(salon))


def test_touching_is_not_overlapping(salon, cut, ann):
    hold(salon, cut, at(salon))

    assert hold(salon, cut, at(salon, "09:00")).status == Status.HOLD
    assert hold(salon, cut, at(salon, "11:00")).status == Status.HOLD


def test_capacity_is_a_number_of_lanes(salon, cut):
    make_member(performs=[cut], max_concurrent_bookings=2)

    lanes = [hold(salon, cut, at(salon)).items.get().occupancy.get().lane for _ in range(2)]

    assert lanes == [0, 1]
    with pytest.raises(services.SlotTaken):
        hold(salon, cut, at(salon))


def test_anyone_is_whoever_has_less_to_do_that_day(salon, cut, ann):
    bob = make_member("Bob", performs=[cut])
    hold(salon, cut, at(salon, "14:00"), team_member=ann)

    assert hold(salon, cut, at(salon)).team_member == bob
    assert hold(salon, cut, at(salon)).team_member == ann


def test_a_visitor_keeps_one_time_at_a_time(salon, cut, ann):
    first = hold(salon, cut, at(salon), browser_key="b")

    second = hold(salon, cut, at(salon, "12:00"), browser_key="b")

    first.refresh_from_db()
    assert (first.status, second.status) == (Status.EXPIRED, Status.HOLD)
    assert Occupancy.objects.get().item.booking == second


def test_a_visitors_own_hold_is_not_in_the_way(salon, cut, ann):
    hold(salon, cut, at(salon), browser_key="b")

    assert hold(salon, cut, at(salon, "10:15"), browser_key="b").status == Status.HOLD


def test_a_refused_hold_keeps_the_visitors_earlier_one(salon, cut, ann):
    kept = hold(salon, cut, at(salon), browser_key="b")
    hold(salon, cut, at(salon, "12:00"), browser_key="somebody else")

    with pytest.raises(services.SlotTaken):
        hold(salon, cut, at(salon, "12:00"), browser_key="b")

    kept.refresh_from_db()
    assert kept.status == Status.HOLD


def test_one_address_keeps_five_times(salon, cut, ann):
    for clock in ("09:00", "10:00", "11:00", "12:00", "13:00"):
        hold(salon, cut, at(salon, clock), address=ELSEWHERE)

    with pytest.raises(services.TooManyHolds):
        hold(salon, cut, at(salon, "14:00"), address=ELSEWHERE)

    assert hold(salon, cut, at(salon, "14:00"), address="198.51.100.1").status == Status.HOLD


def test_a_loopback_address_is_not_counted(salon, cut, ann):
    for clock in ("09:00", "10:00", "11:00", "12:00", "13:00", "14:00"):
        hold(salon, cut, at(salon, clock), address="127.0.0.1")

    assert Booking.objects.count() == 6


def test_what_ran_out_is_in_nobodys_way(salon, cut, ann):
    stale = hold(salon, cut, at(salon))
    run_out(stale)

    fresh = hold(salon, cut, at(salon))

    stale.refresh_from_db()
    assert (stale.status, fresh.status) == (Status.EXPIRED, Status.HOLD)


def test_an_extension_is_five_minutes_up_to_half_an_hour(salon, cut, ann):
    booking = hold(salon, cut, at(salon))

    ends = [services.extend_hold(booking=booking).hold_expires_at for _ in range(6)]

    booking.refresh_from_db()
    minutes = [round((end - booking.created_at).total_seconds() / 60) for end in ends]
    assert minutes == [15, 20, 25, 30, 30, 30]
    assert ends[-1] == booking.created_at + LONGEST_HOLD
    assert Occupancy.objects.get().expires_at == ends[-1]


@pytest.mark.parametrize("step", ["extend", "submit", "confirm"])
def test_a_hold_that_ran_out_is_over(salon, cut, ann, step):
    booking = hold(salon, cut, at(salon))
    if step == "confirm":
        submit(salon, booking)
    run_out(booking)

    with pytest.raises(services.HoldExpired):
        if step == "extend":
            services.extend_hold(booking=booking)
        elif step == "submit":
            submit(salon, booking)
        else:
            services.confirm_booking(business=salon, booking=booking, now=timezone.now())

    booking.refresh_from_db()
    assert booking.status == (Status.PENDING if step == "confirm" else Status.HOLD)


def test_run_out_holds_and_orders_are_ended_together(salon, cut, ann):
    held, ordered = hold(salon, cut, at(salon)), submit(salon, hold(salon, cut, at(salon, "12:00")))
    kept, running = make_booking(salon, cut, at(salon, "14:00")), hold(salon, cut, at(salon, "16:00"))
    run_out(held)
    run_out(ordered)
    heard = []
    booking_lapsed.connect(heard_by := lambda sender, booking, **kwargs: heard.append(booking.pk))

    try:
        ended = [services.expire_holds() for _ in range(2)]
    finally:
        booking_lapsed.disconnect(heard_by)

    assert ended == [2, 0]
    assert sorted(heard) == sorted([held.pk, ordered.pk])
    assert [Booking.objects.get(pk=row.pk).status for row in (held, ordered, kept, running)] == [
        "expired",
        "failed",
        "confirmed",
        "hold",
    ]
    assert Occupancy.objects.count() == 2


def test_a_hold_leaves_no_trail(salon, cut, ann):
    services.release_hold(booking=hold(salon, cut, at(salon)))

    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("status", ["hold", "pending", "confirmed"])
def test_release_ends_holds_and_orders_never_promises(salon, cut, ann, status):
    booking = make_booking(salon, cut, at(salon), status=status)

    services.release_hold(booking=booking)
    services.release_hold(booking=booking)

    booking.refresh_from_db()
    assert booking.status == {"hold": "expired", "pending": "failed", "confirmed": "confirmed"}[status]
    assert Occupancy.objects.exists() == (status == "confirmed")


def test_a_fraction_of_a_second_is_rounded_as_the_engine_rounds(salon, cut, ann):
    booking = hold(salon, cut, at(salon) - timedelta(milliseconds=500))

    assert (booking.start_at, Occupancy.objects.get().starts_at) == (at(salon), at(salon))


def test_salons_hold_apart(salon, other_salon, cut, ann):
    from django_tenants.utils import tenant_context

    hold(salon, cut, at(salon))

    with tenant_context(other_salon):
        assert counts() == (0, 0, 0)


def test_between_equals_it_is_the_turn_of_who_waited_longest(salon, cut):
    people = [make_member(name, performs=[cut]) for name in ("Ann", "Bob", "Cleo")]

    turns = [hold(salon, cut, at(salon, days=day)).team_member for day in range(3, 9)]

    assert set(turns[:3]) == set(people)
    assert turns[3:] == turns[:3]


@pytest.fixture
def faster(monkeypatch):
    """`faster(item)`: somebody who takes no locks gets the person between our look and our writing, once."""

    def get_between(item):
        real, left = placing.find_plan, [item]

        def find_plan(**how):
            plan = real(**how)
            for item in left[:]:
                [part] = plan.parts
                Occupancy.objects.create(
                    item=item, team_member_id=part.person_id, lane=0, starts_at=part.start_at, ends_at=part.end_at
                )
                left.remove(item)
            return plan

        monkeypatch.setattr(placing, "find_plan", find_plan)

    return get_between


def test_who_loses_at_the_constraint_gets_the_next_able_person(salon, cut, ann, faster):
    bob = make_member("Bob", performs=[cut])
    faster(make_booking(salon, cut, at(salon, "14:00"), team_member=bob).items.get())

    booking = hold(salon, cut, at(salon))

    assert booking.team_member == bob
    assert Occupancy.objects.filter(item__booking=booking).get().team_member == bob
    assert Booking.objects.count() == 2


def test_who_loses_the_only_person_at_the_constraint_is_told_taken(salon, cut, ann, faster):
    other = make_booking(salon, cut, at(salon, "14:00"))
    faster(other.items.get())

    with pytest.raises(services.SlotTaken) as caught:
        hold(salon, cut, at(salon))

    assert len(caught.value.alternatives) == 3
    assert list(Booking.objects.all()) == [other]


def test_who_loses_a_move_at_the_constraint_moves_to_the_next_able_person(salon, cut, ann, faster):
    booking = make_booking(salon, cut, at(salon, "09:00"))
    bob = make_member("Bob", performs=[cut])
    faster(make_booking(salon, cut, at(salon, "14:00"), team_member=bob, details=EVA).items.get())

    moved = services.reschedule_booking(business=salon, booking=booking, start=at(salon), by=SYSTEM, now=timezone.now())

    assert (moved.start_at, moved.team_member, moved.sequence) == (at(salon), bob, 1)
    assert [(row.team_member, row.starts_at) for row in Occupancy.objects.filter(item__booking=booking)] == [
        (bob, at(salon))
    ]


def test_a_hold_that_ends_at_this_very_instant_is_lost(salon, cut, ann, monkeypatch):
    booking = hold(salon, cut, at(salon))
    ends = booking.hold_expires_at

    monkeypatch.setattr(holds, "database_now", lambda: ends - timedelta(microseconds=1))
    assert submit(salon, booking).status == "pending"
    booking.refresh_from_db()
    monkeypatch.setattr(holds, "database_now", lambda: booking.hold_expires_at)
    with pytest.raises(services.HoldExpired):
        services.confirm_booking(business=salon, booking=booking, now=timezone.now())


def test_a_changed_service_leaves_what_is_booked_as_it_is(salon, cut, ann):
    make_booking(salon, cut, at(salon))
    before = list(Occupancy.objects.values()), list(BookingItem.objects.values()), list(Booking.objects.values())

    cut.duration_min, cut.buffer_after_min, cut.price_cents = 120, 30, 100
    cut.save()

    assert (
        list(Occupancy.objects.values()),
        list(BookingItem.objects.values()),
        list(Booking.objects.values()),
    ) == before
    with pytest.raises(services.SlotTaken):
        hold(salon, cut, at(salon, "10:45"))
    assert hold(salon, cut, at(salon, "11:00")).end_at == at(salon, "13:00")
