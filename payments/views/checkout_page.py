"""The checkout page: what is booked, for how much, by which terms, and what is to be filled in."""

from django.shortcuts import render
from django.utils import timezone

from bookings import itinerary, queries, texts, words
from bookings.services.holds import LONGEST_HOLD, database_now
from bookings.terms import wording
from bookings.views import shown, visitor
from giftcards import queries as gift_cards
from payments.forms import TYPED, CheckoutForm, GiftCodeForm
from payments.origins import checkout_policy
from payments.services import gifts
from payments.views import returning
from payments.views.cards import card_fields
from tenants import languages


def form_for(request, booking, data=None):
    """The form as it was sent, or with what was typed before."""
    initial = {name: value for name, value in visitor.entries(request).items() if name in TYPED}
    offered = request.tenant.languages
    initial.setdefault("language", languages.best_of(request.headers.get("Accept-Language"), offered) or offered[0])
    cards = returning.cards_offered(request, booking) if booking.card_required else []
    asked = {"region": request.tenant.country, "offered": offered, "texts": texts.are_offered()}
    return CheckoutForm(data, initial=initial, cards=cards, **asked)


def render_checkout(request, booking, form, *, status=200, gift_problem=""):
    booking.refresh_from_db(fields=["hold_expires_at"])
    business, now = request.tenant, timezone.now()
    offer = queries.offer_for(business=business, booking=booking)
    gift = gifts.gift_for(business=business, booking=booking)
    card_asked = booking.card_required and (gift is None or gift.card_asked)
    context = {
        "booking": booking,
        "form": form,
        "visit": shown.visit(
            booking=booking,
            parts=itinerary.parts_of(booking),
            left_to_us=visitor.left_to_us(request, booking),
            note=shown.payment_note(booking, gift),
            deposit=wording.deposit_line(offer),
            gift=gift,
        ),
        "policies": shown.offered_policies(booking=booking, offer=offer, now=now, gift=gift),
        "hold": kept_until(booking),
        "gift": gift,
        "gift_form": gift_form(request, gift_problem) if booking.price_cents and gift_cards.any_active() else None,
        "returning": returning.earlier_visit(request),
        "card": card_fields(business.billing.stripe_account_id) if card_asked else None,
    }
    response = render(request, "payments/checkout.html", context, status=status)
    if card_asked:
        response._csp_update = checkout_policy()
    return response


def gift_form(request, problem):
    """The field of the code; what is wrong with the one that was sent stands beside it."""
    if not problem:
        return GiftCodeForm()
    form = GiftCodeForm(request.POST)
    form.add_error("gift_card_code", problem)
    return form


def kept_until(booking):
    """How long the time is still kept."""
    return {
        "seconds": max(0, int((booking.hold_expires_at - database_now()).total_seconds())),
        "until": words.clock(booking.hold_expires_at.astimezone(booking.zone)),
        "extendable": booking.hold_expires_at < booking.created_at + LONGEST_HOLD,
    }
