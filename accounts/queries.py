"""Who is in a team, who is asked to be, and where a person belongs."""

from accounts.models import Invitation
from tenants.models import Membership
from tenants.policies import ORDER


def team_of(business):
    """The salon's memberships, highest role first."""
    rows = Membership.objects.filter(business=business).select_related("user")
    return sorted(rows, key=lambda row: (-ORDER[row.role], str(row.user).lower()))


def invitations_of(business):
    """Invitations nobody has answered yet, newest first."""
    return Invitation.objects.open().filter(business=business).select_related("invited_by").order_by("-created_at")


def memberships_of(user):
    """The person's memberships with their salons, by name."""
    return user.memberships.select_related("business").order_by("business__name")
