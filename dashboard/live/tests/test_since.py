"""What pages without a socket ask: who gets an answer, what it says, what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import services as audit
from audit.actors import SYSTEM
from bookings.tests import factories
from tenants.models import Business, Role
from tenants.tests.api import NO_STATIC

pytestmark = [pytest.mark.django_db, NO_STATIC]
SINCE = "/dashboard/live/since"


def note(business, at, action="business.changed"):
    with tenant_context(business):
        audit.record(actor=SYSTEM, action=action, subject=business, at=at)


def ask(client, after):
    return client.get(SINCE, {"after": after.isoformat()})


@pytest.mark.parametrize("role", Role.values)
def test_every_role_hears_what_has_changed_since(role, client_for, rosa, nora, member):
    now = timezone.now()
    note(rosa, now - timedelta(seconds=20))
    note(nora, now)

    answer = ask(client_for(rosa, member(role)), now - timedelta(seconds=30))

    change = {"kind": "salon", "id": str(rosa.pk), "what": "business.changed", "dates": []}
    assert answer.json()["changes"] == [change]
    assert answer.json()["now"] > now.isoformat()
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(("seconds", "changes"), [(4, 1), (6, 0)], ids=["just before", "earlier"])
def test_what_was_under_way_is_told_twice(seconds, changes, client_for, rosa, staff):
    now = timezone.now()
    note(rosa, now - timedelta(seconds=seconds))

    assert len(ask(client_for(rosa, staff), now).json()["changes"]) == changes


def test_what_support_looks_at_is_no_news(client_for, rosa, staff):
    note(rosa, timezone.now(), action="support.viewed")

    assert ask(client_for(rosa, staff), timezone.now()).json()["changes"] == []


@pytest.mark.parametrize("after", ["", "yesterday", "2026-11-26", "2026-11-26T10:00:00", "2026-13-01T10:00:00+00:00"])
def test_what_is_no_instant_is_refused(after, client_for, rosa, staff):
    assert client_for(rosa, staff).get(SINCE, {"after": after}).status_code == 400


def test_it_looks_back_one_hour_at_most(client_for, rosa, staff):
    now = timezone.now()
    note(rosa, now - timedelta(minutes=61))

    assert ask(client_for(rosa, staff), now - timedelta(days=300)).json()["changes"] == []


def test_strangers_and_other_salons_hear_nothing(salon_client, client_for, rosa, nora, member):
    assert ask(salon_client, timezone.now()).status_code == 302
    assert ask(client_for(rosa, member("owner", nora)), timezone.now()).status_code == 404


@pytest.mark.parametrize("lines", [1, 3])
def test_the_answer_is_one_question(lines, client_for, rosa, staff):
    client = client_for(rosa, staff)
    ask(client, timezone.now())
    for number in range(lines):
        note(rosa, timezone.now(), action=f"business.changed{number}")

    with CaptureQueriesContext(connection) as asked:
        answer = ask(client, timezone.now())

    assert len(answer.json()["changes"]) == lines
    assert len([query for query in asked if "audit_auditentry" in query["sql"]]) == 1


def test_what_changes_a_visit_is_heard_of_by_both_ways(
    client_for, rosa, staff, settings, django_capture_on_commit_callbacks
):
    settings.LIVE_UPDATES = True
    client, now = client_for(rosa, staff), timezone.now()
    with tenant_context(rosa), django_capture_on_commit_callbacks() as waiting:
        Business.objects.filter(pk=rosa.pk).update(min_notice_min=0)
        service = factories.make_service()
        factories.make_member(performs=[service])
        booking = factories.make_booking(rosa, service, factories.at(rosa))

    asked = {(item["kind"], item["what"]) for item in ask(client, now).json()["changes"]}
    told = [call.args[1]["news"] for call in waiting if getattr(call, "args", None) and "news" in str(call.args)]

    assert {("visit", "booking.pending"), ("visit", "booking.confirmed")} <= asked
    assert [item["what"] for item in told] == [
        "customer.added",
        "booking.pending",
        "booking.created",
        "notice.visit_booked",
        "booking.confirmed",
    ]
    assert {item["id"] for item in told[1:]} == {str(booking.pk)}
    assert {day for item in told for day in item["dates"]} == {booking.local_date.isoformat()}


def test_without_a_process_for_sockets_nothing_is_told(rosa, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        note(rosa, timezone.now())

    assert waiting == []
