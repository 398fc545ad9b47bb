"""An endpoint's secret and what it signs. Secrets follow from a key of the installation: none is stored."""

import base64
import hashlib
import hmac
from datetime import timedelta

from django.conf import settings

OVERLAP = timedelta(hours=24)


def secret_of(endpoint, generation=None):
    """The text its owner was shown once; whole, with its prefix, it is the key of the signature."""
    text = f"webhook:{endpoint.pk}:{generation or endpoint.secret_generation}"
    mixed = hmac.new(settings.WEBHOOK_KEY.encode(), text.encode(), hashlib.sha256).digest()
    return "whsec_" + base64.urlsafe_b64encode(mixed).decode().rstrip("=")


def signature(secret, *, event_id, timestamp, body):
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def headers(endpoint, *, event_id, body, now):
    """What goes along with a body. For a day after the secret was rolled, the one before signs too."""
    timestamp = int(now.timestamp())
    secrets = [secret_of(endpoint)]
    if endpoint.rolled_at and now < endpoint.rolled_at + OVERLAP:
        secrets.append(secret_of(endpoint, endpoint.secret_generation - 1))
    signed = (signature(secret, event_id=event_id, timestamp=timestamp, body=body) for secret in secrets)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Tithi-Webhooks/1",
        "Tithi-Webhook-Id": str(event_id),
        "Tithi-Webhook-Timestamp": str(timestamp),
        "Tithi-Webhook-Signature": " ".join(signed),
    }
