"""Terms, signed links and calendar files."""

import base64
import re
from uuid import uuid4

import icalendar
import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import ics, links, mail, services, terms
from bookings.models import Booking
from bookings.tests.factories import at, make_booking, make_past_visit
from messaging.models import Message


@pytest.mark.parametrize(
    ("fee_type", "fixed", "percent", "fee"),
    [
        ("none", 2000, 50, 0),
        ("fixed", 2000, 0, 2000),
        ("fixed", 9999, 0, 5000),
        ("percent", 0, 50, 2500),
        ("percent", 0, 100, 5000),
        ("percent", 0, 33, 1650),
        ("percent", 0, 0, 0),
    ],
)
def test_a_fee_is_never_above_the_price(fee_type, fixed, percent, fee):
    assert terms.fee(5000, fee_type, fixed, percent) == fee


@pytest.mark.parametrize(("price", "fee"), [(101, 51), (99, 50), (1, 1), (0, 0)])
def test_half_a_cent_is_rounded_up(price, fee):
    assert terms.fee(price, "percent", 0, 50) == fee


@pytest.fixture
def booking(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


def test_a_link_opens_its_booking_and_says_nothing(booking):
    token = links.manage_token(booking)

    assert links.booking_for_token(token, now=timezone.now()) == booking
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert b"anna" not in base64.urlsafe_b64decode(token + "=")


@pytest.mark.parametrize("change", ["first", "last", "cut", "longer", "empty", "padding", "not base64", "nul"])
def test_a_changed_link_opens_nothing(booking, change):
    token = links.manage_token(booking)
    flip = {"A": "B"}.get
    changed = {
        "first": flip(token[0], "A") + token[1:],
        "last": token[:-2] + flip(token[-2], "A") + token[-1],
        "cut": token[:-4],
        "longer": token + "AAAA",
        "empty": "",
        "padding": "====",
        "not base64": "ä" * 43,
        "nul": "\x00" * 43,
    }[change]

    with pytest.raises(Booking.DoesNotExist):
        links.booking_for_token(changed, now=timezone.now())


def test_a_link_of_one_salon_is_noise_on_another(booking, other_salon):
    token = links.manage_token(booking)

    with tenant_context(other_salon), pytest.raises(Booking.DoesNotExist):
        links.booking_for_token(token, now=timezone.now())


def test_a_salons_signature_does_not_fit_another_salon(booking, other_salon):
    with tenant_context(other_salon):
        foreign = links.manage_token(booking)

    with pytest.raises(Booking.DoesNotExist):
        links.booking_for_token(foreign, now=timezone.now())


def test_a_link_to_what_never_was_a_booking_opens_nothing(salon, cut, ann):
    held = make_booking(salon, cut, at(salon), status="hold")

    for row in (held, Booking(pk=uuid4())):
        with pytest.raises(Booking.DoesNotExist):
            links.booking_for_token(links.manage_token(row), now=timezone.now())


@pytest.mark.parametrize(("days", "opens"), [(179, True), (181, False)])
def test_a_link_ends_half_a_year_after_the_visit(booking, days, opens):
    make_past_visit(booking, days=days)

    try:
        found = links.booking_for_token(links.manage_token(booking), now=timezone.now())
    except Booking.DoesNotExist:
        found = None

    assert (found == booking) is opens


def event_of(salon, booking):
    text = ics.calendar_file(business=salon, booking=booking, now=timezone.now())
    calendar = icalendar.Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    return calendar, event, text


def test_a_calendar_entry_says_when_in_the_salons_zone(salon, booking):
    calendar, event, text = event_of(salon, booking)

    assert calendar["METHOD"] == "PUBLISH"
    assert (event.start, event.end) == (booking.start_at, booking.end_at)
    assert "DTSTART;TZID=America/New_York" in text
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]
    assert (event["SUMMARY"], event["STATUS"], event["SEQUENCE"]) == ("Cut at Rosa Studio", "CONFIRMED", 0)
    assert booking.ref in event["DESCRIPTION"]


