"""A person's credits, on the platform's host: the balance, its latest changes, and packs to buy."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from messaging import gateway as texts
from payments import gateway
from payments.credits import queries, services
from payments.credits.api import CHECKOUTS
from payments.credits.models import Profile, PurchaseStatus
from payments.credits.pages import purchase_urls
from payments.origins import hosted_policy
from tenants import limits
from tenants.addresses import client_address
from tenants.errors import DomainError

WAITING = "The payment has not arrived yet. Your credits are added as soon as it does; there is nothing more to do."


@require_safe
@never_cache
def page(request):
    context = {
        "profile": Profile.objects.filter(user=request.user).first(),
        "entries": queries.recent_entries(request.user),
        "purchases": queries.paid_purchases(request.user),
        "packs": services.packs(),
        "at_signup": settings.CREDITS_AT_SIGNUP,
        "per_text": settings.CREDITS_PER_SMS if texts.is_on() else 0,
    }
    response = render(request, "credits/page.html", context)
    response._csp_update = hosted_policy()
    return response


@require_POST
def start(request):
    services.get_or_create_profile(user=request.user, full_name="", now=timezone.now())
    return redirect("credits:page")


@require_POST
def buy(request):
    """On to Stripe's page."""
    try:
        limits.take(CHECKOUTS, str(request.user.pk), address=client_address(request))
        _, url = services.start_purchase(user=request.user, pack=request.POST.get("pack", ""), **purchase_urls())
    except DomainError as exc:
        messages.error(request, str(exc))
        return redirect("credits:page")
    return redirect(url)


@require_safe
@never_cache
def bought(request, purchase: UUID):
    """Back from Stripe, which is asked whether it has the money."""
    found = queries.purchase_of(request.user, purchase)
    if found is None:
        raise Http404
    try:
        found = services.settle(purchase_id=found.pk, now=timezone.now())
    except gateway.GatewayError:
        messages.info(request, WAITING)
        return redirect("credits:page")
    if found.status == PurchaseStatus.PAID:
        messages.success(request, f"Thank you: {found.credits:,} credits were added.")
    else:
        messages.info(request, WAITING)
    return redirect("credits:page")


@require_safe
@never_cache
def invoice(request, purchase: UUID):
    """On to Stripe's page of the invoice."""
    found = queries.purchase_of(request.user, purchase)
    if found is None or not found.invoice_id:
        raise Http404
    try:
        return redirect(services.invoice_url(purchase=found))
    except services.InvoiceUnavailable as exc:
        messages.error(request, str(exc))
        return redirect("credits:page")
