"""The small buttons of the checkout page. What was typed is kept by all of them; they work without scripts."""

from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from bookings import services as bookings
from bookings.views import visitor
from giftcards import codes, guessing
from payments import services
from payments.forms import TYPED
from payments.views import returning
from payments.views.cards import wants_json
from payments.views.checkout_page import form_for, known_package, render_checkout, visits_of
from payments.views.making import back_to_times, own_booking
from tenants.errors import DomainError


@require_POST
@vary_on_headers("Accept")
@own_booking
def gift_card(request, booking):
    """Put a gift card aside for this visit, or for those of its family."""
    visitor.keep_entries(request, TYPED)
    return apply_gift_card(request, booking)


def apply_gift_card(request, booking):
    address = visitor.address(request)
    try:
        guessing.count(address)
        services.put_gift_card_aside(
            business=request.tenant,
            booking=booking,
            code=code_from(request, booking),
            address=address,
            now=timezone.now(),
        )
    except DomainError as exc:
        # A script shows the page's parts: to its browser's console, a refused code is no error.
        status = 200 if wants_json(request) else exc.status
        return render_checkout(request, booking, form_for(request, booking), status=status, gift_problem=str(exc))
    return redirect("payments:checkout", booking=booking.pk)


def code_from(request, booking):
    """The code that was typed; that of the package they came back with, where its button was pressed."""
    if "known_package" in request.POST and (card := known_package(request, visits_of(booking))):
        return codes.code_of(card.pk)
    return request.POST.get("gift_card_code", "")


@require_POST
@own_booking
def gift_card_off(request, booking):
    """Take the gift card off again: it keeps its money."""
    visitor.keep_entries(request, TYPED)
    services.take_gift_card_off(booking=booking, address=visitor.address(request), now=timezone.now())
    return redirect("payments:checkout", booking=booking.pk)


@require_POST
@own_booking
def forget(request, booking):
    """Somebody else sits here: forget who came back to this device."""
    returning.forget(request)
    return redirect("payments:checkout", booking=booking.pk)


@require_POST
@own_booking
def extend(request, booking):
    """Five minutes more."""
    visitor.keep_entries(request, TYPED)
    try:
        if booking.family_id:
            bookings.extend_family(family=booking.family)
        else:
            bookings.extend_hold(booking=booking)
    except DomainError as exc:
        return back_to_times(request, booking, warning=str(exc))
    return redirect("payments:checkout", booking=booking.pk)


@require_POST
@own_booking
def release(request, booking):
    """Give the time up and choose another one."""
    if booking.family_id:
        bookings.release_family(family=booking.family)
    else:
        bookings.release_hold(booking=booking)
    return back_to_times(request, booking)
