"""Who may hand out a calendar, and who may bring one in: one's own, and whoever arranges the salon everybody's."""

from tenants import policies
from tenants.permissions import Permission


def may_share(membership, team_member=None):
    """Whether a membership may give out the visits of a person, or of everybody, as an address.

    Support may not: what it took along would outlast it.
    """
    return _may(membership, team_member, Permission.VIEW_DIARY)


def may_bring(membership, team_member):
    """Whether a membership may block a person's time by another calendar."""
    return _may(membership, team_member, Permission.WORK_DIARY)


def _may(membership, team_member, own):
    if not membership or membership.support:
        return False
    if policies.may(membership, Permission.ARRANGE):
        return True
    is_own = team_member is not None and team_member.user_id == membership.user_id
    return is_own and policies.may(membership, own)
