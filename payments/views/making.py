"""A booking this browser is making: who may see it, where it leads when it is over."""

from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from bookings import links, queries
from bookings.models import Booking, Status
from bookings.services import HoldExpired
from bookings.services.holds import database_now
from bookings.views import visitor
from payments.forms import TYPED
from payments.views import returning


def own_booking(view):
    """Load a booking this browser is making; anybody else's is a 404, a finished one leads to its confirmation."""

    @login_not_required
    @never_cache
    @wraps(view)
    def opened(request, booking: UUID):
        found = Booking.objects.filter(pk=booking).first()
        if found is None or not visitor.owns(request, found):
            raise Http404
        if found.family_id and found.family_number != 1:  # a family is booked as one, by its first visit
            found = queries.visits_of_family(found.family_id).first()
        if found.status in (Status.EXPIRED, Status.FAILED) or runs_out(found):
            return back_to_times(request, found, warning=HoldExpired.message)
        if found.hold_expires_at is None:
            return to_confirmation(request, found)
        return view(request, found)

    return opened


def runs_out(booking):
    return bool(booking.hold_expires_at) and booking.hold_expires_at <= database_now()


def back_to_times(request, booking, *, warning=""):
    """To the times of that day, for the same services, people and guests."""
    if request.method == "POST":
        visitor.keep_entries(request, TYPED)
    if warning:
        messages.warning(request, f"{warning} What you have typed is kept.")
    return redirect(visitor.way_back(request, booking))


def to_confirmation(request, booking):
    visitor.forget_entries(request)
    visitor.forget_family(request)
    returning.forget(request)
    return redirect("bookings:done", token=links.manage_token(booking))
