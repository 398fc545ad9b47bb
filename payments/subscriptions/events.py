"""What Stripe's events on the platform's account say about plans: that somebody should read them again."""

from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from payments.subscriptions import services, telling
from tenants.errors import DomainError
from tenants.models import TenantBilling

ABOUT_PLANS = ("customer.subscription.", "invoice.", "customer.updated")
#: Refusals after which trying again may help.
PASSING = (services.PlanBusy, services.PlanUnavailable)


def handle(*, kind, data):
    """Act on one event if it is about a salon's plan. The order and number of events do not matter."""
    customer_id = data["id"] if data.get("object") == "customer" else data.get("customer")
    billing = TenantBilling.objects.select_related("business").filter(stripe_customer_id=customer_id or "-").first()
    if billing is None:
        return
    if kind == "checkout.session.completed" and data.get("mode") == "setup":
        _card_left(billing.business, data["id"])
    elif kind.startswith(ABOUT_PLANS):
        fresh = services.refresh(business=billing.business, now=timezone.now())
        if kind == "customer.subscription.trial_will_end":
            _trial_ends(billing.business, fresh)


def _card_left(business, page_id):
    """The owner may have closed the browser; what cannot be done is on the billing page."""
    try:
        services.accept_card(business=business, page_id=page_id, by=SYSTEM, now=timezone.now())
    except PASSING:
        raise
    except DomainError:
        return


def _trial_ends(business, billing):
    with tenant_context(business), transaction.atomic():
        telling.tell_trial_ends(business, billing, timezone.now())
