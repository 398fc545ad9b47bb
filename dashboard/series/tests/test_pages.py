"""Visits that come again, at the desk: every date is seen before anything is booked, moved or called off."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings import queries
from bookings.availability import epoch
from bookings.models import Booking, Series, Status
from bookings.services import Details
from bookings.tests.factories import at, make_booking
from dashboard.tests.pages import page, said, url
from messaging.models import Message
from payments.models import Payment
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
BEA = Details(name="Bea Cole", email="bea@example.com", phone="+12125550188")
WEEKS = [timedelta(weeks=number) for number in (1, 2, 3)]


@pytest.fixture
def first(salon, cut, ann):
    return make_booking(salon, cut, at(salon), team_member=ann)


@pytest.fixture
def desk(salon, client_for, member):
    return client_for(salon, member("staff"))


def pattern(client, booking, **typed):
    """The page's form, filled in."""
    form = client.get(url("visit-repeat", booking.pk)).context["form"]
    return {"key": str(form["key"].value()), "every_weeks": "1", "count": "3", "who": "same"} | typed


def rows_of(answer):
    """What the rows of an answer send as they stand."""
    return {f"at-{row.key}": choice.value for row in answer.context["rows"] for choice in row.choices if choice.chosen}


def seen(answer):
    return {f"seen-{row.key}": row.seen for row in answer.context["rows"]}


def repeated(client, booking, **typed):
    """The visit with its series, booked by the pages."""
    sent = pattern(client, booking, **typed)
    rows = rows_of(client.post(url("visit-repeat", booking.pk), sent | {"look": "1"}))
    return client.post(url("visit-repeat", booking.pk), sent | rows | {"book": "1"})


def test_a_visit_is_repeated_after_its_dates_were_seen(first, desk):
    sent = pattern(desk, first)
    looked = desk.post(url("visit-repeat", first.pk), sent | {"look": "1"})
    before = Booking.objects.count()

    answer = desk.post(url("visit-repeat", first.pk), sent | rows_of(looked) | {"book": "1"})

    assert before == 1
    assert answer["Location"] == page(first)
    assert said(desk) == [("success", "Booked: 3 visits more.")]
    visits = queries.visits_in(Series.objects.get())
    assert [each.local_time for each in visits] == [first.local_time] * 4
    assert Payment.objects.filter(booking__series_number__gt=1, method="cash").count() == 3


def test_a_conflict_is_left_out_unless_another_time_is_chosen(salon, cut, ann, first, desk):
    taken = first.start_at.astimezone(salon.zone) + WEEKS[1]
    make_booking(salon, cut, taken, details=BEA, team_member=ann)
    sent = pattern(desk, first)
    looked = desk.post(url("visit-repeat", first.pk), sent | {"look": "1"})
    conflict = looked.context["rows"][1]

    desk.post(url("visit-repeat", first.pk), sent | rows_of(looked) | {"at-3": conflict.choices[0].value, "book": "1"})

    assert [row.free for row in looked.context["rows"]] == [True, False, True]
    assert rows_of(looked)["at-3"] == ""
    assert "Not free" in looked.text
    booked = Booking.objects.get(series_number=3)
    assert str(epoch(booked.start_at)) == conflict.choices[0].value
    assert booked.local_date in {(taken + timedelta(days=days)).date() for days in (-1, 0, 1)}


def test_what_is_taken_between_looking_and_booking_is_shown_with_proposals(salon, cut, ann, first, desk):
    sent = pattern(desk, first)
    looked = desk.post(url("visit-repeat", first.pk), sent | {"look": "1"})
    make_booking(salon, cut, first.start_at.astimezone(salon.zone) + WEEKS[0], details=BEA, team_member=ann)

    answer = desk.post(url("visit-repeat", first.pk), sent | rows_of(looked) | {"book": "1"})
    again = answer.context["rows"][0]
    desk.post(url("visit-repeat", first.pk), sent | {"at-2": again.choices[0].value, "book": "1"})

    assert [(row.key, row.free) for row in answer.context["rows"]] == [("2", False)]
    assert sorted(Booking.objects.exclude(series=None).values_list("series_number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"count": "", "until": ""}, "count"),
        ({"count": "52"}, "count"),
        ({"count": "3", "until": "2030-01-01"}, "until"),
        ({"count": "", "until": "2020-01-01"}, "until"),
        ({"count": "", "until": "2090-01-01"}, "until"),
        ({"every_weeks": "0"}, "every_weeks"),
        ({"every_weeks": "27"}, "every_weeks"),
    ],
    ids=("neither", "too many", "both", "past", "too long", "never", "too seldom"),
)
def test_what_is_no_series_is_said_at_its_field(first, desk, typed, field):
    answer = desk.post(url("visit-repeat", first.pk), pattern(desk, first, **typed) | {"look": "1"})

    assert list(answer.context["form"].errors) == [field]
    assert answer.context["rows"] == []
    assert Series.objects.count() == 0


@pytest.mark.parametrize("value", ["x", "-5", "99999999999", "4294967297", "1"], ids=str)
def test_made_up_starts_book_nothing(first, desk, value):
    answer = desk.post(url("visit-repeat", first.pk), pattern(desk, first) | {"at-2": value, "book": "1"})

    assert answer.status_code == 200
    assert Booking.objects.count() == 1


