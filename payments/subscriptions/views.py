"""The owner's billing page, on the platform's host. Every button is a form; every answer leads back to the page."""

from functools import wraps

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import actors
from payments import owners
from payments.subscriptions import queries, services, shown
from payments.subscriptions.access import own_salon
from tenants.addresses import client_address
from tenants.errors import DomainError
from tenants.models import SubscriptionStatus


@require_safe
@never_cache
def index(request):
    """The owner's only salon, or a choice of them."""
    memberships = list(queries.memberships_of(request.user))
    if len(memberships) == 1:
        return salon(request, memberships[0].business_id)
    salons = [shown.choice(membership.business) for membership in memberships]
    return render(request, "billing/choose.html", {"salons": salons})


@require_safe
@own_salon
def salon(request, business):
    context = shown.page(business) | {"several": queries.memberships_of(request.user).count() > 1}
    return render(request, "billing/salon.html", context)


# Buttons -----------------------------------------------------------------------------------------


def button(view):
    """A form's press about the owner's salon: back to the page, unless the view leads elsewhere."""

    @require_POST
    @own_salon
    @wraps(view)
    def pressed(request, business):
        return _answer(request, business, view)

    return pressed


def asked_first(template):
    """A button behind a page that says what it means."""

    def decorate(view):
        @require_http_methods(["GET", "HEAD", "POST"])
        @own_salon
        @wraps(view)
        def pressed(request, business):
            if request.method == "POST":
                return _answer(request, business, view)
            return render(request, template, shown.page(business))

        return pressed

    return decorate


def _answer(request, business, view):
    """What is refused is said on the page."""
    try:
        elsewhere = view(request, business)
    except DomainError as exc:
        messages.error(request, str(exc))
        elsewhere = None
    return elsewhere or redirect("billing:salon", business.pk)


def press(request, business):
    """What every verb is told."""
    by = actors.user(request.user, client_address(request))
    return {"business": business, "by": by, "now": timezone.now()}


@button
def start(request, business):
    services.start_trial(**press(request, business))
    messages.success(request, "Your free trial has begun.")


@button
def activate(request, business):
    """Pay; without a card, first to the page where one is left."""
    try:
        outcome = services.activate(**press(request, business))
    except services.CardNeeded:
        return _to_card_page(business, activate=True)
    return _paid(request, outcome)


@asked_first("billing/pause.html")
def pause(request, business):
    services.pause(**press(request, business))
    messages.success(request, "Billing is paused.")


@button
def resume(request, business):
    services.resume(**press(request, business))
    messages.success(request, "Billing goes on.")


@asked_first("billing/cancel.html")
def cancel(request, business):
    """At the end of what is paid for, or at once where that is chosen."""
    at_once = request.POST.get("when") == "now"
    services.cancel(**press(request, business), at_period_end=not at_once, confirmed=at_once)
    messages.success(request, "The plan is cancelled.")


@button
def keep(request, business):
    services.keep(**press(request, business))
    messages.success(request, "The plan goes on.")


# Cards and papers --------------------------------------------------------------------------------


@button
def card(request, business):
    """Another card, for what comes next."""
    return _to_card_page(business, activate=False)


@require_safe
@own_salon
def card_left(request, business, page_id):
    """Back from Stripe's page: the card is used, and paid with if that is what it was left for."""

    def use(request, business):
        return _paid(request, services.accept_card(page_id=page_id, **press(request, business)))

    return _answer(request, business, use)


@button
def portal(request, business):
    return redirect(services.open_portal(business=business, return_url=owners.billing_url(business)))


def _paid(request, outcome):
    """On to the bank's question where there is one."""
    if outcome.pay_url:
        return redirect(outcome.pay_url)
    active = outcome.billing.subscription_status == SubscriptionStatus.ACTIVE
    messages.success(request, "Thank you. The plan is paid." if active else "Your card is saved.")
    return None


def _to_card_page(business, *, activate):
    page = services.open_card_page(
        business=business,
        success_url=owners.card_url(business),
        cancel_url=owners.billing_url(business),
        activate=activate,
    )
    return redirect(page.url)
