"""Which names lead to salons."""

from django.conf import settings
from django.db.models import Q

from onboarding.domains import rules
from tenants.models import CustomDomain, Domain


def domains_of(business):
    """The salon's own names, in the order they were added."""
    return CustomDomain.objects.filter(business=business)


def domain_of(business, domain_id):
    """One of them; raises CustomDomain.DoesNotExist."""
    return CustomDomain.objects.get(business=business, pk=domain_id)


def is_served(name):
    """Whether a name is answered here, so that a certificate for it is worth having."""
    name = name.strip().lower().removesuffix(".")
    return name == settings.PLATFORM_DOMAIN or Domain.objects.filter(domain=name).exists()


def to_look_at(now):
    """Ids of names to check today: those that are served, and those added lately."""
    recent = Q(verified_at__isnull=False) | Q(created_at__gt=now - rules.LOOK_FOR)
    return CustomDomain.objects.filter(recent).order_by("pk").values_list("pk", flat=True)
