"""The owner's way to Stripe's onboarding and back, on the platform's host."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audit import actors
from payments import owners
from payments.connect import services
from payments.gateway import GatewayError
from payments.subscriptions.access import own_salon
from tenants.addresses import client_address
from tenants.errors import DomainError

BACK = {
    True: "Stripe is connected: your booking page can ask for cards.",
    False: "Stripe still needs something from you before cards can be taken.",
}


@require_POST
@own_salon
def start(request, business):
    return _to_stripe(request, business)


@require_safe
@own_salon
def go_on(request, business):
    """Stripe's address had run out: another one, at once."""
    return _to_stripe(request, business)


@require_safe
@own_salon
def came_back(request, business):
    """Whatever the owner did at Stripe, Stripe is asked what it is now."""
    try:
        billing = services.refresh_account(business=business, now=timezone.now())
    except GatewayError:
        messages.warning(request, services.ConnectUnavailable.message)
    else:
        level = messages.SUCCESS if billing.charges_enabled else messages.WARNING
        messages.add_message(request, level, BACK[billing.charges_enabled])
    return redirect("billing:salon", business.pk)


def _to_stripe(request, business):
    try:
        found = services.start_onboarding(
            business=business,
            return_url=owners.connect_url(business, "return"),
            refresh_url=owners.connect_url(business, "refresh"),
            by=actors.user(request.user, client_address(request)),
            now=timezone.now(),
        )
    except DomainError as exc:
        messages.error(request, str(exc))
        return redirect("billing:salon", business.pk)
    return redirect(found.url)
