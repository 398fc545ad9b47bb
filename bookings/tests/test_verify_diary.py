"""The check of the diary where people meet it: on the command line and in the salon's admin."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import integrity, words
from bookings.models import Booking, Closure, Occupancy, Status
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.models import Business, BusinessStatus
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PAGE = "/admin/diary-check/"


@pytest.fixture
def booked(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


@pytest.fixture
def lost(booked):
    """A visit whose time is not kept."""
    Occupancy.objects.all().delete()
    return booked


@pytest.fixture
def held(salon, cut, ann):
    """A hold that should have ended a quarter of an hour ago."""
    booking = make_booking(salon, cut, at(salon), status=Status.HOLD)
    ended = timezone.now() - timedelta(minutes=15)
    Booking.objects.update(hold_expires_at=ended)
    Occupancy.objects.update(expires_at=ended)
    return booking


@pytest.fixture
def theirs(other_salon):
    """The same fault in the other salon."""
    with tenant_context(other_salon):
        cut = make_service()
        make_member(performs=[cut])
        booking = make_booking(other_salon, cut, at(other_salon))
        Occupancy.objects.all().delete()
    return booking


@pytest.fixture
def desk(salon, client_for, member):
    """`desk("staff")`: a browser signed in with that role at rosa."""
    return lambda role="admin": client_for(salon, member(role))


# The command -----------------------------------------------------------------------------------


def verify(capsys, *args):
    """(exit code, lines, what was complained about)"""
    code = 0
    try:
        call_command("verify_diary", *args)
    except CommandError as exc:
        code = exc.returncode, str(exc)
    said = capsys.readouterr()
    return code, said.out.splitlines(), said.err


def test_sound_diaries_say_so_salon_by_salon(booked, other_salon, capsys):
    assert verify(capsys) == (
        0,
        [
            "nora: 0 bookings, 0 to come, 0 rows of time taken; 0 errors, 0 notices.",
            "rosa: 1 booking, 1 to come, 1 row of time taken; 0 errors, 0 notices.",
        ],
        "",
    )


def test_a_fault_is_one_line_and_exit_1(lost, capsys):
    code, lines, _ = verify(capsys, "--salon", "rosa")

    [finding] = integrity.verify(business=connection.tenant).findings
    assert code == (1, "1 error was found.")
    assert lines == [
        f"rosa  error   booking_without_occupancy  {lost.ref}, {words.when(lost.local_start)}, Ann: {finding.sentence}",
        "rosa: 1 booking, 1 to come, 0 rows of time taken; 1 error, 0 notices.",
    ]


def test_a_notice_is_no_failure(booked, capsys):
    Closure.objects.create(start_date=booked.local_date, end_date=booked.local_date)

    code, lines, _ = verify(capsys, "--salon", "rosa")

    assert (code, len(lines)) == (0, 2)
    assert lines[0].startswith("rosa  notice  outside_rules  ")


def test_only_the_salons_asked_for_are_checked(lost, theirs, capsys):
    code, lines, _ = verify(capsys, "--salon", "nora", "--json")

    document = json.loads("\n".join(lines))
    [salon] = document["salons"]
    assert code == (1, "1 error was found.")
    assert (salon["salon"], [finding["booking"] for finding in salon["findings"]]) == ("nora", [theirs.ref])


def test_programs_read_json(lost, capsys):
    _, lines, _ = verify(capsys, "--salon", "rosa", "--json")

    document = json.loads("\n".join(lines))

    [salon] = document["salons"]
    [finding] = salon["findings"]
    assert document["not_checked"] == {}
    assert set(salon) == {"salon", "checked_at", "looked_at", "findings"}
    assert finding == {
        "kind": "booking_without_occupancy",
        "severity": "error",
        "booking": lost.ref,
        "who": "Ann",
        "when": lost.start_at.isoformat(),
        "sentence": finding["sentence"],
        "advice": finding["advice"],
    }


def test_a_salon_there_is_not_is_refused(salon, capsys):
    assert verify(capsys, "--salon", "rosa", "--salon", "nowhere")[:2] == ((1, "No such salon: nowhere."), [])


def test_cancelled_salons_are_left_alone(rosa, nora, capsys):
    Business.objects.filter(pk=nora.pk).update(status=BusinessStatus.CANCELED)

    code, lines, _ = verify(capsys)

    assert (code, len(lines)) == (0, 1)
    assert lines[0].startswith("rosa: ")


def test_a_broken_salon_does_not_stop_the_others(booked, other_salon, capsys):
    with tenant_context(other_salon), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings_seat RENAME TO bookings_seat_gone")

    code, lines, complaint = verify(capsys)

    assert code == (1, "1 salon could not be checked.")
    assert lines == ["rosa: 1 booking, 1 to come, 1 row of time taken; 0 errors, 0 notices."]
    assert "nora: could not be checked. ProgrammingError: " in complaint


# The page --------------------------------------------------------------------------------------


def test_the_page_says_that_all_is_well_and_what_was_checked(booked, desk):
    page = desk().get(PAGE)

    assert page.status_code == 200
    assert "All is well" in page.text
    assert "1 booking, 1 of them to come, and 1 stretch of time taken" in page.text
    assert "Every hold has ended when its minutes had run out." in page.text


def test_the_page_names_a_fault_what_to_do_and_its_booking(lost, desk):
    page = desk().get(PAGE)

    assert "1 fault in the diary" in page.text
    assert "Not kept free" in page.text
    assert f'href="/admin/bookings/booking/{lost.pk}/change/"' in page.text
    assert "End this hold" not in page.text


def test_a_visit_that_needs_a_move_is_no_fault(booked, desk):
    Closure.objects.create(start_date=booked.local_date, end_date=booked.local_date)

    page = desk().get(PAGE)

    assert "No faults, 1 visit to look at" in page.text
    assert "The business is closed that day." in page.text


def test_another_salons_faults_are_not_on_the_page(booked, theirs, desk):
    page = desk().get(PAGE)

    assert "All is well" in page.text
    assert theirs.ref not in page.text


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", 403), ("staff", 403), ("admin", 200)], ids=["viewer", "staff", "admin"]
)
def test_the_page_is_for_managers(booked, desk, role, status):
    assert desk(role).get(PAGE).status_code == status


def test_members_of_another_salon_find_nothing(salon, booked, client_for, member, other_salon):
    stranger = client_for(salon, member("admin", other_salon))

    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(f"{PAGE}end-hold/", {"ref": booked.ref}).status_code == 404


def test_a_hold_is_ended_by_its_button(held, desk):
    browser = desk()
    assert "End this hold" in browser.get(PAGE).text

    page = browser.post(f"{PAGE}end-hold/", {"ref": held.ref}, follow=True)

    held.refresh_from_db()
    assert (held.status, Occupancy.objects.count()) == (Status.EXPIRED, 0)
    assert f"The hold {held.ref} has ended. Its time is free again." in page.text
    assert "All is well" in page.text


def test_a_booking_that_is_sound_is_not_ended(booked, desk):
    page = desk().post(f"{PAGE}end-hold/", {"ref": booked.ref}, follow=True)

    booked.refresh_from_db()
    assert (booked.status, Occupancy.objects.count()) == (Status.CONFIRMED, 1)
    assert "Nothing was changed." in page.text


def test_a_hold_that_still_runs_is_not_ended(salon, cut, ann, desk):
    running = make_booking(salon, cut, at(salon), status=Status.HOLD)

    desk().post(f"{PAGE}end-hold/", {"ref": running.ref})

    running.refresh_from_db()
    assert (running.status, Occupancy.objects.count()) == (Status.HOLD, 1)


@pytest.mark.parametrize("role", ["viewer", "staff"])
def test_holds_are_ended_by_managers_only(held, desk, role):
    assert desk(role).post(f"{PAGE}end-hold/", {"ref": held.ref}).status_code == 403

    held.refresh_from_db()
    assert held.status == Status.HOLD


def test_another_salons_hold_is_not_found(booked, theirs, desk):
    assert desk().post(f"{PAGE}end-hold/", {"ref": theirs.ref}).status_code == 404


def test_a_hold_is_not_ended_by_a_link(held, desk):
    assert desk().get(f"{PAGE}end-hold/", {"ref": held.ref}).status_code == 405

    held.refresh_from_db()
    assert held.status == Status.HOLD
