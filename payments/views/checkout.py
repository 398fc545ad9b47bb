"""The customer's last step: details, terms and card turn a held time into a booking. Nothing is charged here."""

from django.conf import settings
from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from bookings import services as bookings
from bookings.models import Status
from bookings.views import visitor
from payments import services
from payments.forms import TYPED
from payments.gateway import GatewayError
from payments.views import returning
from payments.views.cards import to_stripe, wants_json
from payments.views.checkout_page import form_for, render_checkout
from payments.views.checkout_presses import apply_gift_card
from payments.views.making import back_to_times, own_booking, to_confirmation
from tenants import addresses, hosts, limits
from tenants.errors import DomainError

BOOKINGS = limits.Limit("bookings", times=settings.BOOKINGS_PER_ADDRESS_PER_HOUR, seconds=60 * 60)
UNREACHABLE = "We could not reach the payment service. Your time is still kept; please try again in a moment."


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("Accept")
@own_booking
def checkout(request, booking):
    if request.method != "POST":
        return render_checkout(request, booking, form_for(request, booking))
    visitor.keep_entries(request, TYPED)
    if request.POST.get("gift_card_code", "").strip():
        # Enter in the code's field, or never applied: nobody books at a price they did not mean.
        return apply_gift_card(request, booking)
    form = form_for(request, booking, request.POST)
    if not form.is_valid():
        return render_checkout(request, booking, form)
    # Coming back, a visitor reads the number as we understood it.
    request.session[visitor.ENTRIES] |= {"phone": form.cleaned_data["phone"].as_international}
    try:
        return place(request, booking, form)
    except bookings.HoldExpired as exc:
        return answer(request, back_to_times(request, booking, warning=str(exc)))
    except bookings.TermsChanged as exc:  # the page again, for scripts too: its terms are new
        form.ask_again(str(exc))
        return render_checkout(request, booking, form, status=exc.status)
    except DomainError as exc:
        return refuse(request, booking, form, str(exc), exc.status)
    except GatewayError:
        return refuse(request, booking, form, UNREACHABLE, 503)


def place(request, booking, form):
    """Keep the details, then confirm, or ask for the card: in the page, or on Stripe's own where scripts are off."""
    business, now, address = request.tenant, timezone.now(), visitor.address(request)
    if booking.status == Status.HOLD:
        limits.take(BOOKINGS, addresses.bucket(address), address=address)
    booking = submit(request, booking, form.details(), address=address, now=now)
    setup_intent_id = request.POST.get("setup_intent_id", "")
    asked = services.card_visit(booking=booking)
    if asked and form.chosen_card:
        services.choose_kept_card(booking=asked, card=form.chosen_card)
    elif asked and not setup_intent_id:
        return ask_for_card(request, asked, keep=form.cleaned_data["keep_card"])
    booking = services.place_booking(business=business, booking=booking, setup_intent_id=setup_intent_id, now=now)
    return answer(request, to_confirmation(request, booking))


def submit(request, booking, details, **how):
    """Write the details to the visit, or to all visits of its family; the booking as it is then."""
    business = request.tenant
    if booking.family_id is None:
        seen = {"seen": request.POST.get("terms", ""), "gift_seen": request.POST.get("gift_seen")}
        return services.submit_checkout(business=business, booking=booking, details=details, **seen, **how)
    seen = {"seen": request.POST.getlist("terms"), "gifts_seen": request.POST.getlist("gift_seen")}
    names = visitor.names_of(request, booking)
    return services.submit_family(
        business=business, family=booking.family, details=details, names=names, **seen, **how
    )[0]


def ask_for_card(request, booking, *, keep):
    card = {
        "business": request.tenant,
        "booking": booking,
        "keep": keep,
        "stripe_customer_id": returning.stripe_customer_id(request, booking),
    }
    if wants_json(request):
        _, intent = services.prepare_card(**card)
        billing = {"name": booking.contact_name, "email": booking.contact_email}
        return JsonResponse({"client_secret": intent.client_secret, "billing_details": billing})
    here = hosts.url_here(request)
    return to_stripe(
        services.hosted_card_page(
            **card,
            success_url=here + reverse("payments:return", args=[booking.pk]) + "?page={CHECKOUT_SESSION_ID}",
            cancel_url=here + reverse("payments:checkout", args=[booking.pk]),
        )
    )


@require_safe
@own_booking
def came_back(request, booking):
    """From Stripe's card page: believe nothing in the address, ask Stripe, then say what is true."""
    try:
        booking = services.place_booking(
            business=request.tenant,
            booking=booking,
            hosted_page_id=request.GET.get("page", "")[:255],
            now=timezone.now(),
        )
    except bookings.HoldExpired as exc:
        return back_to_times(request, booking, warning=str(exc))
    except DomainError as exc:
        messages.error(request, str(exc))
    except GatewayError:
        messages.error(request, UNREACHABLE)
    else:
        return to_confirmation(request, booking)
    return redirect("payments:checkout", booking=booking.pk)


def refuse(request, booking, form, sentence, status):
    """The same page with the reason; the card form in it is not touched where a script asked."""
    if wants_json(request):
        return JsonResponse({"problem": sentence})
    form.add_error(None, sentence)
    return render_checkout(request, booking, form, status=status)


def answer(request, response):
    return JsonResponse({"next": response.url}) if wants_json(request) else response
