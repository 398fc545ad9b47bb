"""Who is in a team, who is asked to be, and where a person belongs."""

from django.db.models import Exists, OuterRef

from accounts.models import Invitation
from tenants.models import Business, BusinessStatus, Membership, Role
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


def live_salons_owned_alone(user):
    """Salons that would be nobody's without the person: theirs, not ended, and no second owner."""
    own = Business.objects.filter(memberships__user=user, memberships__role=Role.OWNER)
    others = Membership.objects.filter(business=OuterRef("pk"), role=Role.OWNER, user__is_active=True).exclude(
        user=user
    )
    return own.exclude(status=BusinessStatus.CANCELED).exclude(Exists(others)).order_by("name")
