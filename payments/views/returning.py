"""Somebody who comes back, known by the signed link of an earlier visit in their hands, and by nothing they type."""

from datetime import timedelta
from uuid import UUID

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings import links, queries
from bookings.models import Booking, Status
from bookings.views import visitor
from bookings.views.asked import Asked
from bookings.views.manage import by_link
from giftcards import queries as gift_cards
from payments import wording
from payments.queries import kept_cards_of

RETURNING = "returning"
#: Long enough to choose a time; short enough for a device that others use, too.
LASTS = timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link(referrer="same-origin")
def again(request, booking, token):
    """Book again: a press remembers whose link this is, for an hour and in this browser."""
    if booking.status == Status.PENDING:
        return redirect("bookings:manage", token=token)
    if request.method == "POST":
        request.session[RETURNING] = {"booking": str(booking.pk), "at": timezone.now().timestamp()}
        request.session[visitor.ENTRIES] = known_details(booking)
        return redirect(same_again(booking))
    context = {
        "token": token,
        "booking": booking,
        "cards": [wording.card_name(card) for card in kept_cards_of(booking)],
    }
    return render(request, "payments/again.html", context)


def forget(request):
    if request.session.pop(RETURNING, None):
        visitor.forget_entries(request)


def known_details(booking):
    """What they typed then, for the form."""
    first, _, last = booking.contact_name.partition(" ")
    phone = booking.contact_phone.as_international if booking.contact_phone else ""
    return {"first_name": first, "last_name": last, "phone": phone, "email": booking.contact_email}


def same_again(booking):
    """The times for the same services and guests; the front page where one of them is not offered any more."""
    wanted = tuple(item.service_id for item in booking.items.all())
    if not wanted or queries.bookable_services().filter(pk__in=wanted).count() < len(set(wanted)):
        return "bookings:home"
    return Asked(services=wanted, party=booking.attendee_count).url()


def earlier_visit(request):
    """The visit whose link was pressed in this browser within the hour, or None."""
    known = request.session.get(RETURNING)
    if not known or timezone.now().timestamp() > known["at"] + LASTS.total_seconds():
        return None
    found = Booking.objects.exclude(status__in=[Status.HOLD, Status.EXPIRED, Status.FAILED])
    found = found.filter(pk=UUID(known["booking"]), end_at__gt=timezone.now() - links.LIFETIME)
    return found.select_related("card_setup", "customer").first()


def cards_offered(request, booking):
    """The kept cards this browser may choose for a booking: good on its day, on the account the salon charges with."""
    earlier = earlier_visit(request)
    if earlier is None:
        return []
    cards = kept_cards_of(earlier).filter(stripe_account_id=request.tenant.billing.stripe_account_id or "")
    return [card for card in cards if not wording.expires_before(card, booking.local_date)]


def package_offered(request, booking):
    """The package of the visit whose link is in their hands, if it is good for this one too; or None."""
    earlier = earlier_visit(request)
    if earlier is None:
        return None
    return gift_cards.package_of_visit(earlier, wanted=booking, day=timezone.localdate(timezone=request.tenant.zone))


def stripe_customer_id(request, booking):
    """Where a new card of theirs is kept; "" for strangers, and for a visit under somebody else's address."""
    earlier = earlier_visit(request)
    if earlier is None or earlier.customer_id != booking.customer_id:
        return ""
    cards = kept_cards_of(earlier).filter(stripe_account_id=request.tenant.billing.stripe_account_id or "")
    return cards.values_list("stripe_customer_id", flat=True).first() or ""
