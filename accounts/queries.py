"""Who is in a team, who is asked to be, and where a person belongs."""

from itertools import groupby

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django_tenants.utils import schema_context, tenant_context

from accounts.models import Invitation, PastMembership, SignIn
from tenants import queries as tenants_queries
from tenants.models import Business, Membership, Role, User
from tenants.policies import ORDER


def team_of(business):
    """The salon's memberships, highest role first."""
    rows = Membership.objects.filter(business=business).select_related("user")
    return sorted(rows, key=lambda row: (-ORDER[row.role], str(row.user).lower()))


def past_team_of(business):
    """Users who were in the team and are not any more, by name."""
    left = User.objects.filter(pk__in=PastMembership.objects.filter(business=business).values("user"))
    return sorted(left.exclude(memberships__business=business), key=lambda user: str(user).lower())


def invitations_of(business):
    """Invitations nobody has answered yet, newest first."""
    return Invitation.objects.open().filter(business=business).select_related("invited_by").order_by("-created_at")


def memberships_of(user):
    """The person's memberships with their salons, by name."""
    return user.memberships.with_roles().select_related("business").order_by("business__name")


def live_salons_owned_alone(user):
    """Salons that would be nobody's without the person: theirs, with no second owner, and not about to be erased.

    One whose plan has ended is kept for as long as nobody closes it, and only an owner can.
    """
    own = Business.objects.filter(memberships__user=user, memberships__role=Role.OWNER)
    others = Membership.objects.filter(business=OuterRef("pk"), role=Role.OWNER, user__is_active=True).exclude(
        user=user
    )
    return own.exclude(pk__in=tenants_queries.leaving()).exclude(Exists(others)).order_by("name")


def sign_ins_of(user, *, now):
    """Where the person is signed in, last seen first. Asks each of those hosts whether its sessions still live."""
    rows = SignIn.objects.filter(user=user).select_related("business").order_by("business_id")
    live = []
    for business, group in groupby(rows, key=lambda row: row.business):
        found = {row.session_key: row for row in group}
        with on_host(business):
            keys = Session.objects.filter(session_key__in=found, expire_date__gt=now).values_list("pk", flat=True)
            live += [found[key] for key in keys]
    return sorted(live, key=lambda row: row.seen_at, reverse=True)


def on_host(business):
    """Within it, the sessions are those of a host: a salon's, or the platform's for None."""
    return tenant_context(business) if business else schema_context("public")
