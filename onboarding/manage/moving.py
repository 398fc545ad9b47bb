"""A salon takes another address, pressed by its owner."""

from django.db import transaction
from django_tenants.utils import tenant_context

from audit import services as audit
from onboarding.models import OnboardingProgress
from tenants import services as tenants
from tenants.errors import DomainError
from tenants.models import Business, BusinessStatus

#: In these nobody but its team has seen it, unless it was published before.
NEVER_SEEN = (BusinessStatus.ONBOARDING, BusinessStatus.READY)
#: Each old address keeps its name from everybody else for three months.
MOST_OLD = 3


class TooManyMoves(DomainError):
    code = "too_many_moves"
    status = 409
    message = "Your salon has changed its address three times lately. Wait until the oldest one is free again."


def move_salon(*, business, slug, by, now):
    """Give the salon another address; returns the salon. The old one leads there where it was ever published.

    Raises slugs.SlugInvalid, SlugReserved, SlugTaken, TooManyMoves.
    """
    with tenant_context(business), transaction.atomic():
        business = Business.objects.select_for_update().get(pk=business.pk)
        before = business.slug
        if old_addresses(business).exclude(domain__startswith=f"{slug}.").count() >= MOST_OLD:
            raise TooManyMoves
        business = tenants.change_slug(business=business, slug=slug, now=now, keep_old=was_published(business))
        if business.slug != before:
            audit.record(
                actor=by,
                action="salon.moved",
                subject=business,
                at=now,
                before={"slug": before},
                after={"slug": business.slug},
            )
    return business


def old_addresses(business):
    """Addresses that lead to today's one."""
    return business.domains.filter(is_primary=False, domain__endswith=business.host.removeprefix(business.slug))


def was_published(business):
    """Whether anybody can have the salon's address from its pages or mails."""
    published = OnboardingProgress.objects.filter(business=business, live_at__isnull=False)
    return business.status not in NEVER_SEEN or published.exists()
