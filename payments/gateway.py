"""Stripe: the only module that speaks to it. Returns our values, raises our errors, changes none of our rows.

Charges are direct charges on the salon's connected account. Never call this inside a database transaction.
"""

from dataclasses import dataclass
from functools import cache

import stripe
from django.conf import settings
from django.db import connection

TIMEOUT_SECONDS = 10
RETRIES = 2


class GatewayError(Exception):
    """Stripe refused for good; `code` is Stripe's."""

    def __init__(self, message, code=""):
        super().__init__(message)
        self.code = code


class GatewayUnavailable(GatewayError):
    """No trustworthy answer: the call may or may not have been carried out. Read before trying again.

    `answered` where Stripe itself said so: its idempotency key is used up, and would repeat that answer.
    """

    answered = False


class UnexpectedState(GatewayError):
    """The object is no longer in the state the call is for: read it and act on what it says."""


class CardDeclined(GatewayError):
    """The bank said no; `code` is the decline code where there is one."""


class AuthenticationNeeded(GatewayError):
    """The bank wants the card's owner to confirm in person."""


class CallInsideTransaction(RuntimeError):
    """A defect: money must not move while a transaction can still be rolled back."""


@dataclass(frozen=True, slots=True)
class SetupIntent:
    """A card being saved. `status` is Stripe's; card fields are filled once it succeeded."""

    id: str
    status: str
    client_secret: str
    customer_id: str
    payment_method_id: str = ""
    brand: str = ""
    last4: str = ""
    exp_month: int | None = None
    exp_year: int | None = None
    metadata: dict | None = None


@dataclass(frozen=True, slots=True)
class PaymentIntent:
    """Money on its way. Cents in the intent's currency."""

    id: str
    status: str
    amount_cents: int
    captured_cents: int
    refunded_cents: int
    application_fee_cents: int
    charge_id: str
    metadata: dict
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class RefundResult:
    id: str
    status: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class HostedPage:
    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Account:
    id: str
    charges_enabled: bool
    details_submitted: bool


@cache
def client():
    """The SDK's client for our settings."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=RETRIES,
    )


def configure():
    """Point the SDK's module-level settings, which dj-stripe uses, at the same Stripe."""
    stripe.api_base = settings.STRIPE_API_BASE
    stripe.api_key = settings.STRIPE_SECRET_KEY
    stripe.max_network_retries = RETRIES
    stripe.default_http_client = stripe.RequestsClient(timeout=TIMEOUT_SECONDS)


def _call(function, *args, account="", key=None, params=None):
    """One call with Stripe's errors turned into ours."""
    if _inside_transaction():
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


def _card_error(exc):
    error = exc.error
    decline = getattr(error, "decline_code", None) or exc.code or ""
    if "authentication_required" in (exc.code, decline):
        return AuthenticationNeeded(exc.user_message or str(exc), "authentication_required")
    return CardDeclined(exc.user_message or str(exc), decline)


def _inside_transaction():
    """As `atomic(durable=True)` asks: the transaction a TestCase wraps around a test is not one of ours."""
    blocks = connection.atomic_blocks
    return bool(blocks) and not blocks[-1]._from_testcase


# Cards -----------------------------------------------------------------------------------------


def create_customer(*, account, name, email, metadata, key):
    """A customer on the salon's account; returns its id."""
    params = {"metadata": metadata} | ({"name": name} if name else {}) | ({"email": email} if email else {})
    return _call(client().v1.customers.create, account=account, key=key, params=params).id


def update_customer(*, account, customer_id, name, email):
    _call(client().v1.customers.update, customer_id, account=account, params={"name": name, "email": email})


def create_setup_intent(*, account, customer_id, metadata, key):
    """Start saving a card for charges the customer will not be present for."""
    params = {
        "customer": customer_id,
        "usage": "off_session",
        "payment_method_types": ["card"],
        "metadata": metadata,
        "expand": ["payment_method"],
    }
    return _setup_intent(_call(client().v1.setup_intents.create, account=account, key=key, params=params))


def retrieve_setup_intent(*, account, setup_intent_id):
    params = {"expand": ["payment_method"]}
    return _setup_intent(_call(client().v1.setup_intents.retrieve, setup_intent_id, account=account, params=params))


def _setup_intent(raw):
    method = raw.payment_method
    card = method.card if method is not None and not isinstance(method, str) else None
    return SetupIntent(
        id=raw.id,
        status=raw.status,
        client_secret=raw.client_secret,
        customer_id=raw.customer if isinstance(raw.customer, str) else (raw.customer.id if raw.customer else ""),
        payment_method_id=method.id if card else "",
        brand=card.brand if card else "",
        last4=card.last4 if card else "",
        exp_month=card.exp_month if card else None,
        exp_year=card.exp_year if card else None,
        metadata=_plain(raw.metadata),
    )


def create_setup_page(*, account, customer_id, success_url, cancel_url, metadata, currency, key):
    """A page hosted by Stripe that saves a card, for browsers without JavaScript."""
    params = {
        "mode": "setup",
        "customer": customer_id,
        "currency": currency.lower(),
        "payment_method_types": ["card"],
        "success_url": success_url,
        "cancel_url": cancel_url,
        "setup_intent_data": {"metadata": metadata},
    }
    page = _call(client().v1.checkout.sessions.create, account=account, key=key, params=params)
    return HostedPage(id=page.id, url=page.url)


