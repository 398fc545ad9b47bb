"""Invoices on the platform's own account."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, plain
from payments.gateway.checkout import id_of
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice as Stripe has it now. `amount` is what was paid, `url` its page, "" while it has none."""

    id: str
    status: str
    paid: bool
    amount: Money
    payment_intent_id: str
    url: str
    metadata: dict


def retrieve_invoice(*, invoice_id):
    return _invoice(call(client().v1.invoices.retrieve, invoice_id, params={"expand": ["payments"]}))


def _invoice(raw):
    return Invoice(
        id=raw.id,
        status=raw.status,
        paid=raw.status == "paid",
        amount=Money(raw.amount_paid, raw.currency.upper()),
        payment_intent_id=paid_by(raw),
        url=raw.hosted_invoice_url or "",
        metadata=plain(raw.metadata),
    )


def paid_by(raw):
    """The intent that paid it, or ""."""
    paid = [each.payment for each in raw.payments.data if each.status == "paid"]
    return next((id_of(payment.payment_intent) for payment in paid if payment.type == "payment_intent"), "")
