"""Looking after plans; it runs in `public` and enters the salon a plan belongs to."""

from celery import shared_task
from django.utils import timezone

from payments.subscriptions import queries, services
from tenants.models import Business


@shared_task(public=True)
def sweep_plans():
    """Queue a look at every plan that falls due or was not read for a day."""
    for business_id in queries.due_plans(timezone.now()):
        look_after.delay(business_id=str(business_id))


@shared_task(public=True)
def look_after(*, business_id):
    business = Business.objects.filter(pk=business_id).first()
    if business:
        services.catch_up(business=business, now=timezone.now())
