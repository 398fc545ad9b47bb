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
    cards = returning.cards_offered(request, booking) if any(each.card_required for each in visits_of(booking)) else []
    asked = {"region": request.tenant.country, "offered": offered, "texts": texts.are_offered()}
    return CheckoutForm(data, initial=initial, cards=cards, for_family=bool(booking.family_id), **asked)


def render_checkout(request, booking, form, *, status=200, gift_problem=""):
    booking.refresh_from_db(fields=["hold_expires_at"])
    if booking.family_id:
        return render_family(request, booking, form, status=status, gift_problem=gift_problem)
    business, now = request.tenant, timezone.now()
    offer = queries.offer_for(business=business, booking=booking)
    gift = gifts.gift_for(business=business, booking=booking)
    card_asked = is_card_asked(booking, gift)
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
        **gift_context(request, [(booking, gift)], gift_problem),
        "returning": returning.earlier_visit(request),
        "card": card_fields(business.billing.stripe_account_id) if card_asked else None,
    }
    response = render(request, "payments/checkout.html", context, status=status)
    if card_asked:
        response._csp_update = checkout_policy()
    return response


def visits_of(booking):
    """The visit, or all of its family."""
    return queries.visits_of_family(booking.family_id) if booking.family_id else [booking]


@dataclass(frozen=True, slots=True)
class VisitShown:
    """One visit of a family at checkout: who comes, what it is, its own terms, and what a gift card pays of it."""

    who: str
    booking: object
    gift: object
    visit: shown.Visit
    policies: shown.Policies


def render_family(request, booking, form, *, status, gift_problem):
    """The same page for several visits: each with its own price and terms, one agreement, one card."""
    business, now = request.tenant, timezone.now()
    visits = list(visits_of(booking))
    names = visitor.names_of(request, booking) or [""] * len(visits)
    family = [_family_visit(business, each, who, now) for each, who in zip(visits, names, strict=True)]
    card_asked = any(is_card_asked(each.booking, each.gift) for each in family)
    total = family_total(business, family)
    context = {
        "booking": booking,
        "form": form,
        "family": family,
        "total": total,
        "total_note": total.total_note,
        "book": "Book these visits",
        "texts": family[0].policies.texts,
        "hold": kept_until(booking),
        **gift_context(request, [(each.booking, each.gift) for each in family], gift_problem),
        "returning": returning.earlier_visit(request),
        "card": card_fields(business.billing.stripe_account_id) if card_asked else None,
    }
    response = render(request, "payments/checkout_family.html", context, status=status)
    if card_asked:
        response._csp_update = checkout_policy()
    return response


def _family_visit(business, booking, who, now):
    offer = queries.offer_for(business=business, booking=booking)
    gift = gifts.gift_for(business=business, booking=booking)
    visit = shown.visit(
        booking=booking,
        parts=itinerary.parts_of(booking),
        note=shown.payment_note(booking, gift),
        deposit=wording.deposit_line(offer),
        gift=gift,
    )
    policies = shown.offered_policies(booking=booking, offer=offer, now=now, gift=gift)
    return VisitShown(who or "You", booking, gift, visit, policies)


def family_total(business, family):
    """What all of them cost, as a `shown.Visit`: what a gift card takes off it, and when the rest is paid."""
    total = business.money(sum(each.booking.price_cents for each in family))
    given = [each.gift for each in family if each.gift]
    if not given:
        asked = any(each.booking.card_required for each in family)
        return shown.Visit([], [], total, FAMILY_CARD if asked else FAMILY_SALON)
    off = business.money(sum(gift.paid_cents + gift.discount_cents for gift in given))
    on_card = business.money(sum(_on_card(each) for each in family))
    left = total - off
    paid = [
        shown.Line(given[0].name if given[0].visits else f"Gift card {given[0].name}", f"−{off}"),
        shown.Line("Left to pay", str(left)),
    ]
    return shown.Visit([], [], total, family_note(given[0], on_card, left - on_card), paid)


def _on_card(each):
    if each.gift:
        return each.gift.card_cents
    return each.booking.price_cents if each.booking.card_required else 0


def family_note(gift, on_card, at_salon):
    """When what a gift card leaves of several visits is paid."""
    rest = []
    if on_card.cents:
        rest.append(f"{on_card} in all is charged to your card, for each visit after it took place.")
    if at_salon.cents:
        rest.append(f"You pay {at_salon} at the salon.")
    if not rest:
        rest.append(f"Your {'package' if gift.visits else 'gift card'} pays for these visits.")
    return " ".join(["Nothing is charged now.", *rest])


def is_card_asked(booking, gift):
    return booking.card_required and (gift is None or gift.card_asked)


def gift_context(request, visits, problem):
    """What the part about gift cards needs; `visits` are (booking, what is put aside for it or None) in order."""
    bookings, given = [booking for booking, _ in visits], [gift for _, gift in visits if gift]
    gift, to_pay = given[0] if given else None, any(booking.price_cents for booking in bookings)
    return {
        "gift": gift,
        "gifts_seen": [gift.reservation if gift else "" for _, gift in visits],
        "package": package_of(bookings) if gift and gift.visits else None,
        "known_package": _known_in_words(request, bookings) if gift is None and to_pay else None,
        "gift_form": gift_form(request, bookings, gift, problem) if to_pay and gift_cards.any_active() else None,
    }


def package_of(bookings):
    """The package that is put aside, in words: what it takes, what is left, for what and until when it is good."""
    reservations = [each for each in map(gift_cards.reservation_of, bookings) if each]
    card = reservations[-1].card
    return {
        "used": words.count(sum(each.uses for each in reservations), "visit", "visits"),
        "left": f"{card.visits_left} of {card.usage_limit}",
        "good_for": gift_cards_shown.good_for(card),
        "good_until": gift_cards_shown.good_until(card),
    }


def known_package(request, bookings):
    """The package somebody who comes back may use without its code for one of these visits, or None."""
    return next(filter(None, (returning.package_offered(request, booking) for booking in bookings)), None)


def _known_in_words(request, bookings):
    card = known_package(request, bookings)
    return card and {"title": card.title, "left": gift_cards_shown.left(card)}


def gift_form(request, bookings, gift, problem):
    """The field of the code, filled in where the visitor carries one that is good for one of the visits: a press uses it.

    What is wrong with the one that was sent stands beside it.
    """
    if not problem:
        code = "" if gift else carrying.carried(request)
        asked = {"code": code, "business": request.tenant, "now": timezone.now()}
        good = code and any(
            gift_cards.offer(**asked, price_cents=each.price_cents, booking=each)[0]
            for each in bookings
            if each.price_cents
        )
        return GiftCodeForm(initial={"gift_card_code": code} if good else None)
    form = GiftCodeForm(request.POST)
    form.add_error("gift_card_code", problem)
    return form


def kept_until(booking):
    """How long the time is still kept."""
    now, until = database_now(), booking.hold_expires_at.astimezone(booking.zone)
    is_today = until.date() == now.astimezone(booking.zone).date()
    return {
        "seconds": max(0, int((until - now).total_seconds())),
        "until": words.clock(until) if is_today else words.when(until),
        "extendable": booking.hold_expires_at < booking.created_at + LONGEST_HOLD,
    }
