"""Money given back."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, every, plain


@dataclass(frozen=True, slots=True)
class RefundResult:
    """A refund. `moved` is False where no money moved: it was only held and never taken, or the refund was called off.

    `fee_cents` of the platform's share came back with it (none where somebody refunded in Stripe's own pages); None while
    Stripe does not say yet.
    """

    id: str
    status: str
    amount_cents: int
    payment_intent_id: str = ""
    metadata: dict | None = None
    created: int = 0
    moved: bool = True
    fee_cents: int | None = None

    @property
    def is_over(self):
        """It failed: what had moved has come back."""
        return self.status in ("failed", "canceled")


def create_refund(*, account, payment_intent_id, amount_cents, with_fee, metadata, key):
    """Give money back; `with_fee` gives the platform's fee back in proportion (Stripe refuses it where there was none)."""
    params = {
        "payment_intent": payment_intent_id,
        "amount": amount_cents,
        "metadata": metadata,
        "expand": ["balance_transaction"],
    }
    if with_fee:
        params["refund_application_fee"] = True
    return _refund(call(client().v1.refunds.create, account=account, key=key, params=params))


def find_refund(*, account, payment_intent_id, action_id):
    """The refund an action made, found by its metadata, or None: what a lost answer is checked against."""
    params = {"payment_intent": payment_intent_id, "expand": ["data.balance_transaction"]}
    for raw in every(client().v1.refunds.list, account=account, params=params):
        if plain(raw.metadata).get("action_id") == str(action_id):
            return _refund(raw)
    return None


def list_refunds(*, account, payment_intent_id=None, since=None):
    """Refunds of one intent, or of an account since an epoch second, newest first."""
    params = {"expand": ["data.balance_transaction"]}
    params |= {"payment_intent": payment_intent_id} if payment_intent_id else {}
    params |= {"created": {"gte": since}} if since is not None else {}
    return map(_refund, every(client().v1.refunds.list, account=account, params=params))


def _refund(raw):
    return RefundResult(
        id=raw.id,
        status=raw.status,
        amount_cents=raw.amount,
        payment_intent_id=raw.payment_intent or "",
        metadata=plain(raw.metadata),
        created=raw.created,
        # Stripe lists what a partial capture or a cancellation released as refunded, too: no balance was touched by it.
        moved=raw.status in ("pending", "requires_action") or raw.balance_transaction is not None,
        fee_cents=_fee_back(raw.balance_transaction),
    )


def _fee_back(movement):
    """The salon is charged a negative fee by what brings it the platform's share back."""
    if movement is None:
        return None
    return -sum(fee.amount for fee in movement.fee_details if fee.type == "application_fee")
