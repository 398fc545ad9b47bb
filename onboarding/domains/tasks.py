"""Looking after salons' own domains; it runs in `public` and enters the salon a name belongs to."""

from celery import shared_task
from django.utils import timezone

from onboarding.domains import queries, services
from onboarding.domains.errors import DomainTaken
from tenants.models import CustomDomain


@shared_task(public=True)
def sweep_domains():
    """Queue a look at every name that is served or was added lately: one that hangs keeps none of the others."""
    for domain_id in queries.to_look_at(timezone.now()):
        look_after_domain.delay(domain_id=str(domain_id))


@shared_task(public=True)
def look_after_domain(*, domain_id):
    row = CustomDomain.objects.select_related("business").filter(pk=domain_id).first()
    if row:
        try:
            services.check_domain(business=row.business, domain=row, now=timezone.now())
        except DomainTaken:
            return  # it is another salon's, and the owner was told so when he asked
