"""Events as Stripe signs them."""

import json

import stripe

from payments.gateway.errors import GatewayError


class BadSignature(GatewayError):
    """The body was not signed by Stripe with a secret of ours."""


def read_event(*, body, signature, secrets):
    """The event's plain dictionary, after checking its signature against each secret. Raises BadSignature."""
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
            # Not the SDK's object: it turns exact prices into Decimal, which no JSON column takes.
            return json.loads(body)
        except (stripe.SignatureVerificationError, ValueError):
            continue
    raise BadSignature("not signed with a secret of ours")
