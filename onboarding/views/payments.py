"""Step 11: Stripe, and the plan."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone

from onboarding import services
from onboarding.views.frame import step
from payments.connect import rules as connect_rules
from payments.connect import services as connect
from payments.gateway import GatewayError
from payments.origins import hosted_policy
from payments.subscriptions import shown
from tenants import hosts
from tenants.errors import DomainError
from tenants.models import ConnectStatus


@step("payments")
def payments(request, at):
    """Connect Stripe, or go on without; coming back from Stripe, it is asked what the account is now."""
    if request.method == "POST" and "connect" in request.POST:
        return _to_stripe(request, at)
    if request.method == "POST":
        # With Stripe, on the way there, or paid in the salon only: the step is done as things are.
        services.finish_step(progress=at.progress, number=at.step.number)
        return at.onward()
    if "refresh" in request.GET and at.business.billing.stripe_account_id:  # Stripe's address had run out: another one
        return _to_stripe(request, at)
    if "back" in request.GET:
        _ask_stripe(request, at)
    billing = at.business.billing
    response = at.page(
        "payments",
        billing=billing,
        is_pending=billing.connect_status in (ConnectStatus.PENDING, ConnectStatus.RESTRICTED),
        why=connect_rules.sentence(billing.restricted_reason),
        plan=shown.sentence(at.business, billing),
        price=shown.price(billing),
    )
    response._csp_update = {**getattr(response, "_csp_update", {}), **hosted_policy()}
    return response


def _to_stripe(request, at):
    here = hosts.platform_url() + at.address(at.step)
    try:
        url = services.start_payments(
            progress=at.progress, return_url=f"{here}&back=1", refresh_url=f"{here}&refresh=1", by=at.by, now=at.now
        )
    except DomainError as exc:
        messages.error(request, str(exc))
        return redirect(at.address(at.step))
    return redirect(url)


def _ask_stripe(request, at):
    try:
        billing = connect.refresh_account(business=at.business, now=timezone.now())
    except GatewayError:
        messages.warning(request, connect.ConnectUnavailable.message)
        return
    at.business.billing = billing
    if billing.charges_enabled:
        messages.success(request, "Stripe is connected: your booking page can ask for cards.")
    else:
        messages.warning(request, "Stripe still needs something from you before cards can be taken.")
