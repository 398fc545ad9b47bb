"""What operators and owners look at; only tables of `public`, but for a salon's own trail of what support saw."""

from dataclasses import dataclass

from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from onboarding.models import OnboardingProgress
from operators.models import OperatorEntry
from tenants.models import Departure, Membership, Role, SupportAccess

SHOWN = 20
PAGES_SHOWN = 300


def about(business, *, now):
    """What stands on an operator's page of one salon, by name."""
    log = OperatorEntry.objects.filter(subject_type="tenants.business", subject_id=str(business.pk))
    return {
        "salon": business,
        "domains": list(business.domains.order_by("-is_primary", "domain")),
        "custom_domains": list(business.custom_domains.all()),
        "members": list(business.memberships.select_related("user").order_by("created_at")),
        "progress": OnboardingProgress.objects.filter(business=business).first(),
        "departure": Departure.objects.filter(business_id=business.pk, withdrawn_at=None).first(),
        "rollouts": list(business.rollouts.exclude(status="done").order_by("-updated_at")[:SHOWN]),
        "accesses": [(access, is_open(access, now)) for access in business.support_accesses.all()[:SHOWN]],
        "log": list(log[:SHOWN]),
    }


def is_open(access, now):
    return access.closed_at is None and access.ends_at > now


def salon_managed_by(user, business_id):
    """The salon where the person is owner or admin, or None."""
    rows = Membership.objects.filter(user=user, business=business_id, role__in=(Role.OWNER, Role.ADMIN))
    found = rows.select_related("business").first()
    return found.business if found else None


@dataclass(frozen=True, slots=True)
class Visit:
    """One support access with what was looked at, oldest page first."""

    access: SupportAccess
    open: bool
    pages: tuple


def visits_of_support(business, *, now):
    """The latest support accesses of a salon, each with its lines of the salon's trail."""
    accesses = list(business.support_accesses.all()[:SHOWN])
    with tenant_context(business):
        rows = AuditEntry.objects.filter(
            subject_type="tenants.supportaccess",
            subject_id__in=[str(access.pk) for access in accesses],
            action__in=("support.viewed", "support.pressed"),
        )
        lines = list(rows.order_by("-at")[:PAGES_SHOWN])[::-1]
    return [
        Visit(access, is_open(access, now), tuple(line for line in lines if line.subject_id == str(access.pk)))
        for access in accesses
    ]
