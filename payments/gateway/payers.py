"""Who pays again and again, the platform or a salon (`account`): their card, and the page of Stripe's where they leave it."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, plain
from payments.gateway.checkout import id_of
from payments.gateway.pages import HostedPage


@dataclass(frozen=True, slots=True)
class CardPage:
    """A page that saves a card, as it is now; `payment_method_id` is "" until it has, `url` once nobody can use it."""

    id: str
    customer_id: str
    payment_method_id: str
    metadata: dict
    url: str = ""


def has_card(*, customer_id, account=""):
    """Whether the customer's invoices are charged to a card."""
    found = call(client().v1.customers.retrieve, customer_id, account=account)
    return bool(found.invoice_settings.default_payment_method)


def set_card(*, customer_id, payment_method_id, account=""):
    """Charge the customer's invoices to this card from now on."""
    settings = {"default_payment_method": payment_method_id}
    call(client().v1.customers.update, customer_id, account=account, params={"invoice_settings": settings})


def create_card_page(*, customer_id, success_url, cancel_url, metadata, account="", key=None):
    """A page where a card is saved; `success_url` may contain `{CHECKOUT_SESSION_ID}`."""
    params = {
        "mode": "setup",
        "customer": customer_id,
        "payment_method_types": ["card"],
        "success_url": success_url,
        "cancel_url": cancel_url,
        "metadata": metadata,
    }
    page = call(client().v1.checkout.sessions.create, account=account, key=key, params=params)
    return HostedPage(id=page.id, url=page.url)


def retrieve_card_page(*, page_id, account=""):
    params = {"expand": ["setup_intent"]}
    raw = call(client().v1.checkout.sessions.retrieve, page_id, account=account, params=params)
    intent = raw.setup_intent
    done = intent is not None and intent.status == "succeeded"
    return CardPage(
        id=raw.id,
        customer_id=id_of(raw.customer),
        payment_method_id=id_of(intent.payment_method) if done else "",
        metadata=plain(raw.metadata),
        url=(raw.url or "") if raw.status == "open" else "",
    )


def mark_card_page(*, page_id, account="", **metadata):
    """Write onto a page what became of it."""
    call(client().v1.checkout.sessions.update, page_id, account=account, params={"metadata": metadata})
