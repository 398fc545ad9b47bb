"""What providers post about messages: believed with their secret, led by our own signature, in any order."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.conf import settings as django_settings
from django_tenants.utils import tenant_context

from messaging import links, services
from messaging.models import Message, MessageStatus, Suppression

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
BASIC = "Basic " + base64.b64encode(b"tithi:s3cret").decode()


@pytest.fixture
def message(salon):
    message = services.queue(kind="hello", recipient="ann@example.com", subject="Hi", text="Hello", now=NOW)
    services.send_due(now=NOW)
    message.refresh_from_db()
    return message


@pytest.fixture
def chosen(settings):
    def choose(name, **keys):
        settings.EMAIL_PROVIDER = name
        settings.ANYMAIL = keys

    return choose


@pytest.fixture
def postmark(chosen):
    chosen("postmark", WEBHOOK_SECRET="tithi:s3cret")


def post(client, body, provider="postmark", auth=BASIC):
    headers = {"HTTP_AUTHORIZATION": auth} if auth else {}
    return client.post(f"/mail/events/{provider}/", body, content_type="application/json", **headers)


def delivered(metadata):
    return {
        "RecordType": "Delivery",
        "ServerID": 23,
        "MessageStream": "outbound",
        "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
        "Recipient": "ann@example.com",
        "Tag": "",
        "DeliveredAt": "2026-11-05T16:33:54.9070259Z",
        "Details": "smtp;250 2.0.0 OK",
        "Metadata": metadata,
    }


def bounced(metadata, kind="HardBounce"):
    return {
        "RecordType": "Bounce",
        "MessageStream": "outbound",
        "ID": 4323372036854775807,
        "Type": kind,
        "TypeCode": 1,
        "Name": "Hard bounce",
        "Tag": "",
        "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
        "Metadata": metadata,
        "ServerID": 23,
        "Description": "The server was unable to deliver your message.",
        "Details": "smtp;550 5.1.1 The email account does not exist.",
        "Email": "somebody.else@example.com",
        "From": "bookings@tithi.example",
        "BouncedAt": "2026-11-05T16:34:54Z",
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "Hi",
    }


def complained(metadata):
    return bounced(metadata, "SpamComplaint") | {"RecordType": "SpamComplaint", "Name": "Spam complaint"}


def state(message):
    message.refresh_from_db()
    return message.delivery, list(Suppression.objects.values_list("address", "scope", "cause"))


GONE = [("ann@example.com", "all", "bounced")]
SPAM = [("ann@example.com", "all", "complained")]


def test_what_arrived_is_written_down(message, postmark, platform_client):
    assert post(platform_client, delivered(links.event_metadata(message))).status_code == 200

    assert state(message) == ("delivered", [])
    assert message.delivery_detail == "smtp;250 2.0.0 OK"
    assert message.delivery_at == datetime(2026, 11, 5, 16, 33, 54, 907025, tzinfo=UTC)


def test_an_address_that_does_not_exist_gets_nothing_more_of_this_salon(
    message, other_salon, postmark, platform_client
):
    post(platform_client, bounced(links.event_metadata(message)))

    assert state(message) == ("bounced", GONE), "the message's recipient, not the address in the post"
    later = services.queue(kind="later", recipient="ann@example.com", subject="Hi", text="Hello", now=NOW)
    assert services.send_due(now=NOW) == 0
    later.refresh_from_db()
    assert (later.status, later.reason) == (
        "skipped",
        "An earlier message to this address came back: it does not exist.",
    )
    with tenant_context(other_salon):
        assert Suppression.objects.count() == 0


def test_a_full_mailbox_stops_nothing(message, postmark, platform_client):
    post(platform_client, bounced(links.event_metadata(message), "SoftBounce"))

    assert state(message) == ("bounced", [])


def test_in_any_order_it_never_goes_back(message, postmark, platform_client):
    metadata = links.event_metadata(message)
    told = []

    for body in (complained(metadata), bounced(metadata), delivered(metadata), complained(metadata)):
        post(platform_client, body)
        told.append(state(message))

    assert told == [("complained", SPAM)] * 4


def test_repeated_it_changes_nothing_also_where_staff_has_allowed_the_address_again(message, postmark, platform_client):
    post(platform_client, bounced(links.event_metadata(message)))
    services.allow(channel="email", address="ann@example.com")

    assert post(platform_client, bounced(links.event_metadata(message))).status_code == 200

    assert state(message) == ("bounced", [])


def test_a_receipt_nobody_knew_of_has_left(message, postmark, platform_client):
    Message.objects.filter(pk=message.pk).update(status=MessageStatus.UNCONFIRMED, reason="Nobody can tell.")

    post(platform_client, delivered(links.event_metadata(message)))

    message.refresh_from_db()
    assert (message.status, message.reason) == (MessageStatus.SENT, "")


def test_unsubscribing_at_the_provider_is_unsubscribing(message, postmark, platform_client):
    body = {
        "RecordType": "SubscriptionChange",
        "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
        "ServerID": 23,
        "MessageStream": "outbound",
        "ChangedAt": "2026-11-05T16:34:54Z",
        "Recipient": "ann@example.com",
        "Origin": "Recipient",
        "SuppressSending": True,
        "SuppressionReason": "ManualSuppression",
        "Metadata": links.event_metadata(message),
    }

    post(platform_client, body)

    assert state(message) == ("", [("ann@example.com", "advertising", "unsubscribed")])


@pytest.mark.parametrize("auth", [None, "Basic eDp5", "Bearer x", "Basic =", BASIC + "x"])
def test_a_strangers_post_is_refused(message, postmark, platform_client, auth):
    assert post(platform_client, bounced(links.event_metadata(message)), auth=auth).status_code == 400

    assert state(message) == ("", [])


def test_a_signature_of_one_message_is_none_of_another(message, other_salon, postmark, platform_client):
    with tenant_context(other_salon):
        other = services.queue(kind="hello", recipient="bob@example.com", subject="Hi", text="Hello", now=NOW)
        metadata = links.event_metadata(other)
    mine = links.event_metadata(message)

    for forged in (
        {"salon": salon_of(mine), "message": metadata["message"]},
        {"salon": salon_of(metadata), "message": mine["message"]},
        {"salon": salon_of(mine), "message": mine["message"][:-2] + "AA"},
        {"salon": salon_of(mine)},
        {"salon": ["x"], "message": {}},
        {},
    ):
        assert post(platform_client, bounced(forged)).status_code == 200

    assert state(message) == ("", [])
    with tenant_context(other_salon):
        assert state(other) == ("", [])


def salon_of(metadata):
    return metadata["salon"]


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "7", "null", '"x"', "[" * 10_000, '{"RecordType": {}}', '{"RecordType": "Inbound"}', "\0"]
)
def test_what_cannot_be_read_is_refused(message, postmark, platform_client, body):
    assert post(platform_client, body).status_code in (200, 400)

    assert state(message) == ("", [])


def test_the_address_is_closed_without_a_secret_for_other_providers_and_on_salons_hosts(
    message, chosen, platform_client, salon_client
):
    body = bounced(links.event_metadata(message))
    chosen("postmark")
    assert post(platform_client, body).status_code == 404
    chosen("postmark", WEBHOOK_SECRET="tithi:s3cret")
    assert post(platform_client, body, provider="sendgrid").status_code == 404
    assert post(platform_client, body, provider="nobody").status_code == 404
    assert post(salon_client, body).status_code == 404

    assert state(message) == ("", [])


# The same over HTTP, as two providers post it --------------------------------------------------------


def mailgun(event, key, **more):
    """Mailgun's envelope: what happened, and a signature over time and token."""
    timestamp, token = "1793896434", "5b3c2a7d9e"
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": timestamp, "token": token, "signature": signature},
        "event-data": {
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": 1793896434.566,
            "recipient": "ann@example.com",
            "recipient-domain": "example.com",
            "message": {"headers": {"message-id": "20261105@tithi.example", "to": "ann@example.com"}},
            "event": event,
            **more,
        },
    }


