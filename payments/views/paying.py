"""One payment that went wrong, in its customer's hands, opened by a signed link. Reading never changes anything.

The customer confirms the very payment that stopped, with their bank or with another card, in their own browser. What
came of it, only Stripe is asked.
"""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from bookings import links as visit_links
from bookings import words
from bookings.models import Booking
from payments import bills, links, queries, services, wording
from payments.gateway import GatewayError
from payments.models import CHARGES, STOPPED, ActionState
from payments.origins import checkout_policy
from payments.views.cards import card_fields, to_stripe, wants_json
from tenants.errors import DomainError

UNREACHABLE = "We could not reach the payment service. Nothing was charged; please try again in a moment."
NOT_HERE = "This payment cannot be made here any more. Please ask the salon; nothing was charged."
SAME = "same"


def by_pay_link(view):
    """Load the booking the token is about, and keep its page out of caches, search engines and referrers."""

    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request, token):
        try:
            booking = links.booking_for_pay_token(token)
        except Booking.DoesNotExist:
            raise Http404 from None
        response = view(request, booking, token)
        # A form's press needs an origin; nothing else is told.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("Accept")
@by_pay_link
def pay(request, booking, token):
    if request.method != "POST":
        return render_pay(request, booking, token)
    charge = charge_of(booking)
    if charge is None or charge.state not in STOPPED:  # settled, or on its way, by another press
        return answer(request, token)
    try:
        return settle(request, booking, charge, token)
    except DomainError as exc:
        return refuse(request, booking, token, str(exc), exc.status)
    except GatewayError:
        return refuse(request, booking, token, UNREACHABLE, 503)


def charge_of(booking):
    """The charge that has not come to an end, or None."""
    action = queries.open_action(booking)
    return action if action and action.kind in CHARGES else None


def settle(request, booking, charge, token):
    """What the script asks for, what it has done, or Stripe's own page for another card where there is no script."""
    done = request.POST.get("done", "")[:255]
    if done.startswith("seti_"):
        services.accept_replacement(booking=booking, setup_intent_id=done)
        return answer(request, token)
    if done:
        services.customer_acted(action=charge)
        return answer(request, token)
    if wants_json(request):
        return in_the_browser(request, booking, charge, token)
    here, back = reverse("payments:pay", args=[token]), reverse("payments:pay-return", args=[token])
    return to_stripe(
        services.hosted_replacement_page(
            booking=booking,
            success_url=f"{request.tenant.url}{back}?page={{CHECKOUT_SESSION_ID}}",
            cancel_url=request.tenant.url + here,
        )
    )


def in_the_browser(request, booking, charge, token):
    """What the page's script needs to confirm this payment, and no other."""
    billing = {"billing_details": {"name": booking.contact_name, "email": booking.contact_email}}
    if not charge.payment_intent_id:  # it stopped before Stripe had it: another card is saved, and tried at once
        _, intent = services.prepare_replacement(booking=booking)
        return JsonResponse(billing | {"client_secret": intent.client_secret})
    found = services.intent_to_confirm(action=charge)
    if found is None:
        acted = services.customer_acted(action=charge)
        return refuse(request, booking, token, NOT_HERE, 409) if acted.state in STOPPED else answer(request, token)
    same = {"payment_method": queries.card_of(booking).payment_method_id} if request.POST.get("how") == SAME else {}
    return JsonResponse(billing | same | {"client_secret": found.client_secret})


@require_safe
@by_pay_link
def came_back(request, booking, token):
    """From Stripe's card page: believe nothing in the address, ask Stripe, and charge the new card by the same payment."""
    try:
        services.accept_replacement(booking=booking, hosted_page_id=request.GET.get("page", "")[:255])
    except DomainError as exc:
        messages.error(request, str(exc))
    except GatewayError:
        messages.error(request, UNREACHABLE)
    return redirect("payments:pay", token=token)


def answer(request, token):
    """The page again: it says what is true by now."""
    if wants_json(request):
        return JsonResponse({"next": reverse("payments:pay", args=[token])})
    return redirect("payments:pay", token=token)


def refuse(request, booking, token, sentence, status):
    if wants_json(request):
        return JsonResponse({"problem": sentence})
    return render_pay(request, booking, token, refusal=sentence, status=status)


def render_pay(request, booking, token, *, refusal="", status=200):
    charge = charge_of(booking)
    context = {
        "token": token,
        "refusal": refusal,
        "booking": booking,
        "when": words.when(booking.local_start),
        "manage_url": reverse("bookings:manage", args=[visit_links.manage_token(booking)]),
    }
    if charge is None:
        context |= settled(booking)
    elif charge.state in STOPPED:
        context |= owed(booking, charge)
    else:
        context["on_its_way"] = charge.amount
    response = render(request, "payments/pay.html", context, status=status)
    if "card" in context:
        response._csp_update = checkout_policy()
    return response


def settled(booking):
    """What became of it: the parts that were paid, none where nothing was due."""
    payment = queries.payment_of(booking)
    return {"settled": True, "lines": bills.paid(payment) if payment else []}


def owed(booking, charge):
    """What is to be paid, for what, why it was not, and which ways there are."""
    same = charge.payment_intent_id and (
        charge.state == ActionState.NEEDS_CUSTOMER or services.may_retry(action=charge, now=timezone.now())
    )
    return {
        "owed": charge.amount,
        "what": wording.charged_for(charge),
        "lines": bills.charged(charge, "To be paid") if charge.amount_cents != charge.price_cents else [],
        "why": wording.why_stopped(charge),
        "name": wording.card_name(queries.card_of(booking)),
        "same": same,
        "asks_bank": charge.state == ActionState.NEEDS_CUSTOMER,
        "card": card_fields(charge.stripe_account_id),
    }
