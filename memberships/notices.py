"""What the team is told of memberships: that a bank takes a month's money back, and what it decides."""

from messaging.notices.services import tell
from payments.models import DisputeStatus
from tenants.permissions import Permission

SAID = {
    DisputeStatus.OPEN: "The bank of {who} asks about a month of {what}. Answer it in time, in your Stripe account.",
    DisputeStatus.WON: "The bank of {who} has decided about a month of {what}: the money is yours.",
    DisputeStatus.LOST: "The bank of {who} has decided about a month of {what}: the money went back to them.",
}


def tell_of_dispute(grant, *, dispute_id, status, now):
    """What a dispute of a month has come to; nothing while the bank only looks at it."""
    if said := SAID.get(status):
        row = grant.membership
        tell(
            event="membership_disputed",
            about_id=row.pk,
            version=f"{status}-{dispute_id}"[:40],
            words=said.format(who=row.name, what=row.plan_name),
            permission=Permission.VIEW_MONEY,
            now=now,
        )
