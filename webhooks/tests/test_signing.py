"""Whoever has the secret can tell who sent a message; nobody else has it."""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from audit.actors import SYSTEM
from webhooks import services, signing

BODY, ID = b'{"a":1}', "6f1b7c5e-0000-4000-8000-000000000001"
NOW = datetime(2027, 1, 15, 10, tzinfo=UTC)
URL = "https://hooks.example/in"


def expected(secret):
    signed = f"{ID}.{int(NOW.timestamp())}.".encode() + BODY
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def sent(endpoint, now=NOW):
    return signing.headers(endpoint, event_id=ID, body=BODY, now=now)


def test_a_message_is_signed_with_its_id_and_its_time(rosa, subscribe):
    endpoint, secret = subscribe(rosa, URL)

    found = sent(endpoint)

    assert found["Tithi-Webhook-Id"] == ID
    assert found["Tithi-Webhook-Timestamp"] == "1800007200"
    assert found["Tithi-Webhook-Signature"] == expected(secret)


@pytest.mark.parametrize(("hours", "both"), [(0, True), (23.9, True), (24, False)])
def test_a_rolled_secret_and_the_one_before_overlap_for_a_day(salon, subscribe, hours, both):
    endpoint, old = subscribe(salon, URL)
    rolled_at = NOW - timedelta(hours=hours)

    endpoint, new = services.roll_secret(endpoint=endpoint, by=SYSTEM, now=rolled_at)

    assert new != old
    assert sent(endpoint)["Tithi-Webhook-Signature"].split() == [expected(new), *([expected(old)] if both else [])]


def test_every_endpoint_has_its_own_secret_and_no_table_has_any(rosa, nora, subscribe):
    made = [subscribe(business, URL) for business in (rosa, rosa, nora)]

    secrets = {secret for _, secret in made}

    assert len(secrets) == 3
    connection.set_tenant(rosa)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(e)::text FROM webhooks_webhookendpoint e")
        rows = " ".join(row for (row,) in cursor.fetchall())
        cursor.execute("SELECT row_to_json(e)::text FROM audit_auditentry e")
        rows += " ".join(row for (row,) in cursor.fetchall())
    assert "hooks.example" in rows
    assert not any(secret in rows or secret.removeprefix("whsec_") in rows for secret in secrets)


def test_another_key_of_the_installation_makes_other_secrets(rosa, subscribe, settings):
    endpoint, secret = subscribe(rosa, URL)
    settings.WEBHOOK_KEY = "another"

    assert signing.secret_of(endpoint) != secret
