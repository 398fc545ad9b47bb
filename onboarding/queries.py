"""Salons on their way, seen by who opens them."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q
from django_tenants.utils import tenant_context

from bookings.models import Service, ServiceCategory, TeamMember
from onboarding.models import OnboardingProgress
from tenants import queries as tenants
from tenants.models import Business, Role


def _own(user):
    """Those of salons the person owns, and those of salons that do not exist yet."""
    return OnboardingProgress.objects.select_related("business__billing").filter(
        Q(business=None, owner=user) | Q(business__memberships__user=user, business__memberships__role=Role.OWNER)
    )


def own_progress(user, pk):
    """The person's progress of that id, or None: somebody else's does not exist for them."""
    return _own(user).filter(pk=pk).first()


def own_business(user, pk):
    """The salon of that id if the person owns it, or None."""
    return Business.objects.filter(pk=pk, memberships__user=user, memberships__role=Role.OWNER).first()


def own_business_named(user, text):
    """The person's salon whose id was written somewhere, or None; nonsense is nobody's."""
    try:
        return own_business(user, UUID(str(text)))
    except ValueError:
        return None


def unfinished_of(user):
    """The person's salons that were never published, newest first; without those that are about to be erased."""
    return _own(user).filter(live_at=None).exclude(pk__in=tenants.leaving()).order_by("-started_at")


def all_of(user):
    """The person's salons, open or not, newest first."""
    return _own(user).order_by("-started_at")


def as_it_is(progress):
    """The row read anew, with its salon."""
    return OnboardingProgress.objects.select_related("business__billing").get(pk=progress.pk)


def progress_of(business):
    return OnboardingProgress.objects.select_related("business__billing").filter(business=business).first()


@dataclass(frozen=True, slots=True)
class MenuPart:
    """A category with its services; None for those without one."""

    category: ServiceCategory | None
    services: list = field(default_factory=list)


def menu():
    """The whole menu of the current salon, empty categories and services taken off the page included. Three queries."""
    parts = {each.pk: MenuPart(each) for each in ServiceCategory.objects.order_by("sort_order", "name")}
    for service in services().order_by("sort_order", "name"):
        parts.setdefault(service.category_id, MenuPart(None)).services.append(service)
    return list(parts.values())


def services():
    """The current salon's services that are there, with their categories and who performs them."""
    return (
        Service.objects.filter(deleted_at=None).select_related("category").prefetch_related("assignments__team_member")
    )


def team():
    """The people of the current salon one can book."""
    return list(TeamMember.objects.filter(is_active=True))


def step_data(progress):
    """What was answered so far, step number → values as the API takes them. Reads the salon where it exists."""
    from onboarding import answers  # reads every step's subject; only this function needs them

    if progress.business is None:
        return answers.before_the_salon(progress)
    with tenant_context(progress.business):
        return answers.of_salon(progress)
