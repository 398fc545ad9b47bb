"""A calendar that programs subscribe to: what it says, whom it answers, and when it is the same."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import ics
from bookings import services as diary
from bookings.services import records
from bookings.tests.factories import DETAILS, at, make_booking, make_member, make_past_visit, make_service, visit
from feeds import queries, services
from feeds.models import FeedLink
from feeds.tests.making import by, events_of, feed_link
from tenants import bearer
from tenants.models import Business, BusinessStatus, Membership
from tenants.permissions import Permission
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


def moved(salon, booking, clock):
    return diary.reschedule_booking(
        business=salon, booking=booking, start=at(salon, clock), by=SYSTEM, now=timezone.now()
    )


def canceled(salon, booking, **how):
    return diary.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now(), **how)


def told(event):
    return event["SEQUENCE"], str(event["STATUS"]), event["DTSTART"].dt


# What it says --------------------------------------------------------------------------------------


def test_a_visit_is_an_event_with_the_uid_of_its_invitation(salon, cut, ann, link, salon_client):
    booking = make_booking(salon, cut, at(salon, "10:00"))
    _, path = link()

    answer = salon_client.get(path)

    (event,) = events_of(answer)
    (invited,) = icalendar.Calendar.from_ical(
        ics.invitation(business=salon, booking=booking, now=timezone.now())[1]
    ).walk("VEVENT")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (event["UID"], event["SEQUENCE"]) == (invited["UID"], invited["SEQUENCE"])
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (booking.start_at, booking.end_at)
    assert str(event["SUMMARY"]) == "Cut · Anna (Ann)"
    assert str(event["DESCRIPTION"]) == f"Cut\nWith Ann\nConfirmation number {booking.ref}."
    assert icalendar.Calendar.from_ical(answer.content)["METHOD"] == "PUBLISH"


def test_nothing_else_of_the_customer_leaves_the_salon(salon, cut, ann, link, salon_client):
    make_booking(salon, cut, at(salon, "10:00"))

    text = salon_client.get(link()[1]).content.decode()

    assert [word for word in ("Berg", "anna@", "2125550187", "5550187") if word in text] == []


def test_the_sequence_rises_over_move_move_and_cancel(salon, cut, ann, link, salon_client):
    booking, (_, path) = make_booking(salon, cut, at(salon, "10:00")), link()

    seen = [told(*events_of(salon_client.get(path)))]
    for clock in ("11:00", "12:00"):
        booking = moved(salon, booking, clock)
        seen.append(told(*events_of(salon_client.get(path))))
    canceled(salon, booking)
    seen.append(told(*events_of(salon_client.get(path))))

    assert seen == [
        (0, "CONFIRMED", at(salon, "10:00")),
        (1, "CONFIRMED", at(salon, "11:00")),
        (2, "CONFIRMED", at(salon, "12:00")),
        (3, "CANCELLED", at(salon, "12:00")),
    ]


def test_the_stamp_is_the_last_change_and_not_now(salon, cut, ann, link, salon_client):
    booking = make_booking(salon, cut, at(salon, "10:00"))

    (event,) = events_of(salon_client.get(link()[1]))

    changed = booking.updated_at.replace(microsecond=0)
    assert (event["DTSTAMP"].dt, event["LAST-MODIFIED"].dt) == (changed, changed)


def test_a_request_is_tentative_and_a_hold_is_not_told(salon, cut, ann, link, salon_client):
    make_booking(salon, cut, at(salon, "10:00"), status="pending")
    make_booking(salon, cut, at(salon, "12:00"), status="hold")

    assert [str(event["STATUS"]) for event in events_of(salon_client.get(link()[1]))] == ["TENTATIVE"]


def test_what_is_long_over_drops_out(salon, cut, ann, link, salon_client):
    for number, days in enumerate((59, 62)):
        make_past_visit(make_booking(salon, cut, at(salon, f"{10 + number}:00")), days=days)
    gone = canceled(salon, make_booking(salon, cut, at(salon, "14:00")))
    type(gone).objects.filter(pk=gone.pk).update(canceled_at=timezone.now() - timedelta(days=32))

    (event,) = events_of(salon_client.get(link()[1]))

    assert (timezone.now() - event["DTSTART"].dt).days == 59


def test_a_person_has_their_own_part_of_a_visit(salon, cut, ann, link, salon_client):
    colour = make_service("Colour", minutes=30)
    bob = make_member("Bob", performs=[colour])
    booking = make_booking(salon, visit((cut, ann), (colour, bob)), at(salon, "10:00"))
    nobodys = make_member("Cid")

    (anns,), (bobs,), (everybodys,) = (events_of(salon_client.get(link(person)[1])) for person in (ann, bob, None))

    assert (anns["DTSTART"].dt, anns["DTEND"].dt) == (at(salon, "10:00"), at(salon, "11:00"))
    assert (bobs["DTSTART"].dt, bobs["DTEND"].dt) == (at(salon, "11:00"), at(salon, "11:30"))
    assert (everybodys["DTSTART"].dt, everybodys["DTEND"].dt) == (booking.start_at, booking.end_at)
    assert [str(event["SUMMARY"]) for event in (anns, bobs, everybodys)] == [
        "Cut · Anna",
        "Colour · Anna",
        "Cut + Colour · Anna (Ann, Bob)",
    ]
    assert events_of(salon_client.get(link(nobodys)[1])) == []


def test_a_moved_visit_leaves_the_calendar_of_who_had_it(salon, cut, ann, link, salon_client):
    bob = make_member("Bob", performs=[cut])
    booking = make_booking(salon, cut, at(salon, "10:00"), team_member=ann)
    paths = [link(person)[1] for person in (ann, bob)]

    diary.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "11:00"), team_member=bob, by=SYSTEM, now=timezone.now()
    )

    assert [len(events_of(salon_client.get(path))) for path in paths] == [0, 1]


@pytest.mark.parametrize("name", ["Eve\r\nATTENDEE:mailto:x@x.example", "Eve\nBEGIN:VALARM", 'Eve;,\\:"\x85\u2028x'])
def test_words_cannot_become_lines(salon, link, salon_client, name):
    service = make_service(name)
    make_member(name, performs=[service])
    make_booking(salon, service, at(salon, "10:00"), details=DETAILS)

    answer = salon_client.get(link()[1])

    lines = answer.content.decode().split("\r\n")
    (event,) = events_of(answer)
    assert [line for line in lines if line.startswith(("ATTENDEE", "BEGIN:VALARM"))] == []
    assert "\n" not in "".join(lines)
    assert set(event) == {
        *("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND"),
        *("SUMMARY", "DESCRIPTION", "LOCATION", "URL", "STATUS"),
    }
    assert str(event["SUMMARY"]).startswith(name.replace("\r\n", "\n")[:4])


def test_lines_are_folded_at_75_bytes_and_no_letter_is_cut(salon, link, salon_client):
    service = make_service("Größenänderung – 染め直し " * 5)
    make_member("Ann", performs=[service])
    make_booking(salon, service, at(salon, "10:00"))

    answer = salon_client.get(link()[1])

    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    assert str(events_of(answer)[0]["SUMMARY"]) == f"{service.name} · Anna (Ann)"


@pytest.mark.parametrize(("local", "utc"), [("2027-03-14T03:00", 7), ("2027-11-07T03:00", 8)], ids=["spring", "autumn"])
def test_instants_are_right_on_every_clock_change(salon, cut, link, salon_client, local, utc):
    make_member("Owl", performs=[cut], works=(0, 1440))
    start = datetime.fromisoformat(local).replace(tzinfo=salon.zone)
    Business.objects.filter(pk=salon.pk).update(horizon_days=730)
    salon.refresh_from_db()
    make_booking(salon, cut, start)

    (event,) = events_of(salon_client.get(link()[1]))

    assert event["DTSTART"].dt == datetime.fromisoformat(local).replace(hour=utc, tzinfo=UTC)


# The same, or not ----------------------------------------------------------------------------------


def test_a_calendar_that_has_not_changed_is_the_same_bytes_and_304(salon, cut, ann, link, salon_client):
    make_booking(salon, cut, at(salon, "10:00"))
    _, path = link()

    first, second = salon_client.get(path), salon_client.get(path)
    again = salon_client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (second.content, second["ETag"]) == (first.content, first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-cache"


def test_a_304_reads_no_visits(salon, cut, ann, link, salon_client):
    make_booking(salon, cut, at(salon, "10:00"))
    _, path = link()
    etag = salon_client.get(path)["ETag"]

    with CaptureQueriesContext(connection) as asked:
        assert salon_client.get(path, headers={"If-None-Match": etag}).status_code == 304

    of_visits = [each["sql"] for each in asked if "bookings_booking" in each["sql"]]
    assert ["bit_xor(hash_record_extended(" in sql for sql in of_visits] == [True]


# Whom it answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["x" * 43, "x", "%00" * 43, "x" * 5000, "ä" * 43])
def test_an_unknown_address_is_not_found(salon, salon_client, token):
    assert salon_client.get(f"/calendar/{token}.ics").status_code == 404


def test_a_revoked_address_is_not_found(salon, standing, salon_client):
    admin = standing("admin")
    link, path = feed_link(admin)

    services.revoke_link(membership=admin, by=by(admin), link=link, now=timezone.now())

    assert salon_client.get(path).status_code == 404
    with pytest.raises(records.Gone):
        services.revoke_link(membership=admin, by=by(admin), link=link, now=timezone.now())
    assert list(AuditEntry.objects.order_by("at", "pk").values_list("action", flat=True)) == [
        "feed_link.made",
        "feed_link.revoked",
    ]


def test_another_salons_address_is_not_found(salon, link, other_client):
    assert other_client.get(link()[1]).status_code == 404


def test_it_ends_with_the_membership_it_was_made_under(salon, standing, salon_client):
    admin = standing("admin")
    _, path = feed_link(admin)
    assert salon_client.get(path).status_code == 200

    Membership.objects.filter(pk=admin.pk).delete()
    assert salon_client.get(path).status_code == 404

    Membership.objects.create(user=admin.user, business=salon, role="admin")
    assert salon_client.get(path).status_code == 404


def test_it_ends_when_its_maker_may_no_more(salon, standing, salon_client):
    admin = standing("admin")
    _, path = feed_link(admin)

    Membership.objects.filter(pk=admin.pk).update(role="staff")

    assert salon_client.get(path).status_code == 404


def test_who_may_not_see_customers_does_not_read_their_names(salon, cut, standing, salon_client):
    viewer = standing("viewer")
    own = make_member("Vera", performs=[cut], user_id=viewer.user_id)
    make_booking(salon, cut, at(salon, "10:00"))
    _, path = feed_link(viewer, own)
    before = salon_client.get(path)

    Business.objects.filter(pk=salon.pk).update(role_changes={Permission.VIEW_CUSTOMERS: {"viewer": False}})
    after = salon_client.get(path, headers={"If-None-Match": before["ETag"]})

    assert [str(events_of(answer)[0]["SUMMARY"]) for answer in (before, after)] == ["Cut · Anna", "Cut"]


def test_a_salon_that_has_ended_gives_none(salon, link, client_for):
    _, path = link()
    Business.objects.filter(pk=salon.pk).update(status=BusinessStatus.CANCELED)

    assert client_for(salon).get(path).status_code == 404


def test_a_salon_that_takes_no_bookings_now_still_gives_it(salon, link, client_for):
    _, path = link()
    Business.objects.filter(pk=salon.pk).update(status=BusinessStatus.PAUSED)

    assert client_for(salon).get(path).status_code == 200


def test_it_is_read_and_never_written_to(salon, link, salon_client):
    _, path = link()

    assert [getattr(salon_client, method)(path).status_code for method in ("post", "put", "delete")] == [405] * 3


# Who makes one -------------------------------------------------------------------------------------

ROLES = ("owner", "admin", "staff", "viewer")


@pytest.mark.parametrize(("whose", "may"), [("own", ROLES), ("another's", ROLES[:2]), ("everybody's", ROLES[:2])])
@pytest.mark.parametrize("role", ROLES)
def test_who_may_make_an_address(salon, standing, role, whose, may):
    membership = standing(role)
    people = {
        "own": make_member("Own", user_id=membership.user_id),
        "another's": make_member("Other"),
        "everybody's": None,
    }

    if role in may:
        link, _ = feed_link(membership, people[whose])
        assert queries.kept_links(membership) == [link]
    else:
        with pytest.raises(services.NotYours):
            feed_link(membership, people[whose])
        assert FeedLink.objects.count() == 0


def test_a_person_does_not_see_or_revoke_the_salons(salon, standing):
    link, _ = feed_link(standing("admin"))
    staff = standing("staff")

    assert queries.kept_links(staff) == []
    with pytest.raises(services.NotYours):
        services.revoke_link(membership=staff, by=by(staff), link=link, now=timezone.now())
    assert FeedLink.objects.kept().get() == link


def test_there_are_only_so_many(salon, standing):
    admin = standing("admin")
    for _ in range(50):
        feed_link(admin)

    with pytest.raises(services.TooManyLinks):
        feed_link(admin)


def test_the_secret_is_not_stored(salon, link):
    made, path = link()
    token = path.split("/")[-1].removesuffix(".ics")

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(link)::text FROM feeds_feedlink AS link")
        assert token not in cursor.fetchone()[0]
    assert made.digest == bearer.digest(token)


def test_that_it_is_asked_for_is_written_once_an_hour(salon, link, salon_client):
    made, path = link()

    salon_client.get(path)
    first = FeedLink.objects.get(pk=made.pk).fetched_at
    salon_client.get(path)

    assert first is not None
    assert FeedLink.objects.get(pk=made.pk).fetched_at == first
