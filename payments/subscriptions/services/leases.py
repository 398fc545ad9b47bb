"""One verb at a time on a salon's plan."""

from payments import leasing
from payments.subscriptions.services.errors import CardRefused, PlanBusy, PlanUnavailable, WrongState
from tenants.models import TenantBilling


def working_on(business):
    """Have the salon's plan for oneself. Raises PlanBusy, PlanUnavailable, CardRefused, WrongState."""
    return leasing.working_on(
        TenantBilling.objects.filter(business=business),
        busy=PlanBusy(),
        away=PlanUnavailable(),
        declined=CardRefused(),
        refused=WrongState("Stripe did not accept this. Please look at the plan again, or write to us."),
    )
