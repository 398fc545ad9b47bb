"""Customers, saved cards, and the pages and intents that save them; on a salon's account."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, plain
from payments.gateway.errors import GatewayError, GatewayUnavailable
from payments.gateway.pages import HostedPage


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
class PaymentMethod:
    """A card Stripe keeps; `customer_id` is "" once it belongs to nobody, which it then stays."""

    id: str
    customer_id: str
    brand: str = ""
    last4: str = ""
    exp_month: int | None = None
    exp_year: int | None = None


def create_customer(*, account, name, email, metadata, key):
    """A customer on the salon's account; returns its id."""
    params = {"metadata": metadata} | ({"name": name} if name else {}) | ({"email": email} if email else {})
    return call(client().v1.customers.create, account=account, key=key, params=params).id


def update_customer(*, account, customer_id, name, email):
    call(client().v1.customers.update, customer_id, account=account, params={"name": name, "email": email})


def create_setup_intent(*, account, customer_id, metadata, key):
    """Start saving a card for charges the customer will not be present for."""
    params = {
        "customer": customer_id,
        "usage": "off_session",
        "payment_method_types": ["card"],
        "metadata": metadata,
        "expand": ["payment_method"],
    }
    return _setup_intent(call(client().v1.setup_intents.create, account=account, key=key, params=params))


def retrieve_setup_intent(*, account, setup_intent_id):
    params = {"expand": ["payment_method"]}
    return _setup_intent(call(client().v1.setup_intents.retrieve, setup_intent_id, account=account, params=params))


def _setup_intent(raw):
    method = raw.payment_method
    card = method.card if method is not None and not isinstance(method, str) else None
    return SetupIntent(
        id=raw.id,
        status=raw.status,
        client_secret=raw.client_secret,
        customer_id=_id_of(raw.customer),
        payment_method_id=method.id if card else "",
        brand=card.brand if card else "",
        last4=card.last4 if card else "",
        exp_month=card.exp_month if card else None,
        exp_year=card.exp_year if card else None,
        metadata=plain(raw.metadata),
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
    page = call(client().v1.checkout.sessions.create, account=account, key=key, params=params)
    return HostedPage(id=page.id, url=page.url)


def setup_intent_of_page(*, account, page_id):
    """The id of the SetupIntent a hosted page worked on, or ""."""
    page = call(client().v1.checkout.sessions.retrieve, page_id, account=account)
    return _id_of(page.setup_intent)


def retrieve_payment_method(*, account, payment_method_id):
    """A kept card as Stripe has it now: banks renew numbers and dates. None where Stripe knows none of that id."""
    try:
        raw = call(client().v1.payment_methods.retrieve, payment_method_id, account=account)
    except GatewayUnavailable:
        raise
    except GatewayError as exc:
        if exc.code == "resource_missing":
            return None
        raise
    card = raw.card
    return PaymentMethod(
        id=raw.id,
        customer_id=_id_of(raw.customer),
        brand=card.brand if card else "",
        last4=card.last4 if card else "",
        exp_month=card.exp_month if card else None,
        exp_year=card.exp_year if card else None,
    )


def detach_payment_method(*, account, payment_method_id):
    """Take a card from its customer, for good: nobody can charge it any more."""
    call(client().v1.payment_methods.detach, payment_method_id, account=account)


def _id_of(expandable):
    return expandable if isinstance(expandable, str) else getattr(expandable, "id", "")
