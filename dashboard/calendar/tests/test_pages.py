"""The calendar as a page: three views without a script, and the boxes for the one that drags them."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from audit import actors
from bookings import services
from bookings.models import Booking, BookingItem, Closure, Status, TeamMember, TimeBlock
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.models import Role
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC

PLAIN = "/dashboard/calendar/"
FEED = "/dashboard/calendar/events"


def query(visit, view="day", **more):
    return {"view": view, "date": visit.local_date.isoformat()} | more


def text(answer):
    return " ".join(answer.content.decode().split())


def boxes(client, visit, view="day", **more):
    """id's kind → the boxes of that kind."""
    found = {}
    for box in client.get(FEED, query(visit, view, **more)).json()["events"]:
        found.setdefault(box["id"].split(":")[0], []).append(box)
    return found


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_every_role_sees_the_calendar(visit, desk, role, view):
    answer = desk(role).get(PLAIN, query(visit, view, person="all"))

    assert answer.status_code == 200
    assert "Anna Berg" in text(answer)


def test_strangers_are_sent_to_sign_in(salon_client, salon):
    assert salon_client.get(FEED).status_code == 302


@pytest.mark.parametrize("path", [PLAIN, FEED])
def test_another_salons_members_find_nothing(visit, client_for, salon, other_salon, member, path):
    assert client_for(salon, member("owner", other_salon)).get(path).status_code == 404


@pytest.mark.parametrize("person", ["00000000-0000-4000-8000-000000000000", "nobody"])
def test_somebody_elses_person_is_not_found(visit, desk, person):
    assert desk().get(PLAIN, query(visit, person=person)).status_code == 404


@pytest.mark.parametrize(
    "asked", [{"view": "year"}, {"date": "tomorrow"}, {"date": "9999-12-31"}, {"date": "0001-01-01"}]
)
def test_what_makes_no_sense_is_today(visit, desk, asked):
    answer = desk().get(PLAIN, asked)

    assert answer.context["asked"].view == "day"
    assert answer.context["asked"].day == timezone.now().astimezone(answer.context["shown"].zone).date()


def test_a_day_has_a_column_for_everybody(visit, desk, ann, bea):
    columns = desk().get(PLAIN, query(visit)).context["columns"]

    assert [(column.person, column.hours, [row.title for row in column.rows]) for column in columns] == [
        (ann, "09:00 – 17:00", ["Anna Berg"]),
        (bea, "09:00 – 17:00", []),
    ]


def test_one_persons_day_is_theirs_alone(visit, desk, bea):
    columns = desk().get(PLAIN, query(visit, person=bea.pk)).context["columns"]

    assert [column.person for column in columns] == [bea]


def test_who_has_left_is_shown_with_what_they_still_have(visit, desk, ann, bea):
    TeamMember.objects.update(is_active=False)

    columns = desk().get(PLAIN, query(visit)).context["columns"]

    assert [column.person for column in columns] == [ann]


def test_links_lead_to_the_days_around(visit, desk):
    answer = desk().get(PLAIN, {"view": "month", "date": "2027-01-31"})

    assert answer.context["previous_url"] == f"{PLAIN}?view=month&date=2026-12-01"
    assert answer.context["next_url"] == f"{PLAIN}?view=month&date=2027-02-01"
    assert answer.context["asked"].first == date(2026, 12, 28)
    assert answer.context["asked"].last == date(2027, 1, 31)


def test_a_week_is_ones_own(visit, client_for, salon, member, bea):
    user = member("staff")
    TeamMember.objects.filter(pk=bea.pk).update(user_id=user.pk)

    answer = client_for(salon, user).get(PLAIN, query(visit, "week"))

    assert answer.context["asked"].person == bea
    assert "Anna Berg" not in text(answer)


def test_a_closed_day_says_why(visit, desk):
    Closure.objects.create(start_date=visit.local_date, end_date=visit.local_date, reason="Stocktaking")

    answer = desk().get(PLAIN, query(visit))

    assert "The salon is closed that day: Stocktaking." in text(answer)
    assert [column.hours for column in answer.context["columns"]] == ["Closed", "Closed"]


def test_a_calendar_without_people_says_what_to_do(salon, desk):
    assert "Nobody to plan for yet" in text(desk("owner").get(PLAIN))


def test_names_are_never_markup(salon, cut, ann, desk):
    details = services.Details(name="<script>alert(1)</script>", email="x@example.com", phone="+12125550187")
    visit = make_booking(salon, cut, at(salon, "10:00"), details=details)

    assert "<script>alert" not in text(desk().get(PLAIN, query(visit)))


# Boxes -----------------------------------------------------------------------------------------------


def test_a_box_stands_where_the_visit_is(visit, desk, ann):
    [box] = boxes(desk(), visit)["visit"]

    day = visit.local_date.isoformat()
    assert (box["start"], box["end"], box["resourceIds"]) == (f"{day}T10:00:00", f"{day}T11:00:00", [str(ann.pk)])
    assert box["extendedProps"]["time"] == "10:00 – 11:00"


@pytest.mark.parametrize(("role", "movable"), [("owner", True), ("admin", True), ("staff", True), ("viewer", False)])
def test_a_box_is_movable_for_who_may_move_it(visit, desk, role, movable):
    [box] = boxes(desk(role), visit)["visit"]

    assert box["startEditable"] is movable


