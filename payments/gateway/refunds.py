"""Money given back."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, plain


@dataclass(frozen=True, slots=True)
class RefundResult:
    id: str
    status: str
    amount_cents: int


def create_refund(*, account, payment_intent_id, amount_cents, with_fee, metadata, key):
    """Give money back; `with_fee` gives the platform's fee back in proportion (Stripe refuses it where there was none)."""
    params = {
        "payment_intent": payment_intent_id,
        "amount": amount_cents,
        "metadata": metadata,
    }
    if with_fee:
        params["refund_application_fee"] = True
    return _refund(call(client().v1.refunds.create, account=account, key=key, params=params))


def find_refund(*, account, payment_intent_id, action_id):
    """The refund an action made, found by its metadata, or None: what a lost answer is checked against."""
    page = call(client().v1.refunds.list, account=account, params={"payment_intent": payment_intent_id, "limit": 100})
    for raw in page.auto_paging_iter():
        if plain(raw.metadata).get("action_id") == str(action_id):
            return _refund(raw)
    return None


def _refund(raw):
    return RefundResult(id=raw.id, status=raw.status, amount_cents=raw.amount)
