"""One booking in its customer's hands, opened by a signed link. Reading never changes anything; presses are POSTs."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit import actors
from bookings import ics, itinerary, links, queries, services, terms, words
from bookings.models import Booking
from bookings.services.moves import MOVABLE
from bookings.terms import wording
from bookings.views import shown, visitor
from bookings.views.asked import Asked, read_start
from bookings.views.choices import choosing
from bookings.views.draft import draft_for_move
from bookings.views.picker import Picker, alternatives
from bookings.views.relatives import STATES, relatives_shown
from tenants.errors import DomainError
from tenants.money import Money


def by_link(*, referrer="no-referrer"):
    """Load the booking the token opens, and keep its page out of caches, search engines and referrers.

    A page with a form needs `same-origin`: under `no-referrer` browsers send `Origin: null`, which the check against
    forged requests refuses.
    """

    def decorate(view):
        @login_not_required
        @never_cache
        @wraps(view)
        def opened(request, token, **more):
            try:
                booking = links.booking_for_token(token, now=timezone.now())
            except Booking.DoesNotExist:
                raise Http404 from None
            response = view(request, booking, token, **more)
            response["Referrer-Policy"] = referrer
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return opened

    return decorate


@require_safe
@by_link()
def done(request, booking, token):
    """The last screen of a booking: everything there is to know about the visit."""
    return render(request, "bookings/done.html", page(request, booking, token))


@require_safe
@by_link()
def manage(request, booking, token):
    panels = shown.panels(booking=booking, business=request.tenant, token=token, now=timezone.now())
    return render(request, "bookings/manage.html", page(request, booking, token) | {"panels": panels})


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(referrer="same-origin")
def cancel(request, booking, token):
    if not can_change(booking, timezone.now()):
        return redirect("bookings:manage", token=token)
    if request.method == "POST":
        return call_off(request, booking, token)
    return render(request, "bookings/cancel.html", page(request, booking, token, calling_off=True))


def call_off(request, booking, token):
    """Cancel at the fee the customer saw; where the deadline passed in between, show the new one first."""
    now = timezone.now()
    if request.POST.get("fee") != str(fee(booking, now).cents):
        context = page(request, booking, token, calling_off=True) | {
            "refusal": "The fee has changed while this page was open."
        }
        return render(request, "bookings/cancel.html", context, status=409)
    actor = actors.customer(booking.contact_name, visitor.address(request))
    try:
        services.cancel_booking(business=request.tenant, booking=booking, by=actor, now=now, reason="by the customer")
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, "Your visit is cancelled. We have sent you an e-mail.")
    return redirect("bookings:manage", token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(referrer="same-origin")
def reschedule(request, booking, token):
    if not can_change(booking, timezone.now()) or booking.status not in MOVABLE:
        return redirect("bookings:manage", token=token)
    draft = draft_for_move(
        business=request.tenant,
        now=timezone.now(),
        asked=Asked.read(request.POST or request.GET),
        booked=queries.basket_of(booking),
        present=list(booking.items.order_by("position").values_list("team_member_id", flat=True)),
        path=reverse("bookings:reschedule", args=[token]),
    )
    if request.method == "POST":
        return move(request, booking, token, draft)
    return render_move(request, booking, token, draft)


def move(request, booking, token, draft):
    start = read_start(request.POST.get("start"))
    if start is None:
        return render_move(request, booking, token, draft, refusal="Please choose a time.", status=422)
    try:
        moved = services.reschedule_booking(
            business=request.tenant,
            booking=booking,
            start=start,
            people=draft.named,
            by=actors.customer(booking.contact_name, visitor.address(request)),
            now=draft.now,
        )
    except DomainError as exc:
        nearest = alternatives(getattr(exc, "alternatives", ()), request.tenant.zone)
        return render_move(request, booking, token, draft, refusal=str(exc), alternatives=nearest, status=exc.status)
    messages.success(request, moved_sentence(booking, moved))
    return redirect("bookings:manage", token=token)


def moved_sentence(booking, moved):
    """What has become of the visit, the people included."""
    if moved.sequence == booking.sequence:
        return f"Your visit stays as it is, on {words.when(moved.local_start)}."
    sentences = [f"Your visit is moved to {words.when(moved.local_start)}.", itinerary.change_sentence(moved)]
    return " ".join([*filter(None, sentences), "We have sent you an e-mail."])


def render_move(request, booking, token, draft, *, status=200, **refusal):
    context = page(request, booking, token) | choosing(draft, Picker(draft=draft, moving=booking))
    context |= {"action": draft.path, "continue_plain": "Move my visit", "continue_word": "Move to …"}
    return render(request, "bookings/reschedule.html", context | refusal, status=status)


@require_safe
@by_link()
def calendar(request, booking, token):
    body = ics.calendar_file(business=request.tenant, booking=booking, now=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


def page(request, booking, token, *, calling_off=False):
    """What every page of one booking shows. Where it is about to be called off, not what happens when it takes place."""
    business, now = request.tenant, timezone.now()
    title, sentence = STATES[booking.status]
    owed = fee(booking, now)
    changeable = can_change(booking, now)
    parts = itinerary.parts_of(booking)
    gift = terms.gift_of(booking.consent) if booking.is_open else None
    return {
        "booking": booking,
        "token": token,
        "state": title,
        "state_sentence": sentence,
        "changed": itinerary.change_sentence(booking) if booking.is_open else "",
        "visit": shown.visit(
            booking=booking,
            parts=parts,
            note=shown.payment_note(booking, gift) if booking.is_open and not calling_off else "",
            deposit=wording.agreed_deposit_line(booking.consent) if booking.is_open else "",
            gift=gift,
        ),
        "policies": shown.agreed_policies(booking=booking, now=now) if booking.is_open else None,
        "relatives": relatives_shown(booking) if booking.family_id else [],
        "can_change": changeable,
        "can_move": changeable and booking.status in MOVABLE,
        "fee": owed,
        "by_package": terms.takes_visits(booking.consent),
        "fee_sentence": wording.calling_off(consent=booking.consent, zone=booking.zone, now=now),
        "fee_how": shown.fee_note(booking) if owed.cents else "",
        "moving_sentence": wording.moving(consent=booking.consent, zone=booking.zone, now=now),
        "manage_url": business.url + reverse("bookings:manage", args=[token]),
        "map_url": shown.map_url(business),
        "google_url": ics.google_link(business=business, booking=booking, parts=parts),
        "outlook_url": ics.outlook_link(business=business, booking=booking, parts=parts),
        "instructions": booking.service_snapshot.get("instructions", "") if booking.is_open else "",
        "when": words.when(booking.local_start),
    }


def can_change(booking, now):
    """Until it starts, a visit that is still to come can be moved or called off by its customer."""
    return booking.status in MOVABLE and not booking.hold_expires_at and now < booking.start_at


def fee(booking, now):
    """What calling off now costs, by the terms agreed to."""
    return Money(terms.cancellation_fee(consent=booking.consent, now=now), booking.currency_code)
