"""Money of a purchase that went back at Stripe, by a refund or through a bank: its credits go the same way.

What Stripe lists is read each time and written down once, so that events may come in any order and number. A balance
never falls below nothing: credits that were spent are noted on the purchase as missing.
"""

from dataclasses import dataclass
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Sum

from payments import gateway
from payments.credits.models import CreditEntryKind, CreditPurchase, MoneyBack, Profile, PurchaseStatus
from payments.credits.services import buying
from payments.credits.services.balance import book

logger = structlog.get_logger("tithi.credits")


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that left us by a refund or a dispute (`stripe_id`); `undone` when it has come back since. `note` says which."""

    stripe_id: str
    amount_cents: int
    created: int
    undone: bool
    note: str


def money_moved(*, payment_intent_id, now):
    """Something went back of a payment on the platform's account: if it paid for credits, see what becomes of them.

    Raises gateway.GatewayError.
    """
    purchase = _paid_with(payment_intent_id)
    if purchase is None:
        return
    if purchase.status != PurchaseStatus.PAID:
        purchase = buying.settle(purchase_id=purchase.pk, now=now)
    refresh_money_back(purchase=purchase, now=now)


def refresh_money_back(*, purchase, now):
    """Take the credits back whose money went back, and give those again whose money came home. Repeats are harmless.

    A purchase that is not paid has none. Raises gateway.GatewayError.
    """
    if purchase.status != PurchaseStatus.PAID or not purchase.payment_intent_id:
        return
    found = _movements(purchase.payment_intent_id)
    if found:
        _write(purchase, found, now)


def _paid_with(payment_intent_id):
    """The purchase an intent pays for, also before its credits were added, or None."""
    purchase = CreditPurchase.objects.filter(payment_intent_id=payment_intent_id).first()
    if purchase:
        return purchase
    intent = gateway.retrieve_payment(account="", payment_intent_id=payment_intent_id)
    try:
        purchase_id = UUID(intent.metadata.get("credit_purchase", ""))
    except ValueError:
        return None
    return CreditPurchase.objects.filter(pk=purchase_id).first()


def _movements(payment_intent_id):
    """Oldest first; of those of one second the order in Stripe's lists decides, which are newest first."""
    refunds = gateway.list_refunds(account="", payment_intent_id=payment_intent_id)
    disputes = gateway.list_disputes(account="", payment_intent_id=payment_intent_id)
    found = [*_disputed(disputes), *_refunded(refunds)]
    found.reverse()
    return sorted(found, key=lambda movement: movement.created)


def _refunded(refunds):
    for refund in refunds:
        undone = refund.status in ("failed", "canceled")
        if undone or refund.status in ("succeeded", "pending"):
            note = "The refund failed." if undone else "The payment was refunded."
            yield Movement(refund.id, refund.amount_cents, refund.created, undone, note)


def _disputed(disputes):
    for dispute in disputes:
        if dispute.withdrawn:
            note = "The dispute is over." if dispute.reinstated else "The payment was disputed."
            yield Movement(dispute.id, dispute.amount_cents, dispute.created, dispute.reinstated, note)


@transaction.atomic
def _write(purchase, movements, now):
    """One reader of Stripe's lists after the other: the profile's lock is theirs, and holds its balance still."""
    profile = Profile.objects.select_for_update().get(pk=purchase.profile_id)
    written = {row.pk: row for row in purchase.money_back.all()}
    for movement in movements:
        row = written.get(movement.stripe_id)
        if row is None:
            _take(purchase, profile, movement, now)
        elif movement.undone and row.undone_at is None:
            _give_again(purchase, profile, row, movement, now)


def _take(purchase, profile, movement, now):
    share = 0 if movement.undone else _share(purchase, movement.amount_cents)
    profile.refresh_from_db(fields=["credits"])
    row = MoneyBack.objects.create(
        stripe_id=movement.stripe_id,
        purchase=purchase,
        amount_cents=movement.amount_cents,
        credits=share,
        taken=min(share, profile.credits),
        at=now,
        undone_at=now if movement.undone else None,
    )
    if row.taken:
        book(profile, CreditEntryKind.REVOKE, -row.taken, row.pk, now, movement.note)
    if row.missing:
        _miss(purchase, row.missing)
        logger.warning("credits_missing", purchase_id=str(purchase.pk), stripe_id=row.pk, missing=row.missing)


def _give_again(purchase, profile, row, movement, now):
    row.undone_at = now
    row.save(update_fields=["undone_at"])
    if row.taken:
        book(profile, CreditEntryKind.RESTORE, row.taken, row.pk, now, movement.note)
    _miss(purchase, -row.missing)


def _miss(purchase, credits):
    CreditPurchase.objects.filter(pk=purchase.pk).update(missing_credits=F("missing_credits") + credits)


def _share(purchase, cents):
    """The credits that belong to so much more money back, half up: the parts of a whole add up to the whole."""
    so_far = purchase.money_back.filter(undone_at=None).aggregate(cents=Sum("amount_cents"), credits=Sum("credits"))
    gone = min((so_far["cents"] or 0) + cents, purchase.amount_cents)
    due = (2 * purchase.credits * gone + purchase.amount_cents) // (2 * purchase.amount_cents)
    return max(0, due - (so_far["credits"] or 0))
