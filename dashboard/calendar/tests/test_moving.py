"""A visit is dragged, typed to another time, and taken back; what is refused changes nothing."""

import html
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.models import Booking, BookingItem, Occupancy, ServiceTeamAssignment
from bookings.services import Details
from bookings.tests.factories import at, make_booking, make_member
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC

BO = Details(name="Bo", email="bo@example.com", phone="+12125550188")
DROP = "/dashboard/calendar/drop"
JSON = {"HTTP_ACCEPT": "application/json"}


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Booking, BookingItem, Occupancy)]


def drop(client, visit, clock=None, **more):
    """Let the visit's box go at a time of its day."""
    body = {"kind": "visit", "pk": visit.pk, "view": "day", "date": visit.local_date.isoformat()}
    if clock:
        body["start"] = f"{visit.local_date}T{clock}:00"
    return client.post(DROP, body | more, **JSON)


@pytest.mark.parametrize("view", ["day", "week"])
@pytest.mark.parametrize("place", ["0001-01-01T00:00:00", "9999-12-31T23:59:00"])
def test_a_visit_is_not_dropped_beyond_all_days(visit, desk, view, place):
    answer = drop(desk(), visit, view=view, start=place)

    assert 400 <= answer.status_code < 500
    assert Booking.objects.get(pk=visit.pk).start_at == visit.start_at


def test_a_dropped_visit_stands_there(salon, visit, desk):
    answer = drop(desk(), visit, "13:15")

    visit.refresh_from_db()
    assert (answer.status_code, visit.start_at) == (200, at(salon, "13:15"))
    assert answer.json()["said"].endswith("13:15 with Ann. The customer is told by e-mail.")


def test_a_visit_dropped_on_somebody_else_is_theirs(visit, desk, bea):
    answer = drop(desk(), visit, person=bea.pk)

    visit.refresh_from_db()
    assert (answer.status_code, visit.team_member) == (200, bea)
    assert "with Bea instead of Ann" in answer.json()["said"]


def test_a_drop_is_taken_back_with_the_way_it_offers(salon, visit, desk, bea):
    browser = desk()
    undo = drop(browser, visit, "13:15", person=bea.pk).json()["undo"]

    answer = browser.post(undo["url"], undo["fields"], **JSON)

    visit.refresh_from_db()
    assert (answer.status_code, visit.start_at, visit.team_member.name) == (200, at(salon, "10:00"), "Ann")
    assert answer.json()["undo"] is None


def test_a_way_back_takes_no_later_move_back(salon, visit, desk, bea):
    """Two at two desks: the one's way back is still on the screen when the other moves the visit on."""
    browser = desk()
    undo = drop(browser, visit, "13:15").json()["undo"]
    drop(browser, Booking.objects.get(pk=visit.pk), "15:00", person=bea.pk)
    before = rows()

    answer = browser.post(undo["url"], undo["fields"], **JSON)

    assert (answer.status_code, answer.json()["detail"]) == (
        409,
        "This visit has been moved again since. Look where it is now.",
    )
    assert rows() == before


def test_without_a_script_the_way_back_is_a_form(visit, desk):
    browser = desk()
    page = browser.post(f"/dashboard/calendar/{visit.pk}/move/", _form(visit, "13:15"), follow=True).content.decode()

    assert f'action="/dashboard/calendar/{visit.pk}/undo/"' in page
    assert browser.post(f"/dashboard/calendar/{visit.pk}/undo/").status_code == 302
    assert Booking.objects.get().start_at == visit.start_at


@pytest.mark.parametrize(
    ("clock", "status", "sentence"),
    [
        ("12:07", 422, "Visits start every 15 minutes from the start of the shift."),
        ("16:30", 422, "The visit lasts 60 minutes and would run past the end."),
        ("18:00", 422, "Ann does not work at this time."),
        ("14:00", 409, "That time has just been taken. Please choose another one."),
    ],
)
def test_a_refused_drop_says_why_and_changes_nothing(salon, cut, ann, visit, desk, clock, status, sentence):
    ServiceTeamAssignment.objects.exclude(team_member=ann).delete()
    make_booking(salon, cut, at(salon, "14:00"), details=BO)
    before = rows()

    answer = drop(desk(), visit, clock)

    assert (answer.status_code, answer.json()["detail"], answer.json()["ask"]) == (status, sentence, False)
    assert rows() == before


def test_who_does_not_perform_it_is_named(visit, desk):
    cleo = make_member("Cleo")
    before = rows()

    answer = drop(desk(), visit, person=cleo.pk)

    assert (answer.status_code, answer.json()["detail"]) == (422, "Cleo does not perform Cut.")
    assert rows() == before


