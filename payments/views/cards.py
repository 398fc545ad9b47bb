"""Cards by a visit's own link: another one for this visit, and those kept for the next ones."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from audit import actors
from bookings import words
from bookings.models import Booking
from bookings.views import visitor
from bookings.views.manage import by_link
from payments import queries, services, wording
from payments.gateway import GatewayError
from payments.origins import checkout_policy
from tenants.errors import DomainError

UNREACHABLE = "We could not reach the payment service. Nothing was changed; please try again in a moment."


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("Accept")
@by_link(referrer="same-origin")
def card(request, booking, token):
    """Another card for this visit; the one on file is good until the new one is saved."""
    if request.method == "POST":
        return press(request, booking, token)
    if not (queries.can_replace_card(booking) or queries.kept_cards_of(booking).exists()):
        return redirect("bookings:manage", token=token)
    return render_card(request, booking, token)


def press(request, booking, token):
    try:
        return replace(request, booking, token)
    except DomainError as exc:
        return refuse(request, booking, token, str(exc), exc.status)
    except GatewayError:
        return refuse(request, booking, token, UNREACHABLE, 503)


def replace(request, booking, token):
    if setup_intent_id := request.POST.get("done", "")[:255]:
        services.accept_replacement(booking=booking, setup_intent_id=setup_intent_id)
        return saved(request, booking, token)
    if wants_json(request):
        _, intent = services.prepare_replacement(booking=booking)
        billing = {"name": booking.contact_name, "email": booking.contact_email}
        return JsonResponse({"client_secret": intent.client_secret, "billing_details": billing})
    here, back = reverse("payments:card", args=[token]), reverse("payments:card-return", args=[token])
    return to_stripe(
        services.hosted_replacement_page(
            booking=booking,
            success_url=f"{request.tenant.url}{back}?page={{CHECKOUT_SESSION_ID}}",
            cancel_url=request.tenant.url + here,
        )
    )


@require_safe
@by_link(referrer="same-origin")
def came_back(request, booking, token):
    """From Stripe's card page: believe nothing in the address, ask Stripe, then say what is true."""
    try:
        services.accept_replacement(booking=booking, hosted_page_id=request.GET.get("page", "")[:255])
    except DomainError as exc:
        messages.error(request, str(exc))
    except GatewayError:
        messages.error(request, UNREACHABLE)
    else:
        return saved(request, booking, token)
    return redirect("payments:card", token=token)


@require_POST
@by_link(referrer="same-origin")
def remove(request, booking, token):
    """Keep a card no longer; nobody's but those this link leads to."""
    try:
        kept = queries.kept_cards_of(booking).filter(pk=UUID(request.POST.get("card", ""))).first()
    except ValueError:
        kept = None
    if kept is None:
        raise Http404
    by = actors.customer(booking.contact_name, visitor.address(request))
    services.remove_kept_card(card=kept, by=by, now=timezone.now())
    messages.success(request, f"{wording.card_name(kept)} is kept no longer.")
    return redirect("bookings:manage", token=token)


def saved(request, booking, token):
    setup = queries.card_of(Booking.objects.select_related("card_setup").get(pk=booking.pk))
    messages.success(request, f"{wording.card_name(setup)} is the card of this visit now. Nothing was charged.")
    return redirect("bookings:manage", token=token)


def refuse(request, booking, token, sentence, status):
    if wants_json(request):
        return JsonResponse({"problem": sentence})
    return render_card(request, booking, token, refusal=sentence, status=status)


def wants_json(request):
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def to_stripe(url):
    """To a page of Stripe's, which the form's policy lets through."""
    response = HttpResponseRedirect(url)
    response._csp_update = checkout_policy()
    return response


def render_card(request, booking, token, *, refusal="", status=200):
    setup = queries.card_of(booking)
    context = {
        "token": token,
        "refusal": refusal,
        "when": words.when(booking.local_start),
        "kept": [
            (kept, wording.card_name(kept), kept.pk == setup.saved_card_id) for kept in queries.kept_cards_of(booking)
        ],
        "open": booking.is_open,
    }
    if queries.can_replace_card(booking):
        context |= {
            "name": wording.card_name(setup),
            "runs_out": wording.expires_before(setup, booking.local_date),
            "card": card_fields(setup.stripe_account_id),
        }
    response = render(request, "payments/card.html", context, status=status)
    response._csp_update = checkout_policy()
    return response


def card_fields(account):
    """What the page's script needs to show Stripe's card fields."""
    return {"script": settings.STRIPE_JS_URL, "key": settings.STRIPE_PUBLISHABLE_KEY, "account": account}
