"""The customer's last step: details, terms and card turn a held time into a booking. Nothing is charged here."""

from functools import wraps
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from bookings import itinerary, links, queries, words
from bookings import services as bookings
from bookings.forms import KEPT, DetailsForm
from bookings.models import Booking, Status
from bookings.services.holds import LONGEST_HOLD, database_now
from bookings.terms import wording
from bookings.views import shown, visitor
from payments import services
from payments.gateway import GatewayError
from payments.origins import checkout_policy
from tenants import addresses, limits
from tenants.errors import DomainError

BOOKINGS = limits.Limit("bookings", times=settings.BOOKINGS_PER_ADDRESS_PER_HOUR, seconds=60 * 60)
UNREACHABLE = "We could not reach the payment service. Your time is still kept; please try again in a moment."


def own_booking(view):
    """Load a booking this browser is making; anybody else's is a 404, a finished one leads to its confirmation."""

    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request, booking: UUID):
        found = Booking.objects.filter(pk=booking).first()
        if found is None or not visitor.owns(request, found):
            raise Http404
        if found.status in (Status.EXPIRED, Status.FAILED) or runs_out(found):
            return back_to_times(request, found, warning=bookings.HoldExpired.message)
        if found.hold_expires_at is None:
            return to_confirmation(request, found)
        return view(request, found)

    return opened


def runs_out(booking):
    return bool(booking.hold_expires_at) and booking.hold_expires_at <= database_now()


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("Accept")
@own_booking
def checkout(request, booking):
    region = request.tenant.country
    if request.method != "POST":
        initial = {name: value for name, value in visitor.entries(request).items() if name in KEPT}
        return render_checkout(request, booking, DetailsForm(initial=initial, region=region))
    visitor.keep_entries(request, KEPT)
    form = DetailsForm(request.POST, region=region)
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
    booking = services.submit_checkout(
        business=business,
        booking=booking,
        details=form.details(),
        address=address,
        now=now,
        seen=request.POST.get("terms", ""),
    )
    setup_intent_id = request.POST.get("setup_intent_id", "")
    if not booking.card_required or setup_intent_id:
        booking = services.place_booking(business=business, booking=booking, setup_intent_id=setup_intent_id, now=now)
        return answer(request, to_confirmation(request, booking))
    if wants_json(request):
        _, intent = services.prepare_card(business=business, booking=booking)
        billing = {"name": booking.contact_name, "email": booking.contact_email}
        return JsonResponse({"client_secret": intent.client_secret, "billing_details": billing})
    back = business.url + reverse("payments:checkout", args=[booking.pk])
    url = services.hosted_card_page(
        business=business,
        booking=booking,
        success_url=business.url + reverse("payments:return", args=[booking.pk]) + "?page={CHECKOUT_SESSION_ID}",
        cancel_url=back,
    )
    response = HttpResponseRedirect(url)
    response._csp_update = checkout_policy()
    return response


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


@require_POST
@own_booking
def extend(request, booking):
    """Five minutes more, with everything typed so far kept."""
    visitor.keep_entries(request, KEPT)
    try:
        bookings.extend_hold(booking=booking)
    except DomainError as exc:
        return back_to_times(request, booking, warning=str(exc))
    return redirect("payments:checkout", booking=booking.pk)


@require_POST
@own_booking
def release(request, booking):
    """Give the time up and choose another one; what was typed is kept."""
    visitor.keep_entries(request, KEPT)
    bookings.release_hold(booking=booking)
    return back_to_times(request, booking)


def back_to_times(request, booking, *, warning=""):
    """To the times of that day, for the same services, people and guests."""
    if request.method == "POST":
        visitor.keep_entries(request, KEPT)
    if warning:
        messages.warning(request, f"{warning} What you have typed is kept.")
    return redirect(visitor.way_back(request, booking))


def to_confirmation(request, booking):
    visitor.forget_entries(request)
    return redirect("bookings:done", token=links.manage_token(booking))


def refuse(request, booking, form, sentence, status):
    """The same page with the reason; the card form in it is not touched where a script asked."""
    if wants_json(request):
        return JsonResponse({"problem": sentence})
    form.add_error(None, sentence)
    return render_checkout(request, booking, form, status=status)


def answer(request, response):
    return JsonResponse({"next": response.url}) if wants_json(request) else response


def wants_json(request):
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def render_checkout(request, booking, form, *, status=200):
    booking.refresh_from_db(fields=["hold_expires_at"])
    business, now = request.tenant, timezone.now()
    offer = queries.offer_for(business=business, booking=booking)
    left = max(0, int((booking.hold_expires_at - database_now()).total_seconds()))
    context = {
        "booking": booking,
        "form": form,
        "visit": shown.visit(
            booking=booking,
            parts=itinerary.parts_of(booking),
            left_to_us=visitor.left_to_us(request, booking),
            note=shown.payment_note(booking),
            deposit=wording.deposit_line(offer),
        ),
        "policies": shown.offered_policies(booking=booking, offer=offer, now=now),
        "hold": {
            "seconds": left,
            "until": words.clock(booking.hold_expires_at.astimezone(booking.zone)),
            "extendable": booking.hold_expires_at < booking.created_at + LONGEST_HOLD,
        },
    }
    if booking.card_required:
        context["card"] = {
            "script": settings.STRIPE_JS_URL,
            "key": settings.STRIPE_PUBLISHABLE_KEY,
            "account": business.billing.stripe_account_id,
        }
    response = render(request, "payments/checkout.html", context, status=status)
    if booking.card_required:
        response._csp_update = checkout_policy()
    return response
