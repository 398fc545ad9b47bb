"""Pages hosted by Stripe where somebody pays an amount, on a salon's account or, with none, on the platform's."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, plain
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """`status` is open, complete or expired; `url` is "" when it is not open. `paid` says that the money is there."""

    id: str
    url: str
    status: str
    paid: bool
    amount: Money
    customer_id: str
    payment_intent_id: str
    invoice_id: str
    metadata: dict


def create_payment_page(
    *,
    amount,
    label,
    success_url,
    cancel_url,
    metadata,
    key,
    account="",
    customer_id="",
    email="",
    fee_cents=0,
    with_invoice=False,
):
    """A page that takes `amount` (Money) for what `label` says; the platform's share of it is `fee_cents`.

    `metadata` goes onto the page, onto its PaymentIntent and, `with_invoice`, onto the invoice Stripe writes once it is
    paid. `success_url` may contain `{CHECKOUT_SESSION_ID}`.
    """
    intent = {"metadata": metadata} | ({"application_fee_amount": fee_cents} if fee_cents else {})
    params = {
        "mode": "payment",
        "payment_method_types": ["card"],
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": amount.currency.lower(),
                    "unit_amount": amount.cents,
                    "product_data": {"name": label},
                },
            }
        ],
        "success_url": success_url,
        "cancel_url": cancel_url,
        "metadata": metadata,
        "payment_intent_data": intent,
    }
    if with_invoice:
        params["invoice_creation"] = {"enabled": True, "invoice_data": {"metadata": metadata}}
    if customer_id:
        params["customer"] = customer_id
    elif email:
        params["customer_email"] = email
    return _page(call(client().v1.checkout.sessions.create, account=account, key=key, params=params))


def retrieve_payment_page(*, page_id, account=""):
    return _page(call(client().v1.checkout.sessions.retrieve, page_id, account=account))


def _page(raw):
    return PaymentPage(
        id=raw.id,
        url=raw.url or "",
        status=raw.status,
        paid=raw.payment_status == "paid",
        amount=Money(raw.amount_total, raw.currency.upper()),
        customer_id=id_of(raw.customer),
        payment_intent_id=id_of(raw.payment_intent),
        invoice_id=id_of(getattr(raw, "invoice", None)),
        metadata=plain(raw.metadata),
    )


def id_of(value):
    """The id of what Stripe gives as an id or, expanded, as an object."""
    return value if isinstance(value, str) else getattr(value, "id", None) or ""
