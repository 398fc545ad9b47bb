"""Who belongs where, and which names are free."""

from django.db.models.functions import Now

from tenants.models import (
    Business,
    ClaimedSlug,
    Departure,
    Domain,
    Membership,
    ReleasedSlug,
    SupportAccess,
    host_of,
)
from tenants.slugs import BLOCKED_FOR


def membership_of(user, business):
    """The person's Membership in a salon, or None; read from the database, never from a token."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Membership.objects.with_roles().filter(user=user, business=business).first()


def standing_of(user, business):
    """The Membership of somebody who acts, or None: as `membership_of`, with the account as it is in the database now."""
    return Membership.objects.with_roles().filter(user=user, business=business, user__is_active=True).first()


def presence_of(user, business):
    """What the person is on the pages of a salon's team: its member, an operator let in for a while, or None.

    An operator gets a Membership that is not saved and names its `support`. It is asked for anew at every request.
    """
    membership = membership_of(user, business)
    if membership is None and user.is_authenticated and user.is_active and user.is_operator:
        return _support_of(user, business)
    return membership


def _support_of(operator, business):
    access = SupportAccess.objects.open(Now()).filter(operator=operator, business=business).first()
    if access is None:
        return None
    membership = Membership(user=operator, business=business, role=access.role, created_at=access.opened_at)
    membership.support = access
    return membership


def businesses_of(user):
    """The salons a person belongs to, by name."""
    return Business.objects.filter(memberships__user=user).order_by("name")


def is_slug_blocked(slug, *, business_id=None):
    """Whether a salon gave the name up too recently for another one to have it; its own old names are not."""
    released = ReleasedSlug.objects.filter(slug=slug, released_at__gt=Now() - BLOCKED_FOR)
    return released.exists() and not Domain.objects.filter(domain=host_of(slug), tenant_id=business_id).exists()


def is_slug_claimed(slug, *, business_id=None):
    """Whether the name is promised to another salon than the one of `business_id`."""
    return ClaimedSlug.objects.filter(slug=slug).exclude(business_id=business_id).exists()


def free_slugs(slugs):
    """Those of `slugs` that nobody has, leads from or was promised, and nothing blocks; in their order."""
    taken = set(Business.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    taken |= set(ClaimedSlug.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    leading = set(Domain.objects.filter(domain__in=[host_of(slug) for slug in slugs]).values_list("domain", flat=True))
    return [slug for slug in slugs if slug not in taken and host_of(slug) not in leading and not is_slug_blocked(slug)]


def departure_of(business):
    """The salon's Departure while it is about to leave, or None."""
    return Departure.objects.filter(business_id=business.pk, withdrawn_at=None, erased_at=None).first()


def leaving():
    """Ids of the salons that are about to leave."""
    return Departure.objects.filter(withdrawn_at=None, erased_at=None).values("business_id")
