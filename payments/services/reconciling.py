"""Does the product's ledger say what Stripe says? Both ways, to the cent, fees too; and is anything left lying open?

Reads Stripe, changes nothing of ours but intents nobody needs, which are given up there.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import connection

from payments import gateway
from payments.models import CHARGES, FINAL_STATES, CardHold, HoldState, LedgerEntry, LedgerKind, MoneyAction

logger = structlog.get_logger("tithi.payments")

#: What is younger may still be under way.
PATIENCE = timedelta(minutes=10)
OVER = ("succeeded", "canceled")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something Stripe and the ledger do not agree on. Cents in `currency`."""

    kind: str
    stripe_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was compared. `totals`: currency → (captured, refunded, fees kept) by Stripe, equal to ours without differences."""

    differences: list
    orphans: list
    totals: dict


def reconcile(*, business, now, days=35):
    """Compare one salon's ledger with its Stripe account over the last `days`. Raises gateway.GatewayError."""
    account = business.billing.stripe_account_id
    if not account:
        return Report([], [], {})
    since = now - timedelta(days=days)
    epoch = int(since.timestamp())
    intents = list(gateway.list_payments(account=account, since=epoch))
    refunds = [found for found in gateway.list_refunds(account=account, since=epoch) if found.moved]
    disputes = list(gateway.list_disputes(account=account, since=epoch))
    ours = _entries(account, since)
    differences = [
        *_captures(intents, ours, since),
        *_refunds(refunds, ours, since),
        *_disputes(disputes, ours),
        *_live_twice(intents),
        *_unfinished(now),
    ]
    return Report(differences, _give_up_orphans(account, intents, now), _totals(ours))


def _entries(account, since):
    entries = LedgerEntry.objects.filter(stripe_account_id=account, at__gte=since)
    return {(entry.kind, entry.stripe_id): entry for entry in entries}


def _captures(intents, ours, since):
    seen = set()
    for found in intents:
        if not found.captured_cents:
            continue
        seen.add(found.charge_id)
        entry = ours.get((LedgerKind.CAPTURE, found.charge_id))
        if entry is None:
            yield Difference(
                "capture_unknown", found.id, f"Stripe took {_money(found)}; the ledger knows nothing of it."
            )
        elif (entry.amount_cents, entry.application_fee_cents) != (found.captured_cents, found.application_fee_cents):
            yield Difference(
                "capture_differs", found.id, f"Stripe took {_money(found)}, the ledger says {entry.amount}."
            )
    for (kind, stripe_id), entry in ours.items():
        # One from the edge of the window may have been made before it.
        if kind == LedgerKind.CAPTURE and stripe_id not in seen and not _was_captured(entry):
            yield Difference(
                "capture_missing", stripe_id, f"The ledger says {entry.amount} was taken; Stripe took nothing."
            )


def _was_captured(entry):
    try:
        found = gateway.retrieve_payment(account=entry.stripe_account_id, payment_intent_id=entry.payment_intent_id)
    except gateway.GatewayUnavailable:
        raise
    except gateway.GatewayError:
        return False
    return found.captured_cents == entry.amount_cents


def _refunds(refunds, ours, since):
    seen = set()
    for found in refunds:
        seen.add(found.id)
        entry = ours.get((LedgerKind.REFUND, found.id))
        gone = found.status in ("failed", "canceled")
        if gone and entry and (LedgerKind.REFUND_FAILED, found.id) not in ours:
            yield Difference("refund_failed", found.id, f"The refund of {entry.amount} failed; the ledger counts it.")
        elif not gone and entry is None:
            yield Difference(
                "refund_unknown", found.id, f"Stripe gave {found.amount_cents} back; the ledger does not know."
            )
        elif not gone and entry.amount_cents != found.amount_cents:
            yield Difference("refund_differs", found.id, f"Stripe gave {found.amount_cents} back, not {entry.amount}.")
    for (kind, stripe_id), entry in ours.items():
        if kind == LedgerKind.REFUND and stripe_id not in seen:
            yield Difference("refund_missing", stripe_id, f"The ledger says {entry.amount} went back; Stripe does not.")


def _disputes(disputes, ours):
    for found in disputes:
        if found.withdrawn and (LedgerKind.DISPUTE, found.id) not in ours:
            yield Difference(
                "dispute_unknown", found.id, f"A dispute took {found.amount_cents}; the ledger does not know."
            )


def _live_twice(intents):
    """Two payments of one booking that could both still take money."""
    live = Counter(found.metadata.get("booking_id") for found in intents if found.status == "requires_capture")
    for booking_id, count in live.items():
        if booking_id and count > 1:
            yield Difference("live_twice", booking_id, f"{count} payments of one booking hold money.")


def _unfinished(now):
    waiting = MoneyAction.objects.exclude(state__in=[*FINAL_STATES, "failed", "needs_customer"])
    for action in waiting.filter(updated_at__lt=now - PATIENCE):
        yield Difference("unfinished", str(action.pk), f"{action} since {action.updated_at:%Y-%m-%d %H:%M} UTC.")


def _give_up_orphans(account, intents, now):
    """Cancel open intents of this salon's that no press and no hold stands behind: lost answers, abandoned charges."""
    before = (now - PATIENCE).timestamp()
    candidates = [
        found
        for found in intents
        if found.status not in OVER
        and found.created < before
        and found.metadata.get("tenant") == connection.schema_name
        and found.metadata.get("action_id")
    ]
    wanted = _wanted()
    orphans = []
    for found in candidates:
        if found.id in wanted:
            continue
        try:
            gateway.cancel_payment(account=account, payment_intent_id=found.id)
        except gateway.UnexpectedState:
            continue
        logger.warning("orphan_intent_cancelled", payment_intent=found.id, status=found.status)
        orphans.append(found.id)
    return orphans


def _wanted():
    """Intents that a press or a hold may still use. One about to be adopted (`find_payment`) has an open action."""
    pressed = MoneyAction.objects.filter(kind__in=CHARGES).exclude(state__in=FINAL_STATES)
    held = CardHold.objects.exclude(state__in=[HoldState.RELEASED, HoldState.FAILED, HoldState.CONSUMED])
    return {*pressed.values_list("payment_intent_id", flat=True), *held.values_list("payment_intent_id", flat=True)}


def _totals(ours):
    totals = {}
    for (kind, _), entry in ours.items():
        captured, refunded, fees = totals.get(entry.currency_code, (0, 0, 0))
        if kind == LedgerKind.CAPTURE:
            captured, fees = captured + entry.amount_cents, fees + entry.application_fee_cents
        elif kind == LedgerKind.REFUND:
            refunded, fees = refunded + entry.amount_cents, fees - entry.application_fee_cents
        elif kind == LedgerKind.REFUND_FAILED:
            refunded -= entry.amount_cents
        totals[entry.currency_code] = (captured, refunded, fees)
    return totals


def _money(found):
    return f"{found.captured_cents} {found.currency} with a fee of {found.application_fee_cents}"
