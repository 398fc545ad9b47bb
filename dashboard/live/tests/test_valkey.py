"""A Valkey that is gone: writes go on, sockets are given up, pages come back when it does."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.models import Closure
from bookings.services import closures
from dashboard.live import station
from dashboard.live.tests.listening import Ear, knock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore:No directory at")]


def close_a_day(business, day):
    with tenant_context(business):
        return closures.add_closure(first=day, last=day, by=SYSTEM, now=timezone.now())


def test_writes_go_on_and_pages_come_back(own_sockets, valkey, rosa, staff, cookie_of):
    day, year, cookie = timezone.now().date(), timedelta(days=365), cookie_of(rosa, staff)
    headers = [f"Host: {rosa.host}", f"Origin: {rosa.url}", f"Cookie: sessionid={cookie}"]
    heard = Ear(own_sockets, business=rosa, cookie=cookie)
    close_a_day(rosa, day + year)
    assert heard.news()["kind"] == "opening"

    valkey.stop()
    taken = []
    for number in range(3):
        began = time.monotonic()
        close_a_day(rosa, day + (2 + number) * year)
        taken.append(time.monotonic() - began)

    assert max(taken) < 1  # with the write itself, on a busy machine
    with tenant_context(rosa):
        assert Closure.objects.count() == 4
    assert heard.closed_after()[1] == station.NO_NEWS
    assert knock(own_sockets, *headers) == 403
    heard.close()

    valkey.start()
    until = time.monotonic() + 20
    while (status := knock(own_sockets, *headers)) == 403 and time.monotonic() < until:
        time.sleep(0.3)
    assert status == 101
    again = Ear(own_sockets, business=rosa, cookie=cookie)
    row = close_a_day(rosa, day + 9 * year)
    assert again.news()["id"] == str(row.pk)
    again.close()