def test_short_notice_is_asked_about_and_set_aside(salon, visit, desk):
    Business.objects.filter(pk=salon.pk).update(min_notice_min=14 * 24 * 60)
    browser, before = desk(), rows()

    asked = drop(browser, visit, "13:00")

    assert (asked.status_code, asked.json()["ask"]) == (422, True)
    assert rows() == before
    assert drop(browser, visit, "13:00", override="1").status_code == 200
    assert Booking.objects.get().overrides == ["notice"]


@pytest.mark.parametrize("role", ["viewer"])
def test_who_only_looks_moves_nothing(visit, desk, role):
    browser, before = desk(role), rows()

    answers = [
        drop(browser, visit, "13:00"),
        browser.get(f"/dashboard/calendar/{visit.pk}/move/"),
        browser.post(f"/dashboard/calendar/{visit.pk}/move/", _form(visit, "13:00")),
        browser.post(f"/dashboard/calendar/{visit.pk}/undo/"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert rows() == before


def test_another_salons_visit_is_not_found(visit, client_for, other_salon, member):
    browser, before = client_for(other_salon, member("owner", other_salon)), rows()

    answers = [
        drop(browser, visit, "13:00"),
        browser.get(f"/dashboard/calendar/{visit.pk}/move/"),
        browser.post(f"/dashboard/calendar/{visit.pk}/undo/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert rows() == before


@pytest.mark.parametrize("more", [{"person": uuid4()}, {"pk": uuid4(), "start": "2026-12-01T10:00:00"}])
def test_what_is_not_there_is_not_found(visit, desk, more):
    assert drop(desk(), visit, **more).status_code == 404


@pytest.mark.parametrize(
    "more", [{}, {"start": "noon"}, {"kind": "class"}, {"view": "month", "start": "x"}, {"date": ""}]
)
def test_a_drop_that_makes_no_sense_is_refused(visit, desk, more):
    before = rows()

    assert drop(desk(), visit, **more).status_code == 422
    assert rows() == before


def test_a_drop_needs_its_token(visit, salon, staff, client_for):
    browser = client_for(salon, staff)
    browser.handler.enforce_csrf_checks = True

    assert drop(browser, visit, "13:00").status_code == 403


# The form --------------------------------------------------------------------------------------------


def _form(visit, clock, **more):
    return {"date": visit.local_date.isoformat(), "time": clock} | more


def said(answer):
    return html.unescape(" ".join(answer.content.decode().split()))


def test_the_form_shows_where_the_visit_is(visit, desk):
    form = desk().get(f"/dashboard/calendar/{visit.pk}/move/").context["form"]

    assert list(form.fields) == ["date", "time", "person_0", "override"]
    assert [label for _, label in form.fields["person_0"].choices] == ["Ann if possible", "Bea"]


def test_the_form_moves_a_visit_to_somebody_else(salon, visit, desk, bea):
    answer = desk().post(f"/dashboard/calendar/{visit.pk}/move/", _form(visit, "13:15", person_0=bea.pk), follow=True)

    visit.refresh_from_db()
    assert (visit.start_at, visit.team_member) == (at(salon, "13:15"), bea)
    assert "13:15 with Bea instead of Ann. The customer is told by e-mail." in said(answer)


@pytest.mark.parametrize(
    ("clock", "sentence"),
    [
        ("10:00", "This is where the visit is now. Choose another time or another person."),
        ("18:00", "Ann does not work at this time."),
        ("", "This field is required."),
    ],
)
def test_a_refused_form_keeps_what_was_typed(visit, desk, bea, clock, sentence):
    ServiceTeamAssignment.objects.filter(team_member=bea).delete()
    before = rows()

    answer = desk().post(f"/dashboard/calendar/{visit.pk}/move/", _form(visit, clock))

    assert (answer.status_code, answer.context["form"]["time"].value()) == (422, clock)
    assert sentence in said(answer)
    assert rows() == before


def test_a_taken_time_comes_with_free_ones(salon, cut, ann, visit, desk, bea):
    ServiceTeamAssignment.objects.filter(team_member=bea).delete()
    make_booking(salon, cut, at(salon, "14:00"), details=BO)

    answer = desk().post(f"/dashboard/calendar/{visit.pk}/move/", _form(visit, "14:00"))

    assert len(answer.context["alternatives"]) == 3


def test_a_visit_that_is_over_has_no_form(visit, desk):
    Booking.objects.update(start_at=timezone.now() - timedelta(hours=1))

    assert "Only a visit that is still to come can be moved." in said(
        desk().get(f"/dashboard/calendar/{visit.pk}/move/")
    )


# When the clocks change -------------------------------------------------------------------------------

FALL, SPRING = "2027-11-07", "2027-03-14"


@pytest.fixture
def night_visit(salon, cut):
    make_member("Owl", performs=[cut], works=(0, 1440))
    Business.objects.filter(pk=salon.pk).update(horizon_days=730)
    return make_booking(salon, cut, at(salon, "10:00"))


def instant(salon, clock, fold=0, day=FALL):
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=salon.zone, fold=fold).astimezone(UTC)


def test_a_box_in_the_repeated_hour_means_the_second_time(salon, night_visit, desk):
    answer = drop(desk(), night_visit, date=FALL, start=f"{FALL}T02:30:00", override="1")

    night_visit.refresh_from_db()
    assert (answer.status_code, night_visit.start_at) == (200, instant(salon, "01:30", fold=1))


@pytest.mark.parametrize(("which", "fold"), [("first", 0), ("second", 1)])
def test_the_form_asks_which_of_the_two_times_is_meant(salon, night_visit, desk, which, fold):
    path, body = f"/dashboard/calendar/{night_visit.pk}/move/", {"date": FALL, "time": "01:30", "override": "on"}
    browser = desk()

    asked = browser.post(path, body)

    assert (asked.status_code, list(asked.context["form"].errors)) == (422, ["which"])
    assert browser.post(path, body | {"which": which}).status_code == 302
    assert Booking.objects.get().start_at == instant(salon, "01:30", fold)


def test_an_hour_that_is_skipped_is_refused(night_visit, desk):
    before, browser = rows(), desk()

    typed = browser.post(f"/dashboard/calendar/{night_visit.pk}/move/", {"date": SPRING, "time": "02:30"})
    dropped = drop(browser, night_visit, view="week", date=SPRING, start=f"{SPRING}T02:30:00")

    sentence = "The clocks go forward then: this time does not exist on that day."
    assert typed.context["form"].errors == {"time": [sentence]}
    assert (dropped.status_code, dropped.json()["detail"]) == (422, sentence)
    assert rows() == before


def test_below_the_skipped_hour_a_day_counts_what_has_passed(salon, night_visit, desk):
    drop(desk(), night_visit, date=SPRING, start=f"{SPRING}T02:30:00", override="1")

    assert Booking.objects.get().start_at == instant(salon, "03:30", day=SPRING)


@pytest.mark.parametrize(("view", "end"), [("week", "02:30"), ("day", "02:30")])
def test_a_box_over_the_change_becomes_as_long_as_it_is_drawn(night_visit, desk, view, end):
    """From 00:30, with the hour that comes twice in between: boxes are as long as what they stand for."""
    browser = desk()
    drop(browser, night_visit, date=FALL, start=f"{FALL}T00:30:00", override="1")

    answer = drop(browser, night_visit, view=view, date=FALL, end=f"{FALL}T{end}:00")

    assert (answer.status_code, Booking.objects.get().duration_min) == (200, 120)


# How long it takes ------------------------------------------------------------------------------------


def test_a_box_made_longer_takes_longer_and_is_taken_back(salon, visit, desk):
    browser = desk()

    answer = drop(browser, visit, end=f"{visit.local_date}T11:45:00")

    assert (answer.status_code, Booking.objects.get().end_at) == (200, at(salon, "11:45"))
    assert answer.json()["said"] == (
        "Anna Berg’s visit now ends at 11:45. The agreed price stays; nobody is written to."
    )
    undo = answer.json()["undo"]
    assert browser.post(undo["url"], undo["fields"], **JSON).status_code == 200
    assert Booking.objects.get().end_at == at(salon, "11:00")


def test_a_length_is_typed(salon, visit, desk):
    browser, path = desk(), f"/dashboard/calendar/{visit.pk}/length/"

    assert browser.get(path).context["form"]["minutes_0"].value() == 60
    assert browser.post(path, {"minutes_0": "90"}).status_code == 302
    assert Booking.objects.get().end_at == at(salon, "11:30")


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        ("60", "Change the minutes of one service at a time."),
        ("480", "The visit lasts 480 minutes and would run past the end."),
        ("4", "Ensure this value is greater than or equal to 5."),
        ("", "This field is required."),
    ],
)
def test_a_refused_length_changes_nothing(visit, desk, minutes, sentence):
    before = rows()

    answer = desk().post(f"/dashboard/calendar/{visit.pk}/length/", {"minutes_0": minutes})

    assert answer.status_code == 422
    assert sentence in said(answer)
    assert rows() == before


def test_who_only_looks_changes_no_length(visit, desk):
    browser, before = desk("viewer"), rows()

    answers = [
        drop(browser, visit, end=f"{visit.local_date}T11:45:00"),
        browser.get(f"/dashboard/calendar/{visit.pk}/length/"),
        browser.post(f"/dashboard/calendar/{visit.pk}/length/", {"minutes_0": "90"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    assert rows() == before


def test_another_salons_length_is_not_found(visit, client_for, other_salon, member):
    browser = client_for(other_salon, member("owner", other_salon))

    assert browser.get(f"/dashboard/calendar/{visit.pk}/length/").status_code == 404


def test_a_closed_visit_has_no_length_to_change(visit, desk):
    Booking.objects.update(status="completed")

    assert "Only a visit that is not over" in said(desk().get(f"/dashboard/calendar/{visit.pk}/length/"))
