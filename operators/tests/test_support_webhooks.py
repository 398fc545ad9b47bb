"""Support sees no webhook: not where they go, not what was sent, and no secret."""

from uuid import uuid4

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from tenants.models import Role
from tenants.tests.api import NO_STATIC
from webhooks import services
from webhooks.models import EventType, WebhookEndpoint

pytestmark = NO_STATIC
ENDPOINTS, DELIVERIES = "/admin/webhooks/webhookendpoint/", "/admin/webhooks/webhookdelivery/"
BUTTONS = ("test", "edit", "roll", "pause", "resume", "replay", "remove")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_support_never_sees_a_secret_or_makes_one(salon, client_for, operator, let_in, role):
    how = {"url": "https://hooks.example/in", "events": EventType.values, "by": SYSTEM, "now": timezone.now()}
    endpoint, secret = services.add_endpoint(business=salon, **how)
    let_in(role=role)
    client, base = client_for(salon, operator), f"{ENDPOINTS}{endpoint.pk}"

    paths = [f"{base}/{name}/" for name in ("change", *BUTTONS)]
    answers = [client.get(path) for path in (ENDPOINTS, f"{ENDPOINTS}add/", DELIVERIES, *paths)]
    answers += [client.post(f"{base}/{name}/", {"key": str(uuid4())}) for name in BUTTONS]

    assert {answer.status_code for answer in answers} == {403}
    assert not any(secret in answer.text for answer in answers)
    assert WebhookEndpoint.objects.get().secret_generation == 1
