"""The same menu is saved by several presses at one moment: it is made once."""

import threading

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.models import Service
from bookings.services import records
from bookings.tests.factories import make_member
from config.testing_racing import at_once
from onboarding import services
from onboarding.services import menu
from tenants.models import Business

pytestmark = pytest.mark.django_db(transaction=True)
PRESSES = 4
ROWS = [{"category": "", "name": name, "duration_min": 30, "price_cents": 4000} for name in ("Cut", "Trim")]


def take_the_locks_away(monkeypatch):
    """Every press reads the menu before the first one writes."""
    met = threading.Barrier(PRESSES)
    read = menu._Menu.__init__

    def read_together(self, *args):
        read(self, *args)
        met.wait(timeout=20)

    monkeypatch.setattr(menu._Menu, "__init__", read_together)
    monkeypatch.setattr(menu, "locked", lambda progress: None)
    monkeypatch.setattr(records, "lock", lambda: Business.objects.get(schema_name=connection.schema_name))


@pytest.mark.parametrize(("guarded", "made"), [(False, PRESSES * 2), (True, 2)], ids=["without the lock", "with it"])
def test_several_presses_at_once_make_the_menu_once(opened, by, monkeypatch, guarded, made):
    with tenant_context(opened.business):
        make_member("Mara")
    if not guarded:
        take_the_locks_away(monkeypatch)

    def press(number):
        with tenant_context(opened.business):
            services.save_services(progress=opened, rows=ROWS, by=by, now=timezone.now())

    at_once(PRESSES, press)

    with tenant_context(opened.business):
        assert Service.objects.count() == made
