from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.actors import Actor
from audit.models import AuditEntry
from bookings.models import Booking, Customer, GroupSession, Occupancy, Seat, Status
from bookings.services.import_rows import Row, RowReader, RowUnreadable
from bookings.services.imports import import_bookings
from bookings.tests.factories import at, make_booking, make_member, make_service
from messaging.models import Message

OWNER = Actor(label="Import of old.csv")


def row(business, clock="10:00", *, days=7, **fields):
    start = at(business, clock, days=days).astimezone(business.zone)
    who = {"name": "Anna Berg", "email": "anna@example.com", "phone": "(212) 555-0187"}
    return Row(**{"start": f"{start:%Y-%m-%d %H:%M}", "services": "Cut"} | who | fields)


def taken(business, rows, **how):
    return import_bookings(business=business, rows=rows, by=OWNER, now=timezone.now(), **how)


def written():
    counted = (Booking, Customer, Occupancy, Message, AuditEntry)
    return tuple(model.objects.count() for model in counted)


def test_a_row_becomes_a_confirmed_booking_and_nobody_is_told(salon, cut, ann):
    [result] = taken(salon, [row(salon, note="Likes it short", team_member="ann")])

    booking = Booking.objects.select_related("customer").get()
    assert result.booking == booking
    assert (booking.status, booking.source, booking.start_at) == (Status.CONFIRMED, "import", at(salon))
    assert (booking.customer.email, str(booking.contact_phone), booking.special_requests) == (
        "anna@example.com",
        "+12125550187",
        "Likes it short",
    )
    assert (booking.price_cents, booking.card_required, booking.consent) == (5000, False, {})
    assert Occupancy.objects.get().expires_at is None
    assert {message.kind for message in Message.objects.all()} == {"reminder"}


def test_names_in_a_row_make_a_chain(salon, cut, ann):
    colour = make_service("Colour", minutes=30)
    bob = make_member("Bob", performs=[cut, colour])

    [result] = taken(salon, [row(salon, services="cut +  Colour", team_member="BOB")])

    assert [(item.service, item.team_member) for item in result.booking.items.all()] == [(cut, bob), (colour, bob)]
    assert result.booking.service_name == "Cut + Colour"


def test_a_service_may_have_a_plus_in_its_name(salon, cut, ann):
    both = make_service("Cut + Blow-dry")
    both.assignments.create(team_member=ann)

    [result] = taken(salon, [row(salon, services="Cut + Blow-dry")])

    assert [item.service for item in result.booking.items.all()] == [both]


def test_rows_of_a_class_share_its_session(salon, ann):
    yoga = make_service("Yoga", allow_group_booking=True, max_group_size=3, shared_session=True)
    yoga.assignments.create(team_member=ann)
    rows = [
        row(salon, services="Yoga", name=name, email="", party=party)
        for name, party in (("A", "2"), ("B", ""), ("C", ""))
    ]

    tried, done = taken(salon, rows, dry_run=True), taken(salon, rows)

    full = "That time has just been taken. Please choose another one."
    assert [each.refusal for each in tried] == [each.refusal for each in done] == ["", "", full]
    assert (GroupSession.objects.count(), Seat.objects.filter(item=None).count()) == (1, 0)


