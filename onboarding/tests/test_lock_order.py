"""How far a salon is, is locked before the salon: two presses that meet wait for each other, and not in a circle."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from onboarding import services
from onboarding.services.progress import locked
from tenants.models import Business

pytestmark = pytest.mark.django_db(transaction=True)
SAVES = {
    "policies": lambda told: services.save_policies(policies={"refund_text": "Seven days."}, **told),
    "gift cards": lambda told: services.save_gift_cards(selling={"sell_gift_cards": True}, **told),
}


def wait_for_somebody_who_waits():
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("Nobody waits.")


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_who_waits_for_the_progress_does_not_hold_the_salon(opened, by, save):
    def press():
        try:
            with tenant_context(opened.business):
                save({"progress": opened, "by": by, "now": timezone.now()})
        finally:
            connection.close()

    other = threading.Thread(target=press)
    with transaction.atomic():
        locked(opened)
        other.start()
        wait_for_somebody_who_waits()
        Business.objects.select_for_update(nowait=True).get(pk=opened.pk)
    other.join(timeout=20)
    opened.refresh_from_db()
    assert len(opened.completed_steps) == 3