def test_a_moved_and_a_cancelled_visit_replace_the_first_entry(salon, booking):
    _, first, _ = event_of(salon, booking)
    booking = services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "14:00"), by=SYSTEM, now=timezone.now()
    )
    _, second, _ = event_of(salon, booking)
    booking = services.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())
    calendar, third, _ = event_of(salon, booking)

    assert first["UID"] == second["UID"] == third["UID"]
    assert [event["SEQUENCE"] for event in (first, second, third)] == [0, 1, 2]
    assert (calendar["METHOD"], third["STATUS"]) == ("CANCEL", "CANCELLED")


def invitation_of(salon, booking):
    method, text = ics.invitation(business=salon, booking=booking, now=timezone.now())
    calendar = icalendar.Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    assert calendar["METHOD"] == method
    return method, event


def test_an_invitation_asks_its_guest_for_nothing(salon, booking):
    salon.email = "hello@rosa.example"

    method, event = invitation_of(salon, booking)

    assert (method, event["STATUS"], event["SEQUENCE"]) == ("REQUEST", "CONFIRMED", 0)
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == ("mailto:hello@rosa.example", "Rosa Studio")
    assert event["ATTENDEE"] == f"mailto:{booking.contact_email}"
    assert dict(event["ATTENDEE"].params) == {
        "CN": booking.contact_name,
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "ACCEPTED",
        "RSVP": "FALSE",
    }


def test_a_salon_without_an_address_invites_by_the_platforms(salon, booking, settings):
    settings.DEFAULT_FROM_EMAIL = "Tithi <bookings@tithi.example>"
    salon.email = ""

    _, event = invitation_of(salon, booking)

    assert event["ORGANIZER"] == "mailto:bookings@tithi.example"


def test_an_unconfirmed_visit_is_tentative(salon, booking):
    booking.status = "pending"

    method, event = invitation_of(salon, booking)

    assert (method, event["STATUS"]) == ("REQUEST", "TENTATIVE")


def test_a_visits_mails_carry_one_entry_through_its_life(salon, booking):
    now = timezone.now()
    mail.queue_booked(business=salon, booking=booking, now=now)
    booking = services.reschedule_booking(business=salon, booking=booking, start=at(salon, "14:00"), by=SYSTEM, now=now)
    services.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=now)

    sent = Message.objects.filter(recipient=booking.contact_email, kind__startswith="booking_").order_by("created_at")
    found = []
    for message in sent:
        [attachment] = message.attachments
        calendar = icalendar.Calendar.from_ical(attachment["body"])
        [event] = calendar.walk("VEVENT")
        kind = f"text/calendar; charset=utf-8; method={calendar['METHOD']}"
        assert attachment["content_type"] == kind
        found.append((message.kind, str(calendar["METHOD"]), event["SEQUENCE"], str(event["UID"])))

    uid = found[0][3]
    assert found == [
        ("booking_confirmed", "REQUEST", 0, uid),
        ("booking_rescheduled", "REQUEST", 1, uid),
        ("booking_cancelled", "CANCEL", 2, uid),
    ]


def test_names_cannot_add_lines_to_an_invitation(salon, booking):
    evil = 'Anna"\r\nATTENDEE:mailto:x@example.com\x00'
    salon.name = booking.contact_name = evil

    _, event = invitation_of(salon, booking)

    assert event["ATTENDEE"] == f"mailto:{booking.contact_email}", "one guest"
    assert event["ATTENDEE"].params["CN"] == "Anna ATTENDEE:mailto:x@example.com"


def test_names_cannot_add_lines_to_an_entry(salon, cut, ann, booking):
    booking.service_snapshot["name"] = "Cut\r\nATTENDEE:mailto:x@example.com; a, b"

    _, event, text = event_of(salon, booking)

    assert "ATTENDEE" not in event
    assert "\r\nATTENDEE" not in text


def test_calendar_links_carry_the_instants(salon, booking):
    google, outlook = (link(business=salon, booking=booking) for link in (ics.google_link, ics.outlook_link))

    assert f"{booking.start_at:%Y%m%dT%H%M%SZ}%2F{booking.end_at:%Y%m%dT%H%M%SZ}" in google
    assert f"startdt={booking.start_at:%Y-%m-%dT%H}%3A00%3A00Z" in outlook