def send_to(live_server, provider, body, **headers):
    port = live_server.url.rsplit(":", 1)[1]
    request = Request(
        f"http://127.0.0.1:{port}/mail/events/{provider}/",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Host": f"{django_settings.PLATFORM_DOMAIN}:{port}", **headers},
    )
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status
    except HTTPError as exc:
        with exc:
            return exc.code


def test_two_providers_post_over_http(transactional_db, live_server, rosa, nora, chosen):
    ids = {}
    for business in (rosa, nora):
        with tenant_context(business):
            row = services.queue(kind="hello", recipient="ann@example.com", subject="Hi", text="Hello", now=NOW)
            ids[business.slug] = row.pk, links.event_metadata(row)

    chosen("postmark", WEBHOOK_SECRET="tithi:s3cret")
    assert send_to(live_server, "postmark", bounced(ids["rosa"][1])) == 400
    assert send_to(live_server, "postmark", bounced(ids["rosa"][1]), Authorization=BASIC) == 200
    chosen("mailgun", MAILGUN_API_KEY="key", MAILGUN_WEBHOOK_SIGNING_KEY="signing", MAILGUN_SENDER_DOMAIN="x.example")
    told = {"user-variables": ids["nora"][1], "severity": "permanent", "reason": "bounce"}
    assert send_to(live_server, "mailgun", mailgun("complained", "forged", **told)) == 400
    assert send_to(live_server, "mailgun", mailgun("delivered", "signing", **told)) == 200
    assert send_to(live_server, "mailgun", mailgun("failed", "signing", **told)) == 200

    for business in (rosa, nora):
        with tenant_context(business):
            row = Message.objects.get(pk=ids[business.slug][0])
            assert (row.delivery, list(Suppression.objects.values_list("address", "scope", "cause"))) == (
                "bounced",
                GONE,
            )


@pytest.mark.filterwarnings("ignore:django-anymail has dropped official support for SendGrid")
def test_sendgrid_tells_of_several_at_once(message, chosen, platform_client):
    chosen("sendgrid", WEBHOOK_SECRET="tithi:s3cret")
    common = {"email": "ann@example.com", "timestamp": 1793896434, "smtp-id": "<x>", "sg_event_id": "a"}
    metadata = links.event_metadata(message)

    answer = post(
        platform_client,
        [
            common | metadata | {"event": "delivered", "response": "250 OK"},
            common | metadata | {"event": "bounce", "type": "blocked", "reason": "450 busy", "status": "4.0.0"},
            common | {"event": "bounce", "type": "bounce", "reason": "500 unknown recipient", "status": "5.0.0"},
        ],
        provider="sendgrid",
    )

    assert answer.status_code == 200
    assert state(message) == ("bounced", [])
    assert message.delivery_at - datetime.now(UTC) < timedelta(seconds=1), "never of the future"
