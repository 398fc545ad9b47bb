"""One call to Stripe: our settings, our time limits, Stripe's errors turned into ours."""

from functools import cache

import stripe
from django.conf import settings

from payments.gateway.errors import (
    AuthenticationNeeded,
    CallInsideTransaction,
    CardDeclined,
    GatewayError,
    GatewayUnavailable,
    UnexpectedState,
)
from tenants.atomicity import inside_transaction

TIMEOUT_SECONDS = 10


@cache
def client():
    """The SDK's client for our settings."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=settings.STRIPE_RETRIES,
    )


def configure():
    """Point the SDK's module-level settings, which dj-stripe uses, at the same Stripe."""
    stripe.api_base = settings.STRIPE_API_BASE
    stripe.api_key = settings.STRIPE_SECRET_KEY
    stripe.max_network_retries = settings.STRIPE_RETRIES
    stripe.default_http_client = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)


def call(function, *args, account="", key=None, params=None):
    """One call with Stripe's errors turned into ours."""
    if inside_transaction():
        raise CallInsideTransaction
    options = {}
    if account:
        options["stripe_account"] = account
    if key:
        options["idempotency_key"] = key
    try:
        return function(*args, params=params or {}, options=options)
    except stripe.CardError as exc:
        raise _card_error(exc) from exc
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.IdempotencyError) as exc:
        raise GatewayUnavailable(str(exc), exc.code or "") from exc
    except stripe.InvalidRequestError as exc:
        if (exc.code or "").endswith("_unexpected_state") or exc.code == "charge_already_captured":
            raise UnexpectedState(str(exc), exc.code) from exc
        raise GatewayError(str(exc), exc.code or "") from exc
    except stripe.AuthenticationError as exc:
        raise GatewayError("Stripe does not accept our key.", exc.code or "") from exc
    except stripe.StripeError as exc:  # 5xx and whatever is new: in doubt, nothing is known
        unavailable = GatewayUnavailable(str(exc), exc.code or "")
        unavailable.answered = exc.http_status is not None
        raise unavailable from exc


def every(function, *args, account="", params=None):
    """All objects of one of Stripe's lists. Each page is a `call`: the SDK's own paging would go past what that minds."""
    params = {"limit": 100} | (params or {})
    while True:
        page = call(function, *args, account=account, params=params)
        yield from page.data
        if not page.has_more:
            return
        params = params | {"starting_after": page.data[-1].id}


def _card_error(exc):
    error = exc.error
    decline = getattr(error, "decline_code", None) or exc.code or ""
    if "authentication_required" in (exc.code, decline) or (exc.code or "").endswith("_requires_action"):
        return AuthenticationNeeded(exc.user_message or str(exc), "authentication_required")
    return CardDeclined(exc.user_message or str(exc), decline)


def plain(value):
    if value is None:
        return {}
    return value.to_dict() if hasattr(value, "to_dict") else dict(value)
