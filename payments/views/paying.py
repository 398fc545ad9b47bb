"""One payment that went wrong, in its customer's hands, opened by a signed link. Reading never changes anything."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bookings.models import Booking
from payments import links, queries


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


@require_safe
@by_pay_link
def pay(request, booking, token):
    return render(
        request, "payments/pay.html", {"booking": booking, "action": queries.open_action(booking), "token": token}
    )
