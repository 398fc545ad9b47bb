"""What the team is told of money: a payment that somebody has to look after."""

from bookings.notices import doers
from messaging.notices.services import tell
from payments.models import CHARGES, DisputeStatus
from tenants.permissions import Permission

SAID = {
    "failed": "The card of {who} was not charged for {what}.",
    "needs_customer": "The bank of {who} wants them to confirm the payment for {what}.",
    DisputeStatus.OPEN: "The bank of {who} asks about the payment for {what}. Answer it in time.",
    DisputeStatus.WON: "The bank of {who} has decided about the payment for {what}: the money is yours.",
    DisputeStatus.LOST: "The bank of {who} has decided about the payment for {what}: the money went back to them.",
    "not_held": "Nothing could be held on the card of {who} for {what}.",
}


def tell_of_charge(action, state, *, now):
    """A charge that stopped; whoever pressed sees it where they pressed."""
    if action.kind in CHARGES:
        version = f"{state}-{action.pk.hex[:12]}-{action.declines}"
        _tell(action.booking, state, version, by=action.actor_id, now=now)


def tell_of_dispute(dispute, *, now):
    """What a visit's dispute has come to; nothing while the bank only looks at it."""
    if dispute.payment and dispute.status in SAID:
        _tell(dispute.payment.booking, dispute.status, f"{dispute.status}-{dispute.pk}"[:40], now=now)


def tell_of_hold(hold, *, now):
    _tell(hold.booking, "not_held", f"hold-{hold.pk}"[:40], now=now)


def _tell(booking, what, version, *, now, by=None):
    words = SAID[what].format(who=booking.contact_name or "somebody", what=booking.service_name)
    tell(
        event="payment_stopped",
        about_id=booking.pk,
        version=version,
        words=words,
        by=by,
        whose=lambda: doers(booking),
        permission=Permission.VIEW_MONEY,
        now=now,
    )