def setup_intent_of_page(*, account, page_id):
    """The id of the SetupIntent a hosted page worked on, or ""."""
    page = _call(client().v1.checkout.sessions.retrieve, page_id, account=account)
    return page.setup_intent if isinstance(page.setup_intent, str) else getattr(page.setup_intent, "id", "")


# Payments --------------------------------------------------------------------------------------


def create_payment(*, account, amount, fee_cents, customer_id, payment_method_id, metadata, key):
    """An unconfirmed PaymentIntent for `amount` (Money): nothing moves until it is confirmed and captured."""
    params = {
        "amount": amount.cents,
        "currency": amount.currency.lower(),
        "customer": customer_id,
        "payment_method": payment_method_id,
        "payment_method_types": ["card"],
        "capture_method": "manual",
        "metadata": metadata,
    }
    if fee_cents:
        params["application_fee_amount"] = fee_cents
    return _payment(_call(client().v1.payment_intents.create, account=account, key=key, params=params))


def confirm_payment(*, account, payment_intent_id):
    """Authorise off-session. Raises CardDeclined, AuthenticationNeeded, UnexpectedState."""
    params = {"off_session": True, "expand": ["latest_charge"]}
    return _payment(_call(client().v1.payment_intents.confirm, payment_intent_id, account=account, params=params))


def capture_payment(*, account, payment_intent_id):
    """Take what was authorised. Raises UnexpectedState where it was taken or given up already."""
    params = {"expand": ["latest_charge"]}
    return _payment(_call(client().v1.payment_intents.capture, payment_intent_id, account=account, params=params))


def retrieve_payment(*, account, payment_intent_id):
    params = {"expand": ["latest_charge"]}
    return _payment(_call(client().v1.payment_intents.retrieve, payment_intent_id, account=account, params=params))


def _payment(raw):
    charge = raw.latest_charge
    loaded = charge is not None and not isinstance(charge, str)
    error = getattr(raw, "last_payment_error", None)
    return PaymentIntent(
        id=raw.id,
        status=raw.status,
        amount_cents=raw.amount,
        captured_cents=raw.amount_received,
        refunded_cents=charge.amount_refunded if loaded else 0,
        application_fee_cents=raw.application_fee_amount or 0,
        charge_id=charge.id if loaded else (charge or ""),
        metadata=_plain(raw.metadata),
        error_code=(getattr(error, "decline_code", None) or error.code or "") if error else "",
    )


def create_refund(*, account, payment_intent_id, amount_cents, with_fee, metadata, key):
    """Give money back; `with_fee` gives the platform's fee back in proportion (Stripe refuses it where there was none)."""
    params = {
        "payment_intent": payment_intent_id,
        "amount": amount_cents,
        "metadata": metadata,
    }
    if with_fee:
        params["refund_application_fee"] = True
    return _refund(_call(client().v1.refunds.create, account=account, key=key, params=params))


def find_refund(*, account, payment_intent_id, action_id):
    """The refund an action made, found by its metadata, or None: what a lost answer is checked against."""
    page = _call(client().v1.refunds.list, account=account, params={"payment_intent": payment_intent_id, "limit": 100})
    for raw in page.auto_paging_iter():
        if _plain(raw.metadata).get("action_id") == str(action_id):
            return _refund(raw)
    return None


def _refund(raw):
    return RefundResult(id=raw.id, status=raw.status, amount_cents=raw.amount)


# Accounts and events ---------------------------------------------------------------------------


def create_account(*, email, country, metadata, key):
    """An Express account for a salon."""
    params = {
        "type": "express",
        "country": country,
        "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
        "metadata": metadata,
    } | ({"email": email} if email else {})
    return _account(_call(client().v1.accounts.create, key=key, params=params))


def retrieve_account(*, account_id):
    return _account(_call(client().v1.accounts.retrieve, account_id))


def create_account_link(*, account_id, return_url, refresh_url):
    """The address of Stripe's onboarding pages for a salon's account."""
    params = {
        "account": account_id,
        "type": "account_onboarding",
        "return_url": return_url,
        "refresh_url": refresh_url,
    }
    return _call(client().v1.account_links.create, params=params).url


def _account(raw):
    return Account(id=raw.id, charges_enabled=bool(raw.charges_enabled), details_submitted=bool(raw.details_submitted))


class BadSignature(GatewayError):
    """The body was not signed by Stripe with a secret of ours."""


def read_event(*, body, signature, secrets):
    """The event's plain dictionary, after checking its signature against each secret. Raises BadSignature."""
    for secret in secrets:
        try:
            return _plain(stripe.Webhook.construct_event(body, signature, secret))
        except (stripe.SignatureVerificationError, ValueError):
            continue
    raise BadSignature("not signed with a secret of ours")


def _plain(value):
    if value is None:
        return {}
    return value.to_dict() if hasattr(value, "to_dict") else dict(value)
