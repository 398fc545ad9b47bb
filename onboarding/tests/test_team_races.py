"""The same list of people is saved by several presses at one moment: everybody is added once."""

import threading

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.models import TeamMember
from bookings.services import records
from config.testing_racing import at_once
from onboarding import services
from onboarding.services import team
from tenants.models import Business

pytestmark = pytest.mark.django_db(transaction=True)
PRESSES = 4
ANN = services.Person(fields={"first_name": "Ann", "last_name": "Berg"})


def take_the_locks_away(monkeypatch):
    """Every press looks for Ann before the first one adds her."""
    met = threading.Barrier(PRESSES)
    known = team._known

    def looked_together(*args):
        found = known(*args)
        met.wait(timeout=20)
        return found

    monkeypatch.setattr(team, "_known", looked_together)
    monkeypatch.setattr(team, "locked", lambda progress: None)
    monkeypatch.setattr(records, "lock", lambda: Business.objects.get(schema_name=connection.schema_name))


@pytest.mark.parametrize(("guarded", "added"), [(False, PRESSES), (True, 1)], ids=["without the lock", "with it"])
def test_several_presses_at_once_add_a_person_once(opened, by, monkeypatch, guarded, added):
    if not guarded:
        take_the_locks_away(monkeypatch)

    def press(number):
        with tenant_context(opened.business):
            services.save_team(progress=opened, people=[ANN], by=by, now=timezone.now())

    at_once(PRESSES, press)

    with tenant_context(opened.business):
        assert TeamMember.objects.count() == added
