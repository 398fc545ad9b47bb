"""Webhooks in the admin: added, stopped, started; what was sent is looked at and sent again."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from tenants.tests.api import NO_STATIC
from webhooks import services, signing
from webhooks.models import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint

pytestmark = NO_STATIC
ENDPOINTS, DELIVERIES = "/admin/webhooks/webhookendpoint/", "/admin/webhooks/webhookdelivery/"
URL = "https://hooks.example/in"
BUTTONS = ("test", "edit", "roll", "pause", "resume", "replay", "remove")
WISH = {"url": URL, "description": "Till", "events": ["booking.created"]}


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="admin": client_for(salon, member(role))


@pytest.fixture
def endpoint(salon, subscribe):
    return subscribe(salon, URL)[0]


def page(row, name="change"):
    return f"{ENDPOINTS}{row.pk}/{name}/"


def press(client, path, **data):
    key = re.search(r'name="key" value="([^"]+)"', client.get(path).text)[1]
    return client.post(path, {"key": key} | data)


def said(client):
    return [str(message) for message in client.get(ENDPOINTS).context["messages"]]


def test_an_endpoint_is_added_and_its_secret_shown_on_that_page_only(salon, desk):
    client = desk()

    answer = press(client, f"{ENDPOINTS}add/", **WISH)

    row = WebhookEndpoint.objects.get()
    secret = signing.secret_of(row)
    assert (row.url, row.description, row.events) == (URL, "Till", ["booking.created"])
    assert secret in answer.text
    assert "no-store" in answer["Cache-Control"]
    for path in (ENDPOINTS, page(row), page(row, "history"), DELIVERIES, "/admin/audit/auditentry/"):
        assert secret not in client.get(path).text
    assert AuditEntry.objects.get(action="webhook.added").actor_label == "admin@rosa.example"


@pytest.mark.parametrize(
    ("changes", "field"), [({"url": "https://10.0.0.1/"}, "url"), ({"url": "x"}, "url"), ({"events": []}, "events")]
)
def test_what_no_endpoint_can_be_is_named(salon, desk, changes, field):
    answer = press(desk(), f"{ENDPOINTS}add/", **(WISH | changes))

    assert list(answer.context["form"].errors) == [field]
    assert WebhookEndpoint.objects.count() == 0


def test_its_buttons_do_what_they_say(salon, desk, endpoint):
    client = desk("owner")

    press(client, page(endpoint, "test"))
    press(client, page(endpoint, "edit"), **WISH)
    paused = press(client, page(endpoint, "pause")) and WebhookEndpoint.objects.get().state
    press(client, page(endpoint, "resume"))
    rolled = press(client, page(endpoint, "roll"))
    WebhookDelivery.objects.update(status=DeliveryStatus.DEAD)
    press(client, page(endpoint, "replay"))

    now = WebhookEndpoint.objects.get()
    assert (paused, now.state, now.description) == (EndpointState.PAUSED, EndpointState.ACTIVE, "Till")
    assert signing.secret_of(now) in rolled.text
    assert WebhookDelivery.objects.get().status == DeliveryStatus.PENDING
    assert said(client)[-1] == "1 sent again."
    press(client, page(endpoint, "remove"))
    assert WebhookEndpoint.objects.count() == 0


def test_a_page_opens_for_what_it_shows(salon, desk, listen, subscribe):
    row, _ = subscribe(salon, listen(answers=[(410, {}, b"<b>gone</b>")]).url)
    services.send_test(endpoint=row, now=timezone.now())
    services.deliver(endpoint_id=row.pk, business=salon)
    client, delivery = desk(), WebhookDelivery.objects.get()

    shown = client.get(page(row)).text
    log = client.get(DELIVERIES).text
    one = client.get(f"{DELIVERIES}{delivery.pk}/change/").text

    assert "It answered that it is gone (410)." in shown
    assert "webhook.test" in log
    assert "&lt;b&gt;gone&lt;/b&gt;" in one
    assert "<b>gone" not in one
    assert "Answered with 410." in one
    assert "(&#x27;" not in one
    press(client, f"{DELIVERIES}{delivery.pk}/replay/")
    assert WebhookDelivery.objects.get().status == DeliveryStatus.PENDING


def test_what_is_sent_again_to_a_stopped_endpoint_is_said_to_wait(salon, desk, endpoint):
    services.send_test(endpoint=endpoint, now=timezone.now())
    WebhookDelivery.objects.update(status=DeliveryStatus.DEAD)
    WebhookEndpoint.objects.update(state=EndpointState.DISABLED)
    client, replay = desk(), f"{DELIVERIES}{WebhookDelivery.objects.get().pk}/replay/"
    waits = " It waits until you press Resume on the endpoint’s page: the endpoint is disabled."

    asked = client.get(replay).text
    press(client, replay)
    one = said(client)
    WebhookDelivery.objects.update(status=DeliveryStatus.DEAD)
    press(client, page(endpoint, "replay"))

    assert waits.strip() in asked
    assert (one, said(client)) == ([f"The event is sent again.{waits}"], [f"1 sent again.{waits}"])


@pytest.mark.parametrize("count", [1, 3])
def test_the_log_asks_as_much_whatever_its_length(salon, desk, endpoint, count):
    for _ in range(count):
        services.send_test(endpoint=endpoint, now=timezone.now())
    client = desk()
    client.get(DELIVERIES)

    with CaptureQueriesContext(connection) as seen:
        client.get(DELIVERIES)

    assert len(seen) == 7


@pytest.mark.parametrize("role", ["viewer", "staff"])
def test_it_is_for_admins_and_owners(salon, desk, endpoint, role):
    client = desk(role)
    paths = [ENDPOINTS, f"{ENDPOINTS}add/", DELIVERIES, page(endpoint), *(page(endpoint, name) for name in BUTTONS)]

    assert {client.get(path).status_code for path in paths} == {403}
    assert {client.post(page(endpoint, name), {"key": str(uuid4())}).status_code for name in BUTTONS} == {403}
    assert WebhookEndpoint.objects.get().secret_generation == 1


def test_another_salons_is_not_there(salon, other_salon, desk, subscribe):
    foreign, _ = subscribe(other_salon, URL)
    with tenant_context(other_salon):
        delivery = services.send_test(endpoint=foreign, now=timezone.now())
    client = desk("owner")

    paths = [*(page(foreign, name) for name in ("change", *BUTTONS)), f"{DELIVERIES}{delivery.pk}/replay/"]
    assert {client.get(path).status_code for path in paths} == {404}
    assert {client.post(path, {"key": str(uuid4())}).status_code for path in paths} == {404}
