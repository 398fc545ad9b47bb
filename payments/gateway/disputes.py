"""Disputes on a salon's account."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, every


@dataclass(frozen=True, slots=True)
class DisputeFound:
    """A dispute as Stripe tells it now. `withdrawn` and `reinstated` say which money has moved; instants are epochs."""

    id: str
    status: str
    reason: str
    amount_cents: int
    currency: str
    charge_id: str
    payment_intent_id: str
    created: int
    evidence_due: int | None
    withdrawn: bool
    reinstated: bool


def retrieve_dispute(*, account, dispute_id):
    return _dispute(call(client().v1.disputes.retrieve, dispute_id, account=account))


def list_disputes(*, account, payment_intent_id=None, since=None):
    """Disputes of one intent, or of an account opened since an epoch second, newest first."""
    params = {"payment_intent": payment_intent_id} if payment_intent_id else {}
    params |= {"created": {"gte": since}} if since is not None else {}
    return map(_dispute, every(client().v1.disputes.list, account=account, params=params))


def answer_dispute(*, account, dispute_id, texts, key):
    """Send the bank the salon's side of a dispute: fields of text. It can be sent once; the bank decides then."""
    params = {"evidence": texts, "submit": True}
    return _dispute(call(client().v1.disputes.update, dispute_id, account=account, key=key, params=params))


def _dispute(raw):
    movements = [movement.amount for movement in raw.balance_transactions or []]
    details = raw.evidence_details
    return DisputeFound(
        id=raw.id,
        status=raw.status,
        reason=raw.reason,
        amount_cents=raw.amount,
        currency=raw.currency.upper(),
        charge_id=raw.charge if isinstance(raw.charge, str) else raw.charge.id,
        payment_intent_id=raw.payment_intent or "",
        created=raw.created,
        evidence_due=details.due_by if details else None,
        withdrawn=any(amount < 0 for amount in movements),
        reinstated=any(amount > 0 for amount in movements),
    )
