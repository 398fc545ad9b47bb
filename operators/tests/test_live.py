"""Support at a socket: written down like a page, and over as soon."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from dashboard.live import station
from dashboard.live.tests.listening import PROMISED
from operators import services

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.filterwarnings("ignore:No directory at")]


def test_support_is_written_down_and_ends_within_five_seconds(let_in, ear, rosa, operator):
    access = let_in()
    heard = ear(rosa, operator)

    with tenant_context(rosa):
        line = AuditEntry.objects.get(action="support.viewed")
        assert line.after == {"path": "/ws/dashboard/", "answer": 101}
    services.end_access(access=access, by=operator, address="203.0.113.9", now=timezone.now())

    seconds, code = heard.closed_after()
    assert (code, seconds < PROMISED) == (station.NOT_ALLOWED, True)