def test_the_series_is_shown_on_its_visits_and_in_the_card(first, desk):
    repeated(desk, first)

    shown = desk.get(page(first))
    card = desk.get(url("customer", first.customer_id))

    assert "Every week: visit 1 of 4." in shown.text
    assert "Every week, visit 4" in card.text


def test_moving_asks_only_this_one_or_all_following(first, desk):
    repeated(desk, first)

    assert url("visit-move-following", first.pk) in desk.get(url("calendar-move", first.pk)).text
    assert url("visit-cancel-following", first.pk) in desk.get(page(first, "cancel")).text


def test_this_and_all_following_move_by_as_many_days_to_the_same_time(first, desk):
    repeated(desk, first)
    second = Booking.objects.get(series_number=2)
    before = [each.local_date for each in queries.following(second)]
    there = {"date": (second.local_date + timedelta(days=1)).isoformat(), "time": "14:00"}
    looked = desk.post(url("visit-move-following", second.pk), there | {"look": "1"})

    answer = desk.post(url("visit-move-following", second.pk), there | rows_of(looked) | seen(looked) | {"move": "1"})

    assert answer["Location"] == page(second)
    moved = Booking.objects.filter(series_number__gt=1).order_by("start_at")
    assert [each.local_date - day for each, day in zip(moved, before, strict=True)] == [timedelta(days=1)] * 3
    assert {f"{each.local_time:%H:%M}" for each in moved} == {"14:00"}
    assert Booking.objects.get(pk=first.pk).start_at == first.start_at


@pytest.mark.parametrize("never", ["", "x", "-1", "9" * 5000], ids=("nothing", "words", "less than none", "endless"))
def test_a_visit_that_was_never_seen_is_not_moved(first, desk, never):
    repeated(desk, first)
    there = {"date": first.local_date.isoformat(), "time": "12:00"}
    looked = desk.post(url("visit-move-following", first.pk), there | {"look": "1"})
    never_seen = dict.fromkeys(seen(looked), never)

    answer = desk.post(url("visit-move-following", first.pk), there | rows_of(looked) | never_seen | {"move": "1"})

    assert "Nothing was chosen: every visit is where it was." in answer.text
    assert not Booking.objects.exclude(moved_from=None).exists()


def test_a_visit_in_the_way_of_a_move_is_seen_before(salon, cut, ann, first, desk):
    repeated(desk, first)
    make_booking(
        salon, cut, first.start_at.astimezone(salon.zone) + WEEKS[0] + timedelta(hours=2), details=BEA, team_member=ann
    )
    there = {"date": first.local_date.isoformat(), "time": "12:00"}

    looked = desk.post(url("visit-move-following", first.pk), there | {"look": "1"})
    desk.post(url("visit-move-following", first.pk), there | rows_of(looked) | seen(looked) | {"move": "1"})

    assert [row.free for row in looked.context["rows"]] == [True, False, True, True]
    times = Booking.objects.exclude(series=None).order_by("series_number")
    assert [f"{each.local_time:%H:%M}" for each in times] == ["12:00", "10:00", "12:00", "12:00"]


def test_this_and_all_following_are_called_off(first, desk):
    repeated(desk, first)
    third = Booking.objects.get(series_number=3)
    asked = desk.get(url("visit-cancel-following", third.pk))
    sent = {"key": str(asked.context["form"]["key"].value()), "reason": "Moves away"}
    sent |= dict(asked.context["question"].hidden)

    answers = [desk.post(url("visit-cancel-following", third.pk), sent) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {page(third)}
    states = Booking.objects.exclude(series=None).order_by("series_number").values_list("status", flat=True)
    assert list(states) == [Status.CONFIRMED, Status.CONFIRMED, Status.CANCELED, Status.CANCELED]
    told = Message.objects.filter(kind="booking_cancelled").order_by("created_at")
    assert told.last().subject == "Cancelled: 2 visits at Rosa Studio"
    assert [each.status for each in told] == ["withdrawn", "withdrawn", "queued"]


def test_a_visit_does_not_join_the_series_of_another(salon, cut, ann, first, desk):
    repeated(desk, first)
    other = make_booking(salon, cut, at(salon, "15:00"), details=BEA, team_member=ann)

    repeated(desk, other, key=str(Series.objects.get().pk))

    assert ("error", "This is the series of another visit. Open this one anew.") in said(desk)
    assert list(Booking.objects.filter(contact_name=BEA.name)) == [other]
    other.refresh_from_db()
    assert other.series is None


def test_a_visit_that_was_called_off_is_not_repeated(salon, first, desk):
    Booking.objects.filter(pk=first.pk).update(status=Status.CANCELED, canceled_at=timezone.now())

    assert desk.get(url("visit-repeat", first.pk))["Location"] == page(first)


@pytest.mark.parametrize("name", ["visit-repeat", "visit-move-following", "visit-cancel-following"])
def test_readers_and_the_other_salon_get_nowhere(salon, other_salon, client_for, member, first, name):
    reader, neighbour = client_for(salon, member("viewer")), client_for(other_salon, member("owner", other_salon))

    assert reader.get(url(name, first.pk)).status_code == 403
    assert neighbour.get(url(name, first.pk)).status_code == 404