def test_notice_and_furthest_date_are_set_aside_and_recorded(salon, cut, ann):
    cut.min_notice_min = 30 * 24 * 60
    cut.save()

    soon, far = taken(salon, [row(salon), row(salon, days=salon.horizon_days + 30)])

    assert (soon.refusal, far.refusal) == ("", "")
    assert (soon.booking.overrides, far.booking.overrides) == (["notice"], ["horizon"])
    assert set(AuditEntry.objects.values_list("actor_label", flat=True)) == {OWNER.label}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"clock": "10:07"}, "Visits start every 15 minutes from the start of the shift."),
        ({"clock": "21:00"}, "Ann does not work at this time."),
        ({"clock": "12:00"}, "That time has just been taken. Please choose another one."),
        ({"days": -3}, "This time has passed."),
        ({"start": "10.02.2027 9:30"}, "Write the start as date and time, like 2027-02-10 09:30."),
        ({"start": "2027-03-14 02:30"}, "The clocks go forward then: this time does not exist on that day."),
        ({"services": "Shave"}, "There is no bookable service called “Shave”."),
        ({"services": ""}, "There is no bookable service called “”."),
        ({"services": "Cut + Shave"}, "There is no bookable service called “Shave”."),
        ({"services": " + ".join(["Cut"] * 9)}, "A visit has at most 8 services."),
        ({"team_member": "Zoe"}, "There is no bookable person called “Zoe”."),
        ({"party": "2"}, "This can be booked for at most 1 person at once."),
        ({"party": "0"}, "Write how many guests come as a number."),
        ({"party": "two"}, "Write how many guests come as a number."),
        ({"name": " "}, "Write the customer's name, in at most 160 letters."),
        ({"email": "anna"}, "Write the e-mail address in full, like name@example.com."),
        ({"phone": "12"}, "Write the phone number with its country or area code."),
        ({"note": "x" * 1001}, "The note is longer than 1000 letters."),
    ],
)
@pytest.mark.parametrize("dry_run", [False, True])
def test_a_row_that_breaks_a_rule_is_refused_with_its_sentence(salon, cut, ann, change, sentence, dry_run):
    make_booking(salon, cut, at(salon, "12:00"))
    before = written()

    [result] = taken(salon, [row(salon, **change)], dry_run=dry_run)

    assert (result.booking, result.refusal) == (None, sentence)
    assert written() == before


def test_a_refused_row_leaves_the_others(salon, cut, ann):
    rows = [row(salon, "10:07"), row(salon, "12:00"), row(salon, "09:00"), row(salon, "12:30", name="Bea", email="")]

    results = taken(salon, rows)

    assert [result.row for result in results] == rows
    assert [bool(result.booking) for result in results] == [False, True, True, False]
    assert (Booking.objects.count(), Occupancy.objects.count()) == (2, 2)


def test_a_dry_run_answers_alike_and_writes_nothing(salon, cut, ann):
    rows = [row(salon), row(salon, "10:30", name="Bea", email=""), row(salon, days=8), row(salon)]
    before = written()

    tried = taken(salon, rows, dry_run=True)

    assert written() == before
    done = taken(salon, rows)
    assert [(each.refusal, each.known) for each in tried] == [(each.refusal, each.known) for each in done]
    assert [each.known for each in done] == [False, False, False, True]
    assert Booking.objects.count() == 2


def test_a_second_import_changes_nothing(salon, cut, ann):
    rows = [row(salon), row(salon, "12:00")]
    first = taken(salon, rows)
    before, booked = written(), list(Booking.objects.order_by("pk").values())

    again = taken(salon, rows)

    assert [each.booking for each in again] == [each.booking for each in first]
    assert [each.known for each in again] == [True, True]
    assert (written(), list(Booking.objects.order_by("pk").values())) == (before, booked)


def test_a_visit_taken_before_is_known_when_it_has_passed(salon, cut, ann):
    rows = [row(salon)]
    taken(salon, rows)

    [again] = import_bookings(business=salon, rows=rows, by=OWNER, now=timezone.now() + timedelta(days=30))

    assert (again.known, again.refusal) == (True, "")


def test_two_services_of_one_name_are_not_guessed(salon, cut, ann):
    make_service("CUT").assignments.create(team_member=ann)

    [result] = taken(salon, [row(salon)])

    assert result.refusal == "Several services are called “Cut”."


def test_a_repeated_hour_takes_its_first_pass(salon, cut, ann):
    read = RowReader(salon).read(replace(row(salon), start="2027-11-07 01:30"))

    assert read.start.isoformat() == "2027-11-07T05:30:00+00:00"


def test_names_are_read_once_for_all_rows(salon, cut, ann, django_assert_num_queries):
    with django_assert_num_queries(2):
        reader = RowReader(salon)
        for clock in ("09:00", "10:00", "11:00"):
            reader.read(row(salon, clock))
        with pytest.raises(RowUnreadable):
            reader.read(row(salon, services="Shave"))
