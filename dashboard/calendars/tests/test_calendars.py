"""The pages of calendars: addresses to subscribe to, and busy times from elsewhere."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import tenant_context

from bookings.models import TimeBlock
from bookings.tests.factories import at, make_booking, make_member, make_service
from dashboard.tests.pages import url
from feeds.models import BusyCalendar, FeedLink
from feeds.tests.making import event_at, events_of, ics_of
from tenants.models import Role, User
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
QUERIES = 11


@pytest.fixture
def cut(salon):
    return make_service()


@pytest.fixture
def ann(cut):
    return make_member("Ann", performs=[cut])


@pytest.fixture
def desk(salon, client_for, member):
    return client_for(salon, member("admin"))


@pytest.fixture
def staff(salon, client_for, member, ann):
    """Ann at her own phone."""
    user = member("staff")
    type(ann).objects.filter(pk=ann.pk).update(user_id=user.pk)
    return client_for(salon, user)


def made(client, whose="everybody", name="Desk"):
    return client.post(url("calendars"), {"person": str(whose), "name": name}).context["made"]


def file(*events, data=None):
    return SimpleUploadedFile("private.ics", ics_of(*events) if data is None else data, "text/calendar")


def lunch(salon):
    return event_at(at(salon, "12:00"), at(salon, "12:00") + timedelta(hours=1))


def brought(client, ann, *events, **how):
    return client.post(url("busy-new"), {"person": str(ann.pk), "name": "Private", "file": file(*events, **how)})


def said(client, path):
    return [(message.level_tag, str(message)) for message in client.get(path).context["messages"]]


# Addresses -----------------------------------------------------------------------------------------


def test_an_address_is_shown_once_and_opens_the_calendar(salon, cut, ann, desk, salon_client):
    make_booking(salon, cut, at(salon, "10:00"))

    shown = made(desk)

    assert shown["url"].startswith(f"{salon.url}/calendar/")
    assert shown["webcal"] == shown["url"].replace(shown["url"].partition("://")[0], "webcal")
    assert len(events_of(salon_client.get(shown["url"].removeprefix(salon.url)))) == 1
    again = desk.get(url("calendars"))
    assert [row["link"].name for row in again.context["rows"]] == ["Desk"]
    assert shown["url"] not in again.text


def test_it_is_revoked_with_one_press(salon, desk, salon_client):
    path = made(desk)["url"].removeprefix(salon.url)

    answer = desk.post(url("calendar-revoke", FeedLink.objects.get().pk))

    assert answer["Location"] == url("calendars")
    assert salon_client.get(path).status_code == 404
    assert desk.get(url("calendars")).context["rows"] == []
    assert desk.post(url("calendar-revoke", FeedLink.objects.get().pk)).status_code == 404


def test_staff_take_their_own_visits_along_and_no_others(staff, ann):
    other = make_member("Bob")

    page = staff.get(url("calendars"))

    assert page.context["form"].fields["person"].choices == [(str(ann.pk), "Ann’s")]
    assert made(staff, ann.pk)["link"].team_member == ann
    for whose in ("everybody", other.pk):
        assert staff.post(url("calendars"), {"person": str(whose), "name": "x"}).status_code == 422
    assert FeedLink.objects.count() == 1


def test_who_is_nobody_in_the_team_makes_none(salon, client_for, member):
    viewer = client_for(salon, member("viewer"))

    assert viewer.get(url("calendars")).status_code == 200
    assert viewer.post(url("calendars"), {"person": "everybody", "name": "x"}).status_code == 403
    assert FeedLink.objects.count() == 0


def test_without_a_name_there_is_none_and_what_was_chosen_stays(desk, ann):
    answer = desk.post(url("calendars"), {"person": str(ann.pk), "name": " "})

    assert answer.status_code == 422
    assert answer.context["form"]["person"].value() == str(ann.pk)
    # Nothing but the sentence: a field of the form is no part of what is wrong.
    assert '<li><a href="#id_name">What it is for: Please write what it is for.</a></li>' in answer.content.decode()
    assert FeedLink.objects.count() == 0


def test_an_address_of_somebody_who_left_is_said_to_open_nothing(salon, desk, owner, client_for):
    made(desk)
    User.objects.get(email="admin@rosa.example").memberships.all().delete()

    assert "opens nothing" in client_for(salon, owner).get(url("calendars")).text


@pytest.mark.parametrize("name", ["calendars", "busy-new"])
def test_members_of_another_salon_find_nothing(salon, client_for, member, nora, name):
    assert client_for(salon, member("owner", nora)).get(url(name)).status_code == 404
    assert client_for(salon).get(url(name)).status_code == 302


# Busy elsewhere ------------------------------------------------------------------------------------


def test_a_file_blocks_its_times_and_names_the_visits_in_them(salon, cut, ann, desk):
    booking = make_booking(salon, cut, at(salon, "12:00"))

    answer = brought(desk, ann, lunch(salon))

    calendar = BusyCalendar.objects.get()
    assert answer["Location"] == url("busy", calendar.pk)
    levels = [level for level, _ in said(desk, answer["Location"])]
    assert levels == ["success", "warning"]
    page = desk.get(answer["Location"])
    assert page.context["visits"] == [booking]
    assert [row["ahead"] for row in desk.get(url("calendars")).context["busy"]] == ["1 time"]


def test_what_is_no_calendar_is_said_at_the_file(ann, desk):
    answer = brought(desk, ann, data=b"<html>")

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == ["This is not a calendar: it does not begin like an .ics file."]
    assert answer.context["form"]["name"].value() == "Private"
    assert BusyCalendar.objects.count() == 0


def test_a_newer_file_and_the_end(salon, ann, desk):
    brought(desk, ann, lunch(salon))
    calendar = BusyCalendar.objects.get()

    assert desk.post(url("busy", calendar.pk), {"file": file()}).status_code == 302
    assert TimeBlock.objects.count() == 0
    assert desk.post(url("busy-remove", calendar.pk))["Location"] == url("calendars")
    assert BusyCalendar.objects.count() == 0


def test_its_times_have_no_button_on_the_persons_page(salon, ann, desk):
    brought(desk, ann, lunch(salon))
    block = TimeBlock.objects.get()

    page, remove = desk.get(url("person", ann.pk)), url("block-remove", ann.pk, block.pk)

    assert "Busy: Private" in page.text
    assert remove not in page.text
    desk.post(remove)
    assert TimeBlock.objects.count() == 1


def test_staff_bring_in_their_own_and_see_no_others(salon, ann, staff, desk):
    bob = make_member("Bob")
    brought(desk, bob, lunch(salon))
    bobs = BusyCalendar.objects.get()

    assert brought(staff, ann, lunch(salon)).status_code == 302
    assert brought(staff, bob, lunch(salon)).status_code == 422
    assert [row["calendar"].team_member for row in staff.get(url("calendars")).context["busy"]] == [ann]
    for name in ("busy", "busy-remove"):
        assert staff.post(url(name, bobs.pk), {"file": file()}).status_code == 404
    assert BusyCalendar.objects.count() == 2


@pytest.mark.parametrize("role", [Role.VIEWER])
def test_viewers_bring_in_nothing(salon, ann, client_for, member, role):
    viewer = client_for(salon, member(role))

    assert brought(viewer, ann, lunch(salon)).status_code == 403
    assert TimeBlock.objects.count() == 0


def test_another_salons_calendar_is_not_found(salon, desk, nora):
    with tenant_context(nora):
        theirs = BusyCalendar.objects.create(
            team_member=make_member("Nora"), name="x", made_by_id=nora.pk, created_at=at(nora)
        )

    for name in ("busy", "busy-remove"):
        assert desk.post(url(name, theirs.pk)).status_code == 404


def test_the_list_asks_as_often_for_three_as_for_one(salon, ann, desk, django_assert_num_queries):
    made(desk), brought(desk, ann, lunch(salon))
    desk.get(url("calendars"))
    with django_assert_num_queries(QUERIES):
        desk.get(url("calendars"))
    for number in range(2):
        made(desk, ann.pk, f"No. {number}")
        brought(desk, make_member(f"P{number}"), lunch(salon))

    with django_assert_num_queries(QUERIES):
        desk.get(url("calendars"))


def test_an_address_is_added_and_its_key_is_not_shown(ann, desk):
    sent = {"person": str(ann.pk), "name": "Private", "url": "webcal://calendar.example/private-key/a.ics"}

    answer = desk.post(url("busy-new"), sent)

    calendar = BusyCalendar.objects.get()
    page = desk.get(answer["Location"])
    assert (answer["Location"], calendar.host) == (url("busy", calendar.pk), "calendar.example")
    assert "calendar.example" in page.text
    assert "private-key" not in page.text + desk.get(url("calendars")).text
    assert desk.post(url("busy", calendar.pk)).status_code == 302


@pytest.mark.parametrize("address", ["http://calendar.example/a.ics", "https://10.0.0.1/a.ics", ""])
def test_an_address_that_is_not_called_is_said_at_its_field(ann, desk, address):
    answer = desk.post(url("busy-new"), {"person": str(ann.pk), "name": "Private", "url": address})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["url"])
    assert answer.context["form"]["url"].value() == address
    assert BusyCalendar.objects.count() == 0
