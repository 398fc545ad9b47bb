"""Who belongs where, and which names are free."""

from django.db.models.functions import Now

from tenants.models import Business, Membership, ReleasedSlug
from tenants.slugs import BLOCKED_FOR


def membership_of(user, business):
    """The person's Membership in a salon, or None; read from the database, never from a token."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Membership.objects.filter(user=user, business=business).first()


def businesses_of(user):
    """The salons a person belongs to, by name."""
    return Business.objects.filter(memberships__user=user).order_by("name")


def is_slug_blocked(slug):
    """Whether a salon gave the name up too recently for another one to have it."""
    return ReleasedSlug.objects.filter(slug=slug, released_at__gt=Now() - BLOCKED_FOR).exists()


def free_slugs(slugs):
    """Those of `slugs` that nobody has and nothing blocks, in their order."""
    taken = set(Business.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return [slug for slug in slugs if slug not in taken and not is_slug_blocked(slug)]
