"""Events as Stripe signs them."""

import stripe

from payments.gateway.calling import plain
from payments.gateway.errors import GatewayError


class BadSignature(GatewayError):
    """The body was not signed by Stripe with a secret of ours."""


def read_event(*, body, signature, secrets):
    """The event's plain dictionary, after checking its signature against each secret. Raises BadSignature."""
    for secret in secrets:
        try:
            return plain(stripe.Webhook.construct_event(body, signature, secret))
        except (stripe.SignatureVerificationError, ValueError):
            continue
    raise BadSignature("not signed with a secret of ours")
