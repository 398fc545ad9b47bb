"""How often one visit asks the database: a question more at any of these presses is paid for by every visit."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import services as bookings
from bookings.tests.factories import DETAILS, at, hold
from payments import services


@pytest.mark.django_db
def test_a_visit_asks_the_database_so_often(salon, cut, ann):
    now, asked = timezone.now(), {}

    def press(name, act):
        with CaptureQueriesContext(connection) as queries:
            booking = act()
        asked[name] = len(queries)
        return booking

    about = {"business": salon, "now": now}
    booking = press("hold", lambda: hold(salon, cut, at(salon)))
    about["booking"] = booking
    press("submit", lambda: services.submit_checkout(details=DETAILS, address=None, **about))
    press("place", lambda: services.place_booking(**about))
    press("check in", lambda: bookings.check_in(booking=booking, by=SYSTEM, now=now))
    press("complete", lambda: services.complete(key="so-often", by=SYSTEM, **about))

    assert asked == {"hold": 7, "submit": 11, "place": 21, "check in": 6, "complete": 15}
