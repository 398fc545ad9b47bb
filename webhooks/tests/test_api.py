"""Webhooks through the API: for admins and owners of this salon, the secret once."""

from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from tenants.tests.api import NO_STATIC, Api, signed_in
from webhooks import services, signing
from webhooks.models import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint

pytestmark = NO_STATIC
ALL, URL = "/api/v1/webhooks", "https://hooks.example/in"
BODY = {"url": URL, "events": ["booking.created", "payment.captured"], "description": "Till"}


def one(endpoint, *rest):
    return "/".join((f"{ALL}/{endpoint.pk}", *map(str, rest)))


@pytest.fixture
def endpoint(salon, subscribe):
    return subscribe(salon, URL)[0]


def test_an_endpoint_is_registered_and_its_secret_shown_once(salon, works_here):
    api = works_here("admin")

    made = api.post(ALL, BODY)

    row = WebhookEndpoint.objects.get()
    assert made.status_code == 201
    assert made.json()["secret"] == signing.secret_of(row)
    assert "no-store" in made["Cache-Control"]
    listed, read = api.get(ALL), api.get(one(row))
    shown = {key: value for key, value in made.json().items() if key != "secret"}
    assert (listed.json()["results"], read.json()) == ([shown], shown)
    assert shown | BODY | {"state": "active", "disabled_reason": ""} == shown
    assert AuditEntry.objects.get(action="webhook.added").after == {"url": URL, "events": BODY["events"]}


WRONG = {
    "private": ({"url": "https://10.0.0.1/"}, 422),
    "plain": ({"url": "http://hooks.example/"}, 422),
    "no events": ({"events": []}, 400),
    "unknown event": ({"events": ["booking.deleted"]}, 400),
    "its secret": ({"secret": "x"}, 400),
}


@pytest.mark.parametrize(("changes", "status"), WRONG.values(), ids=WRONG)
def test_what_no_endpoint_can_be_is_refused(salon, works_here, changes, status):
    assert works_here("owner").post(ALL, BODY | changes).status_code == status
    assert WebhookEndpoint.objects.count() == 0


def test_there_are_ten_at_most(salon, works_here, subscribe):
    for _ in range(10):
        subscribe(salon, URL)

    answer = works_here("admin").post(ALL, BODY)

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")
    assert WebhookEndpoint.objects.count() == 10


def calls(endpoint, delivery_id):
    return (
        ("get", ALL),
        ("post", ALL),
        ("get", one(endpoint)),
        ("patch", one(endpoint)),
        ("delete", one(endpoint)),
        ("post", one(endpoint, "roll")),
        ("post", one(endpoint, "test")),
        ("get", one(endpoint, "deliveries")),
        ("post", one(endpoint, "deliveries", delivery_id, "replay")),
    )


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("staff", 403)])
def test_it_is_for_admins_and_owners(salon, works_here, endpoint, role, status):
    api, delivery = works_here(role), services.send_test(endpoint=endpoint, now=timezone.now())

    assert {getattr(api, verb)(path).status_code for verb, path in calls(endpoint, delivery.pk)} == {status}
    assert {getattr(Api(salon), verb)(path).status_code for verb, path in calls(endpoint, delivery.pk)} == {401}
    assert WebhookEndpoint.objects.get().secret_generation == 1


def test_another_salons_endpoint_is_not_there(salon, other_salon, works_here, subscribe, member, endpoint):
    foreign, _ = subscribe(other_salon, URL)
    with tenant_context(other_salon):
        delivery = services.send_test(endpoint=foreign, now=timezone.now())
    api, outsider = works_here("owner"), signed_in(salon, member("admin", other_salon))

    assert {getattr(api, verb)(path).status_code for verb, path in calls(foreign, delivery.pk)[2:]} == {404}
    assert api.post(one(endpoint, "deliveries", delivery.pk, "replay")).status_code == 404
    assert {getattr(outsider, verb)(path).status_code for verb, path in calls(endpoint, uuid4())} == {404}
    with tenant_context(other_salon):
        assert WebhookEndpoint.objects.get().secret_generation == 1
    assert WebhookEndpoint.objects.get() == endpoint


def test_it_is_changed_paused_and_started_again(salon, works_here, endpoint):
    api = works_here("admin")

    changed = api.patch(one(endpoint), {"events": ["customer.created"], "description": "CRM"}).json()
    paused = api.patch(one(endpoint), {"paused": True}).json()
    started = api.patch(one(endpoint), {"paused": False}).json()

    assert (changed["events"], changed["description"], changed["url"]) == (["customer.created"], "CRM", URL)
    assert (paused["state"], started["state"]) == ("paused", "active")
    assert api.patch(one(endpoint), {"url": "https://127.0.0.1/"}).status_code == 422
    assert list(AuditEntry.objects.order_by("at", "id").values_list("action", flat=True))[1:] == [
        "webhook.changed",
        "webhook.paused",
        "webhook.resumed",
    ]


def test_a_disabled_one_is_started_again_with_new_patience(salon, works_here, endpoint):
    WebhookEndpoint.objects.update(state=EndpointState.DISABLED, disabled_reason="x", failing_since=timezone.now())

    answer = works_here("admin").patch(one(endpoint), {"paused": False}).json()

    assert (answer["state"], answer["disabled_reason"], answer["failing_since"]) == ("active", "", None)


def test_a_new_secret_is_shown_once(salon, works_here, endpoint):
    old = signing.secret_of(endpoint)

    answer = works_here("admin").post(one(endpoint, "roll"))

    endpoint.refresh_from_db()
    assert answer.json()["secret"] == signing.secret_of(endpoint) != old
    assert endpoint.rolled_at is not None


def test_it_is_deleted_with_its_log(salon, works_here, endpoint):
    services.send_test(endpoint=endpoint, now=timezone.now())
    api = works_here("admin")

    assert api.delete(one(endpoint)).status_code == 204
    assert (WebhookEndpoint.objects.count(), WebhookDelivery.objects.count()) == (0, 0)
    assert api.get(one(endpoint)).status_code == 404


def test_deliveries_are_listed_and_sent_again(salon, works_here, listen, subscribe):
    endpoint, _ = subscribe(salon, listen(answers=[(410, {}, b"gone"), 200]).url)
    api = works_here("admin")
    assert api.post(one(endpoint, "test")).status_code == 202
    services.deliver(endpoint_id=endpoint.pk, business=salon)

    (row,) = api.get(one(endpoint, "deliveries"), status="dead").json()["results"]
    refused = api.post(one(endpoint, "test"))
    again = api.post(one(endpoint, "deliveries", row["id"], "replay"))

    assert (row["type"], row["status"], row["response_code"], row["response_text"]) == (
        "webhook.test",
        "dead",
        410,
        "gone",
    )
    assert ([each["code"] for each in row["tries"]], row["next_try_at"]) == ([410], None)
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_not_active")
    assert (again.status_code, again.json()["status"]) == (202, "pending")
    assert WebhookDelivery.objects.get().status == DeliveryStatus.PENDING
    assert api.get(one(endpoint, "deliveries"), status="dead").json()["results"] == []
