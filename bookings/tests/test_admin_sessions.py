"""Classes in the admin: sessions that are coming, their guests, opening and closing."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import words
from bookings.models import GroupSession
from bookings.services import Details, open_session
from bookings.tests.factories import at, hold, make_booking, make_member, make_service
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
SESSIONS = "/admin/bookings/groupsession/"
ADD = f"{SESSIONS}add/"


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def yoga(salon):
    return make_service("Yoga", cents=2000, shared_session=True, allow_group_booking=True, max_group_size=4)


@pytest.fixture
def dina(yoga):
    return make_member("Dina", performs=[yoga])


def opened(salon, service, member, clock="10:00", days=7):
    start = at(salon, clock, days=days)
    return open_session(business=salon, service=service, team_member=member, start=start, by=SYSTEM, now=timezone.now())


def guest(number=0):
    return Details(f"Guest {number}", f"guest{number}@example.com", "")


def page(session, name="change"):
    return f"{SESSIONS}{session.pk}/{name}/"


def press(client, path, **data):
    key = re.search(r'name="key" value="([^"]+)"', client.get(path).text)[1]
    return client.post(path, {"key": key} | data)


def said(client):
    return [str(message) for message in client.get(SESSIONS).context["messages"]]


def wish(salon, service, member, clock="10:00", days=7, weeks=1, **more):
    day = at(salon, clock, days=days).astimezone(salon.zone).date()
    asked = {"service": service.pk, "team_member": member.pk, "date": day.isoformat(), "time": clock, "weeks": weeks}
    return asked | more


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_who_is_free_where_whatever_its_length(salon, yoga, dina, desk, count):
    for number in range(count):
        session = opened(salon, yoga, dina, f"{10 + 2 * number}:00")
        make_booking(salon, yoga, session.start_at, party_size=3, details=guest(number))
    client = desk("viewer")
    client.get(SESSIONS)

    with CaptureQueriesContext(connection) as seen:
        answer = client.get(SESSIONS)

    assert len(seen) == 6
    rows = answer.context["cl"].result_list
    assert [(row.team_member.name, row.taken, row.free) for row in rows] == [("Dina", 3, 1)] * count


def test_the_list_looks_ahead_unless_asked(salon, yoga, dina, desk):
    coming, past = opened(salon, yoga, dina), opened(salon, yoga, dina, "12:00")
    ago = timezone.now() - timedelta(days=1)
    GroupSession.objects.filter(pk=past.pk).update(start_at=ago - timedelta(hours=1), end_at=ago)
    client = desk()

    def found(**filters):
        return [session.pk for session in client.get(SESSIONS, filters).context["cl"].result_list]

    assert (found(), found(when="past"), found(when="all")) == ([coming.pk], [past.pk], [past.pk, coming.pk])


def test_a_session_names_its_guests_by_seat(salon, yoga, dina, desk):
    session = opened(salon, yoga, dina)
    booking = make_booking(salon, yoga, session.start_at, party_size=2, details=guest())
    hold(salon, yoga, session.start_at)

    answer = desk("viewer").get(page(session))

    seats = [(seat.number, held and held.ref) for seat, held in answer.context["seats"]]
    assert [ref for _, ref in seats[:2]] == [booking.ref] * 2
    assert [number for number, _ in seats] == [1, 2, 3, 4]
    assert answer.text.count(f'href="/admin/bookings/booking/{booking.pk}/change/"') == 2
    assert answer.text.count("Being booked online") == 1


def test_a_booking_leads_to_its_class(salon, yoga, dina, desk):
    session = opened(salon, yoga, dina)
    booking = make_booking(salon, yoga, session.start_at, party_size=2, details=guest())

    answer = desk().get(f"/admin/bookings/booking/{booking.pk}/change/")

    assert answer.context["parts"][0]["seats"] == [1, 2]
    assert f'href="{page(session)}">Seats 1, 2 of the class</a>' in answer.text


def test_a_guest_is_added_by_the_form_for_bookings_filled_in(salon, yoga, dina, desk):
    session = opened(salon, yoga, dina, "14:00")
    client = desk()

    form = client.get(client.get(page(session, "add-guest"))["Location"]).context["form"]

    [first, *_] = form.rows
    assert (first["service"].value(), first["team_member"].value()) == (str(yoga.pk), str(dina.pk))
    assert form["time"].value() == "14:00"


def test_a_full_session_takes_no_more_guests(salon, yoga, dina, desk):
    session = opened(salon, yoga, dina)
    client = desk()
    before = "Add a guest" in client.get(page(session)).text

    make_booking(salon, yoga, session.start_at, party_size=4, details=guest())

    assert (before, "Add a guest" in client.get(page(session)).text) == (True, False)


def test_a_session_is_opened(salon, yoga, dina, desk):
    client = desk()

    answer = press(client, ADD, **wish(salon, yoga, dina))

    session = GroupSession.objects.get()
    assert (session.start_at, session.team_member, session.scheduled) == (at(salon), dina, True)
    assert answer["Location"] == page(session)
    assert said(client) == [f"1 session opened: {words.when(at(salon).astimezone(salon.zone))}."]
    assert AuditEntry.objects.get(action="session.opened").actor_label == "staff@rosa.example"


def test_a_series_keeps_the_time_on_the_wall_and_names_the_dates_refused(salon, yoga, dina, cut, desk):
    dina.services.add(cut)
    taken = make_booking(salon, cut, at(salon, "10:00", days=14), details=guest())
    client = desk()

    answer = press(client, ADD, **wish(salon, yoga, dina, weeks=3))

    sessions = GroupSession.objects.order_by("start_at")
    assert [f"{each.start_at.astimezone(salon.zone):%H:%M}" for each in sessions] == ["10:00", "10:00"]
    assert [each.start_at for each in sessions] == [at(salon), at(salon, days=21)]
    assert answer["Location"] == SESSIONS
    refused = words.when(at(salon, days=14).astimezone(salon.zone))
    why = f"That time has just been taken. There is a booking ({taken.ref})."
    assert said(client)[1] == f"Not opened: {refused}: {why}"


def test_nothing_opened_stays_on_the_form(salon, yoga, dina, desk):
    opened(salon, yoga, dina)

    answer = press(desk(), ADD, **wish(salon, yoga, dina))

    when = words.when(at(salon).astimezone(salon.zone))
    assert answer.context["form"].non_field_errors() == [f"{when}: This class takes place then already."]
    assert GroupSession.objects.count() == 1


def test_who_does_not_give_the_class_is_refused(salon, yoga, dina, ann, desk):
    answer = press(desk(), ADD, **wish(salon, yoga, ann))

    assert "Ann does not perform Yoga." in answer.text
    assert GroupSession.objects.count() == 0


def test_only_classes_are_offered(salon, yoga, dina, cut, ann, desk):
    client = desk()

    assert client.get(ADD).context["form"].fields["service"].choices == [("", "Choose a class"), (str(yoga.pk), "Yoga")]
    yoga.shared_session = False
    yoga.save()
    assert "No service is a class yet." in client.get(ADD).text


def test_an_empty_session_is_closed(salon, yoga, dina, desk):
    session = opened(salon, yoga, dina)
    client = desk()

    answer = press(client, page(session, "close"))

    assert (answer["Location"], GroupSession.objects.count()) == (SESSIONS, 0)
    when = words.when(at(salon).astimezone(salon.zone))
    assert said(client) == [f"Closed: Yoga with Dina, {when}. The time is free again."]


def test_a_session_with_guests_is_kept_with_a_sentence(salon, yoga, dina, desk):
    session = opened(salon, yoga, dina)
    client = desk()
    key = re.search(r'name="key" value="([^"]+)"', client.get(page(session, "close")).text)[1]
    make_booking(salon, yoga, session.start_at, details=guest())

    client.post(page(session, "close"), {"key": key})

    assert said(client) == ["There are guests in this session. Move or cancel their visits first."]
    assert GroupSession.objects.count() == 1


def test_viewers_open_and_close_nothing(salon, yoga, dina, desk):
    session = opened(salon, yoga, dina)
    client = desk("viewer")

    assert [client.post(path).status_code for path in (ADD, page(session, "close"), page(session, "add-guest"))] == [
        403
    ] * 3
    assert client.get(page(session)).status_code == 200
    assert GroupSession.objects.count() == 1


def test_another_salons_session_is_not_there(salon, nora, yoga, dina, client_for, member):
    session = opened(salon, yoga, dina)
    client = client_for(nora, member("owner", nora))

    assert [client.get(page(session, name)).status_code for name in ("change", "close", "add-guest", "history")] == [
        404
    ] * 4
    assert client.get(SESSIONS).context["cl"].result_count == 0
