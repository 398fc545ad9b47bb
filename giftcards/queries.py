"""Cards found by their code, and what they take off a price."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from bookings.models import Service
from giftcards import codes
from giftcards.amounts import part_of
from giftcards.models import AT_THE_DESK, GiftCard, GiftReservation, Package, ReservationState

LIVE = (ReservationState.RESERVED, ReservationState.REDEEMED)


@dataclass(frozen=True, slots=True)
class Needed:
    """What a visit asks of a card: its services, and how many visits of a package it takes."""

    service_ids: frozenset
    visits: int


def needed_for(booking):
    """What a booking asks of a card, as it is in the diary now."""
    service_ids = list(booking.items.values_list("service_id", flat=True))
    return Needed(frozenset(service_ids), len(service_ids) * booking.attendee_count)


def names_of(card):
    """What the services are called today that a card is good for; none where it is good for everything."""
    return list(Service.objects.filter(pk__in=card.service_ids).values_list("name", flat=True))


def card_for(code):
    """The card with this code, in whatever state, or None."""
    code = codes.normalised(code)
    return GiftCard.objects.filter(code_digest=codes.digest(code)).first() if code else None


def any_active():
    """Whether this salon has a gift card anybody could enter."""
    return GiftCard.objects.filter(is_active=True).exists()


def good_card(*, code, business, now):
    """The card with this code if somebody may pay with it today, else None: it does not say why.

    The caller counts the attempts: codes are guessed at.
    """
    card = card_for(code)
    return card if card and card.is_good_on(now.astimezone(business.zone).date()) else None


def offer(*, code, price_cents, business, now, booking=None):
    """What a code would take off a price: (GiftCard, GiftPart), or (None, None) where it is good for nothing.

    Writes nothing and promises nothing. What the `booking` has reserved of the same card counts as free; its services,
    and how many visits it takes, are judged where it is given.
    """
    card = card_for(code)
    if card is None:
        return None, None
    reservation = reservation_of(booking) if booking else None
    if reservation and reservation.card_id == card.pk:
        free = card.balance_cents + reservation.cents
    elif card.currency_code == business.currency_code and suits(
        card, booking, day=now.astimezone(business.zone).date()
    ):
        free = card.balance_cents
    else:
        return None, None
    return card, part_of(price_cents, balance_cents=free, percent=card.discount_percent or 0)


def suits(card, booking, *, day):
    """Whether a card may pay for a booking on this date of the salon; None is any visit of one service."""
    if booking is None:
        return card.is_good_on(day)
    needed = needed_for(booking)
    return card.covers(needed.service_ids) and card.is_good_on(day, uses=card.uses_for(needed))


def reservation_of(booking):
    """The booking's reservation, reserved or redeemed, with its card; or None."""
    # Without its card in the same question: most bookings have none.
    found = GiftReservation.objects.filter(booking=booking, state__in=LIVE).first()
    if found:
        found.booking = booking
    return found


def package_of_visit(booking, *, wanted, day):
    """The package `booking` was paid with, or is to be, if it is good for the visit that is `wanted` too; else None."""
    packages = GiftReservation.objects.filter(booking=booking, state__in=LIVE).exclude(card__title="")
    reservation = packages.select_related("card").first()
    if reservation is None or reservation.card.currency_code != wanted.currency_code:
        return None
    return reservation.card if suits(reservation.card, wanted, day=day) else None


def reservable_again(booking, *, day):
    """The reservation `services.reserve_again` would make on this date of the salon, unsaved; or None."""
    reservation = reservation_of(booking)
    used = bool(reservation and reservation.percent and reservation.state == ReservationState.REDEEMED)
    if (reservation and not used) or not booking.price_cents:
        return None
    last = GiftReservation.objects.filter(booking=booking).select_related("card").order_by("-created_at").first()
    if last is None:
        return None
    if used:
        last.card.usage_count -= reservation.uses  # what it is to give back
    if last.card.currency_code != booking.currency_code or not suits(last.card, booking, day=day):
        return None
    part = part_of(booking.price_cents, balance_cents=last.card.balance_cents)
    return GiftReservation(
        card=last.card,
        booking=booking,
        cents=part.gift_cents,
        percent=last.card.discount_percent or 0,
        uses=last.card.uses_for(needed_for(booking)),
    )


def part_for(booking, *, price_cents):
    """The `GiftPart` of the booking's own reservation in a price: the booked one, or the final one."""
    reservation = reservation_of(booking)
    if reservation is None:
        return part_of(price_cents)
    return part_of(price_cents, balance_cents=reservation.cents, percent=reservation.percent)


def cards_of(*, customer, addresses):
    """Gift cards a customer was given by mail at these addresses, or has used for a visit; newest first."""
    used = GiftReservation.objects.filter(booking__customer=customer, state__in=LIVE).values("card")
    mine = Q(pk__in=used)
    for address in addresses:
        mine |= Q(recipient_email__iexact=address)
    return GiftCard.objects.filter(mine)


def packages():
    """Every package in the salon's order, with how many were `sold` and how many visits of them are `to_come`."""
    good = Q(cards__is_active=True)
    to_come = Sum(F("cards__usage_limit") - F("cards__usage_count"), filter=good, default=0)
    return Package.objects.annotate(sold=Count("cards"), to_come=to_come).order_by(*Package._meta.ordering)


def sold_at_desk():
    """Packages that were sold at the desk, the newest first, those taken back too."""
    return GiftCard.objects.filter(package__isnull=False, paid_by__in=AT_THE_DESK).order_by("-created_at", "pk")


def packages_on_offer(*, business):
    """The packages customers can buy by themselves: none where the salon's Stripe account takes no charges."""
    rows = Package.objects.filter(active=True, sold_online=True)
    return rows if business.billing.charges_enabled else rows.none()
