"""Does the product's ledger say what Stripe says? Both ways, to the cent, fees too; and is anything left lying open?

Reads Stripe, changes nothing of ours but intents nobody needs, which are given up there.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from payments import gateway, metrics
from payments.models import (
    CHARGES,
    FINAL_STATES,
    CardHold,
    GiftCardOrder,
    HoldState,
    LedgerEntry,
    LedgerKind,
    MoneyAction,
    OrderStatus,
    Payment,
)

logger = structlog.get_logger("tithi.payments")

#: What is younger may still be under way.
PATIENCE = timedelta(minutes=10)
#: A gift card's buyer may take a day on Stripe's page, and need not come back from it.
ORDER_PATIENCE = timedelta(days=1, hours=2)
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
    listed = gateway.list_refunds(account=account, since=epoch)
    refunds = [found for found in listed if found.moved or found.is_over]
    disputes = list(gateway.list_disputes(account=account, since=epoch))
    ours = _entries(account, since, [found.charge_id for found in intents], refunds, disputes)
    under_way = _under_way(now)
    differences = [
        *_captures([found for found in intents if not under_way(found.id, found.metadata)], ours),
        *_refunds([found for found in refunds if not under_way(found.payment_intent_id, found.metadata)], ours),
        *_disputes(disputes, ours),
        *_live_twice(intents),
        *_unfinished(now),
        *_payments(ours),
    ]
    return Report(differences, _give_up_orphans(account, intents, now), _totals(ours))


def check(*, business, now):
    """`reconcile`, with its differences logged as errors and counted. Raises gateway.GatewayError, counted too."""
    try:
        report = reconcile(business=business, now=now)
    except gateway.GatewayError as exc:
        logger.error("ledger_not_compared", error=str(exc))
        metrics.count_comparison(kinds=["unanswered"])
        raise
    for found in report.differences:
        logger.error("ledger_differs", kind=found.kind, stripe_id=found.stripe_id, text=found.text)
    metrics.count_comparison(kinds=[found.kind for found in report.differences])
    return report


def _entries(account, since, charge_ids, refunds, disputes):
    """Our lines of these days, and those about what Stripe has from these days: its clock and ours may differ."""
    theirs = [*charge_ids, *(found.id for found in refunds), *(found.id for found in disputes)]
    entries = LedgerEntry.objects.filter(Q(at__gte=since) | Q(stripe_id__in=theirs), stripe_account_id=account)
    return {(entry.kind, entry.stripe_id): entry for entry in entries}


def _under_way(now):
    """Whether what happened to an intent may be being written down at this moment, by a driver or an event."""
    driven = MoneyAction.objects.exclude(state__in=FINAL_STATES).filter(updated_at__gte=now - PATIENCE)
    bought = GiftCardOrder.objects.filter(status=OrderStatus.CREATED, created_at__gte=now - ORDER_PATIENCE)
    intents = set(driven.values_list("payment_intent_id", flat=True))
    orders = {str(pk) for pk in bought.values_list("pk", flat=True)}
    return lambda intent_id, metadata: intent_id in intents or metadata.get("order_id") in orders


def _captures(intents, ours):
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


def _refunds(refunds, ours):
    seen = set()
    for found in refunds:
        seen.add(found.id)
        entry = ours.get((LedgerKind.REFUND, found.id))
        counted_back = (LedgerKind.REFUND_FAILED, found.id) in ours
        if found.is_over and entry and not counted_back:
            yield Difference("refund_failed", found.id, f"The refund of {entry.amount} failed; the ledger counts it.")
        elif found.moved and entry is None:
            yield Difference(
                "refund_unknown", found.id, f"Stripe gave {found.amount_cents} back; the ledger does not know."
            )
        elif entry and (counted_back != found.is_over or not _same_refund(found, entry)):
            yield Difference(
                "refund_differs",
                found.id,
                f"Stripe gave {found.amount_cents} back with a fee of {found.fee_cents}, the ledger says {entry.amount} "
                f"with {entry.application_fee_cents}{' and that it failed' if counted_back else ''}.",
            )
    for (kind, stripe_id), entry in ours.items():
        # As with captures: one from the edge of the window.
        if kind == LedgerKind.REFUND and stripe_id not in seen and not _went_back(entry):
            yield Difference("refund_missing", stripe_id, f"The ledger says {entry.amount} went back; Stripe does not.")


def _same_refund(found, entry):
    same_fee = found.fee_cents in (None, entry.application_fee_cents)
    return found.amount_cents == entry.amount_cents and same_fee


def _went_back(entry):
    listed = gateway.list_refunds(account=entry.stripe_account_id, payment_intent_id=entry.payment_intent_id)
    try:
        return any(found.id == entry.stripe_id for found in listed)
    except gateway.GatewayUnavailable:
        raise
    except gateway.GatewayError:
        return False


def _disputes(disputes, ours):
    seen = {LedgerKind.DISPUTE: set(), LedgerKind.DISPUTE_WON: set()}
    for found in disputes:
        moved = {LedgerKind.DISPUTE: found.withdrawn, LedgerKind.DISPUTE_WON: found.reinstated}
        for kind in (kind for kind, has in moved.items() if has):
            seen[kind].add(found.id)
            entry = ours.get((kind, found.id))
            if entry is None or entry.amount_cents != found.amount_cents:
                verb = "took" if kind == LedgerKind.DISPUTE else "gave back"
                yield Difference(
                    "dispute_unknown", found.id, f"A dispute {verb} {found.amount_cents}; the ledger does not know."
                )
    for (kind, stripe_id), entry in ours.items():
        if kind in seen and stripe_id not in seen[kind] and not _was_disputed(kind, entry):
            yield Difference("dispute_missing", stripe_id, f"The ledger knows of it ({entry}); Stripe does not.")


def _was_disputed(kind, entry):
    try:
        found = gateway.retrieve_dispute(account=entry.stripe_account_id, dispute_id=entry.stripe_id)
    except gateway.GatewayUnavailable:
        raise
    except gateway.GatewayError:
        return False
    return found.withdrawn if kind == LedgerKind.DISPUTE else found.reinstated


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


def _payments(ours):
    """Payments that add their own lines of the ledger up wrongly."""
    moved = LedgerEntry.objects.filter(payment=OuterRef("pk")).order_by().values("payment")

    def cents(kind):
        return Coalesce(Subquery(moved.filter(kind=kind).values(sum=Sum("amount_cents"))), 0)

    concerned = Payment.objects.filter(pk__in={entry.payment_id for entry in ours.values() if entry.payment_id})
    summed = concerned.annotate(
        lines_taken=cents(LedgerKind.CAPTURE), lines_back=cents(LedgerKind.REFUND) - cents(LedgerKind.REFUND_FAILED)
    )
    for payment in summed.exclude(lines_taken=F("captured_cents"), lines_back=F("refunded_cents")):
        yield Difference(
            "payment_differs",
            payment.provider_payment_id or str(payment.pk),
            f"The payment says {payment.captured_cents} taken and {payment.refunded_cents} given back, its lines in the "
            f"ledger {payment.lines_taken} and {payment.lines_back}.",
        )


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
    wanted, seeking = _wanted()
    orphans = []
    for found in candidates:
        if found.id in wanted or found.metadata["action_id"] in seeking:
            continue
        try:
            gateway.cancel_payment(account=account, payment_intent_id=found.id)
        except gateway.UnexpectedState:
            continue
        logger.warning("orphan_intent_cancelled", payment_intent=found.id, status=found.status)
        orphans.append(found.id)
    return orphans


def _wanted():
    """(the intents that a press or a hold may still use, the presses and holds that are about to look for theirs)."""
    pressed = MoneyAction.objects.filter(kind__in=CHARGES).exclude(state__in=FINAL_STATES)
    held = CardHold.objects.exclude(state__in=[HoldState.RELEASED, HoldState.FAILED, HoldState.CONSUMED])
    open_now = [*pressed.values_list("pk", "payment_intent_id"), *held.values_list("pk", "payment_intent_id")]
    return (
        {intent_id for _, intent_id in open_now if intent_id},
        {str(pk) for pk, intent_id in open_now if not intent_id},
    )


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
