"""The checkout page: what is booked, for how much, by which terms, and what is to be filled in."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone

from bookings import itinerary, queries, texts, words
from bookings.services.holds import LONGEST_HOLD, database_now
from bookings.terms import wording
from bookings.views import shown, visitor
from giftcards import queries as gift_cards
from giftcards import shown as gift_cards_shown
from payments import carrying
from payments.forms import TYPED, CheckoutForm, GiftCodeForm
from payments.origins import checkout_policy
from payments.services import gifts
from payments.views import returning
from payments.views.cards import card_fields
from tenants import languages

FAMILY_CARD = "Nothing is charged now. Your card stands for all of these visits; each is charged after it took place."
FAMILY_SALON = "Nothing is charged now. You pay at the salon."


def form_for(request, booking, data=None):
    """The form as it was sent, or with what was typed before."""
    initial = {name: value for name, value in visitor.entries(request).items() if name in TYPED}
    offered = request.tenant.languages
    initial.setdefault("language", languages.best_of(request.headers.get("Accept-Language"), offered) or offered[0])
    cards = returning.cards_offered(request, booking) if any(each.card_required for each in _all(booking)) else []
    asked = {"region": request.tenant.country, "offered": offered, "texts": texts.are_offered()}
    return CheckoutForm(data, initial=initial, cards=cards, for_family=bool(booking.family_id), **asked)


def render_checkout(request, booking, form, *, status=200, gift_problem=""):
    booking.refresh_from_db(fields=["hold_expires_at"])
    if booking.family_id:
        return render_family(request, booking, form, status=status)
    business, now = request.tenant, timezone.now()
    offer = queries.offer_for(business=business, booking=booking)
    gift = gifts.gift_for(business=business, booking=booking)
    card_asked = booking.card_required and (gift is None or gift.card_asked)
    visit = shown.visit(
        booking=booking,
        parts=itinerary.parts_of(booking),
        left_to_us=visitor.left_to_us(request, booking),
        note=shown.payment_note(booking, gift),
        deposit=wording.deposit_line(offer),
        gift=gift,
    )
    context = {
        "booking": booking,
        "form": form,
        "visit": visit,
        "total_note": visit.total_note,
        "book": "Book this visit",
        "policies": shown.offered_policies(booking=booking, offer=offer, now=now, gift=gift),
        "hold": kept_until(booking),
        "gift": gift,
        "package": package_of(booking) if gift and gift.visits else None,
        "known_package": known_package(request, booking) if gift is None and booking.price_cents else None,
        "gift_form": gift_form(request, booking, gift, gift_problem)
        if booking.price_cents and gift_cards.any_active()
        else None,
        "returning": returning.earlier_visit(request),
        "card": card_fields(business.billing.stripe_account_id) if card_asked else None,
    }
    response = render(request, "payments/checkout.html", context, status=status)
    if card_asked:
        response._csp_update = checkout_policy()
    return response


def _all(booking):
    """The visit, or all of its family."""
    return queries.visits_of_family(booking.family_id) if booking.family_id else [booking]


@dataclass(frozen=True, slots=True)
class VisitShown:
    """One visit of a family at checkout: who comes, what it is, and its own terms."""

    who: str
    visit: shown.Visit
    policies: shown.Policies


def render_family(request, booking, form, *, status):
    """The same page for several visits: each with its own price and terms, one agreement, one card."""
    business, now = request.tenant, timezone.now()
    visits = list(_all(booking))
    names = visitor.names_of(request, booking) or [""] * len(visits)
    family = [_family_visit(business, each, who, now) for each, who in zip(visits, names, strict=True)]
    card_asked = any(each.card_required for each in visits)
    context = {
        "booking": booking,
        "form": form,
        "family": family,
        "total": business.money(sum(each.price_cents for each in visits)),
        "total_note": FAMILY_CARD if card_asked else FAMILY_SALON,
        "book": "Book these visits",
        "texts": family[0].policies.texts,
        "hold": kept_until(booking),
        "returning": returning.earlier_visit(request),
        "card": card_fields(business.billing.stripe_account_id) if card_asked else None,
    }
    response = render(request, "payments/checkout_family.html", context, status=status)
    if card_asked:
        response._csp_update = checkout_policy()
    return response


def _family_visit(business, booking, who, now):
    offer = queries.offer_for(business=business, booking=booking)
    visit = shown.visit(
        booking=booking,
        parts=itinerary.parts_of(booking),
        note=shown.payment_note(booking),
        deposit=wording.deposit_line(offer),
    )
    return VisitShown(who or "You", visit, shown.offered_policies(booking=booking, offer=offer, now=now))


def package_of(booking):
    """The package that is put aside, in words: what it takes, what is left, for what and until when it is good."""
    reservation = gift_cards.reservation_of(booking)
    card = reservation.card
    return {
        "used": words.count(reservation.uses, "visit", "visits"),
        "left": f"{card.visits_left} of {card.usage_limit}",
        "good_for": gift_cards_shown.good_for(card),
        "good_until": gift_cards_shown.good_until(card),
    }


def known_package(request, booking):
    """What somebody who comes back may use without its code, in words; None where there is nothing."""
    card = returning.package_offered(request, booking)
    return card and {"title": card.title, "left": gift_cards_shown.left(card)}


def gift_form(request, booking, gift, problem):
    """The field of the code, filled in where the visitor carries one that is good for this visit: a press uses it.

    What is wrong with the one that was sent stands beside it.
    """
    if not problem:
        code = "" if gift else carrying.carried(request)
        asked = {"code": code, "price_cents": booking.price_cents, "booking": booking}
        good = code and gift_cards.offer(**asked, business=request.tenant, now=timezone.now())[0]
        return GiftCodeForm(initial={"gift_card_code": code} if good else None)
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
