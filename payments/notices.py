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
#: A sale has no visit whose page could answer the bank.
SAID_OF_SALE = SAID | {
    DisputeStatus.OPEN: "The bank of {who} asks about the payment for {what}. Answer it in time, in your Stripe account."
}


def tell_of_charge(action, state, *, now):
    """A charge that stopped; whoever pressed sees it where they pressed."""
    if action.kind in CHARGES:
        version = f"{state}-{action.pk.hex[:12]}-{action.declines}"
        _tell(action.booking, state, version, by=action.actor_id, now=now)


def tell_of_dispute(dispute, *, now):
    """What a dispute of a visit or of a sale has come to; nothing while the bank only looks at it."""
    if dispute.status not in SAID:
        return
    version = f"{dispute.status}-{dispute.pk}"[:40]
    if dispute.payment:
        _tell(dispute.payment.booking, dispute.status, version, now=now)
    else:
        _tell_of_sale(dispute.order, dispute.status, version, now=now)


def _tell_of_sale(order, what, version, *, now):
    bought = f"the package {order.package_title}" if order.package_id else "a gift card"
    tell(
        event="sale_disputed",
        about_id=order.pk,
        version=version,
        words=SAID_OF_SALE[what].format(who=order.buyer_name or "somebody", what=bought),
        permission=Permission.VIEW_MONEY,
        now=now,
    )


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
