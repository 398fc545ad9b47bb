"""Which addresses are to be had: the same rule for the page that types and for the press that takes one."""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.text import slugify

from onboarding.models import OnboardingProgress
from tenants import queries, slugs
from tenants.models import Business
from tenants.slugs import SlugInvalid, SlugReserved


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would come of choosing a name; `suggestions` are free ones near it."""

    slug: str
    is_free: bool
    sentence: str
    suggestions: list = field(default_factory=list)


def host_of(slug):
    """`<slug>.<platform>`; with nothing, what stands behind the name."""
    return f"{slug}.{settings.PLATFORM_DOMAIN}"


def as_slug(name):
    """A business's name as an address could have it."""
    slug = slugify(name)[:40].strip("-")
    return slug if len(slug) > 2 else f"salon-{slug}".strip("-")


def free_names(slug, *, city="", most=3):
    """Free names, `slug` first if it is one of them."""
    near = [slug, *slugs.ideas(slug, city=city)]
    return queries.free_slugs([name for name in near if _is_name(name)])[:most]


def look_at_address(text, *, user):
    """A Verdict on what somebody typed. A name that is already their own counts as free."""
    slug = text.strip().lower()
    try:
        slugs.validate(slug)
    except SlugInvalid as exc:
        return Verdict(slug, False, str(exc), free_names(as_slug(text)) if text.strip() else [])
    except SlugReserved as exc:
        return Verdict(slug, False, str(exc), free_names(slug))
    if queries.free_slugs([slug]) or _is_theirs(slug, user):
        return Verdict(slug, True, f"{host_of(slug)} is free.")
    return Verdict(slug, False, slugs.SlugTaken.message, free_names(slug))


def _is_theirs(slug, user):
    promised = OnboardingProgress.objects.filter(slug=slug, owner=user, business=None)
    return promised.exists() or Business.objects.filter(slug=slug, memberships__user=user).exists()


def _is_name(name):
    try:
        slugs.validate(name)
    except (SlugInvalid, SlugReserved):
        return False
    return True
