"""Somebody books while the salon moves to another time zone: the move waits, then gives way; nothing is half moved."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from bookings.models import Booking, Status
from bookings.services import settings as rules
from bookings.services import zones
from bookings.tests.factories import at, make_booking, make_member, make_service
from bookings.tests.racing import at_once
from tenants.models import Business

pytestmark = pytest.mark.django_db(transaction=True)
#: Longer than a writer waits for a lock.
PATIENCE = 10


@pytest.fixture
def cut(rosa):
    with tenant_context(rosa):
        service = make_service()
        make_member(performs=[service], works=(0, 1440))
        make_booking(rosa, service, at(rosa, "10:00"))
        yield service


def someone_waits():
    """Whether a transaction of this database stands before an advisory lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
            "WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted)"
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize("commits", ["while it waits", "after it gave up"])
def test_a_booking_that_is_being_made_stops_the_move(rosa, cut, commits):
    written, answered = threading.Event(), threading.Event()

    def book():
        with tenant_context(rosa), transaction.atomic():
            make_booking(rosa, cut, at(rosa, "12:00"), status=Status.HOLD)
            written.set()
            until = time.monotonic() + PATIENCE
            done = someone_waits if commits == "while it waits" else answered.is_set
            while not done() and time.monotonic() < until:
                answered.wait(0.02)
            return done()

    def move():
        written.wait(PATIENCE)
        business = Business.objects.get(pk=rosa.pk)
        try:
            with tenant_context(business):
                rules.change_booking_rules(
                    business=business,
                    changes={"timezone": "America/Chicago"},
                    by=actors.SYSTEM,
                    now=timezone.now(),
                    keep=zones.WALLS,
                )
        except zones.DiaryBusy as exc:
            return str(exc)
        finally:
            answered.set()

    answers = at_once(2, lambda number: (book, move)[number]())

    assert answers == [True, "Somebody is booking at this moment, so nothing was changed. Please save again."]
    assert set(Booking.objects.values_list("booking_tz", flat=True)) == {"America/New_York"}
    assert Business.objects.get(pk=rosa.pk).timezone == "America/New_York"