def test_time_off_lies_behind_the_boxes(visit, desk, ann):
    off = [box for box in boxes(desk(), visit)["off"] if box["resourceIds"] == [str(ann.pk)]]

    day = visit.local_date
    assert [(box["start"], box["end"]) for box in off] == [
        (f"{day}T00:00:00", f"{day}T09:00:00"),
        (f"{day}T17:00:00", f"{day + timedelta(days=1)}T00:00:00"),
    ]


def test_canceled_visits_are_shown_when_asked_for(salon, visit, desk, owner):
    services.cancel_booking(business=salon, booking=visit, by=actors.user(owner, None), now=timezone.now())
    browser = desk()

    assert "visit" not in boxes(browser, visit)
    assert len(boxes(browser, visit, canceled=1)["visit"]) == 1


def test_a_hold_is_shown_while_it_runs(salon, cut, ann, desk):
    visit = make_booking(salon, cut, at(salon, "10:00"), status=Status.HOLD)
    browser = desk()

    assert [box["title"] for box in boxes(browser, visit)["hold"]] == ["Being booked online"]
    Booking.objects.update(hold_expires_at=timezone.now())
    assert "hold" not in boxes(browser, visit)


def test_a_class_is_one_box_with_its_places(salon, ann, desk):
    yoga = make_service("Yoga", allow_group_booking=True, max_group_size=8, shared_session=True)
    make_member("Cleo", performs=[yoga])
    first = make_booking(salon, yoga, at(salon, "10:00"))
    make_booking(
        salon,
        yoga,
        at(salon, "10:00"),
        details=services.Details(name="Bo", email="b@example.com", phone="+12125550188"),
    )

    found = boxes(desk(), first)

    assert [box["extendedProps"]["detail"] for box in found["class"]] == ["2 of 8 places taken"]
    assert "visit" not in found


def test_blocks_are_shown(visit, desk, ann):
    TimeBlock.objects.create(
        team_member=ann, starts_at=visit.end_at, ends_at=visit.end_at + timedelta(hours=1), reason="Dentist"
    )

    assert [box["title"] for box in boxes(desk(), visit)["block"]] == ["Dentist"]


@pytest.mark.parametrize(
    ("block", "hours"),
    [
        (None, ("09:00:00", "17:00:00")),
        (("06:43", 23 * 60), ("09:00:00", "17:00:00")),  # somebody is ill: as far as one can see
        (("06:43", 15), ("06:00:00", "17:00:00")),
        (("17:00", 45), ("09:00:00", "18:00:00")),
        (("00:00", 24 * 60), ("09:00:00", "17:00:00")),
    ],
)
def test_the_hours_shown_are_whole_and_leave_no_block_unseen(salon, visit, desk, ann, block, hours):
    if block:
        starts_at, length = at(salon, block[0]), timedelta(minutes=block[1])
        TimeBlock.objects.create(team_member=ann, starts_at=starts_at, ends_at=starts_at + length)

    staff = desk()

    shown = staff.get(PLAIN, query(visit)).context["shown"].settings()

    assert (shown["from"], shown["until"]) == hours
    assert staff.get(FEED, query(visit)).json()["hours"] == dict(zip(("from", "until"), hours, strict=True))


@pytest.mark.parametrize("view", ["day", "week"])
def test_boxes_cost_as_many_queries_for_one_visit_as_for_three(
    salon, cut, visit, desk, view, django_assert_num_queries
):
    browser = desk()
    browser.get(FEED, query(visit, view, person="all"))

    with django_assert_num_queries(9):
        assert len(boxes(browser, visit, view, person="all")["visit"]) == 1
    for clock in ("12:00", "13:00"):
        details = services.Details(name=clock, email=f"{clock[:2]}@example.com", phone=f"+121255501{clock[:2]}")
        make_booking(salon, cut, at(salon, clock), details=details)
    with django_assert_num_queries(9):
        assert len(boxes(browser, visit, view, person="all")["visit"]) == 3


# When the clocks change --------------------------------------------------------------------------------


@pytest.fixture
def night_owl(cut):
    return make_member("Owl", performs=[cut], works=(0, 1440))


def test_half_past_one_the_second_time_stands_an_hour_lower(salon, cut, night_owl, desk):
    visit = make_booking(salon, cut, at(salon, "10:00"))
    start = datetime(2026, 11, 1, 1, 30, tzinfo=salon.zone, fold=1).astimezone(timezone.get_default_timezone())
    rows = {"start_at": start, "end_at": start + timedelta(hours=1)}
    Booking.objects.update(local_date=date(2026, 11, 1), **rows)
    BookingItem.objects.update(**rows)
    visit.refresh_from_db()

    [box] = boxes(desk(), visit)["visit"]

    assert (box["start"], box["end"]) == ("2026-11-01T02:30:00", "2026-11-01T03:30:00")
    assert box["extendedProps"]["time"] == "01:30 (EST) – 02:30"
    assert "01:30 (EST) – 02:30" in text(desk("admin").get(PLAIN, query(visit)))


@pytest.mark.parametrize(("day", "until"), [("2027-03-14", 23), ("2026-11-01", 25), ("2026-11-02", 24)])
def test_a_column_is_as_long_as_the_day(salon, night_owl, desk, day, until):
    settings = desk().get(PLAIN, {"date": day}).context["shown"].settings()

    assert (settings["from"], settings["until"]) == ("00:00:00", f"{until}:00:00")
    assert len(settings["labels"]) == until + 1
