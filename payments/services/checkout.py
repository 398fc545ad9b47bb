"""The customer's last step: details, consent and card become a booking with a payment that is owed, not taken."""

from dataclasses import replace

from django.db import transaction

from bookings import mail
from bookings import queries as diary
from bookings import services as bookings
from bookings.models import Status
from payments import queries
from payments.models import CardSetup, CardSetupStatus, Method, Payment
from payments.services import cards, gifts, kept_cards


def take_visit(**how):
    """`bookings.services.take_visit`, with the payment that stands for what is owed."""
    return bookings.take_visit(**how, submit=submit_checkout)


def take_family(**how):
    """`bookings.services.take_family`, each visit with the payment that stands for what is owed."""
    return bookings.take_family(**how, submit=submit_checkout)


def repeat_visit(**how):
    """`bookings.services.repeat_visit`, each visit with the payment that stands for what is owed."""
    return bookings.repeat_visit(**how, take=take_visit)


@transaction.atomic
def submit_checkout(*, business, booking, details, address, now, by=None, seen="", gift_seen=None, customer=None):
    """`bookings.services.submit_details`, and the payment that stands for what is owed: `requires_action`.

    `gift_seen` is the gift card that was on the page (`terms.Gift.reservation`, "" for none). Raises what
    submit_details raises, and GiftCardChanged.
    """
    booking = bookings.locked(booking)
    is_first = booking.status == Status.HOLD
    gift = gifts.gift_for(business=business, booking=booking)
    if gift_seen is not None and gift_seen != (gift.reservation if gift else ""):
        raise gifts.GiftCardChanged
    booking = bookings.submit_details(
        business=business,
        booking=booking,
        details=details,
        address=address,
        now=now,
        by=by,
        seen=seen,
        gift=gift,
        customer=customer,
        is_locked=True,
    )
    by_card = cards.is_asked_for(booking)
    owed = {
        "customer": booking.customer,
        "amount_cents": booking.price_cents,
        "currency_code": booking.currency_code,
        "method": Method.CARD if by_card else _without_card(gift),
        "provider_account_id": (business.billing.stripe_account_id or "") if by_card else "",
        "explicit_consent_flag": by is None,
    }
    # The booking's row is locked: nobody else makes its payment at this moment, and a hold has none yet.
    if is_first:
        Payment.objects.create(booking=booking, is_current=True, **owed)
    else:
        Payment.objects.update_or_create(booking=booking, is_current=True, defaults=owed)
    return booking


def _without_card(gift):
    return Method.GIFT if gift and not gift.salon_cents else Method.CASH


def place_booking(*, business, booking, now, setup_intent_id="", hosted_page_id=""):
    """Confirm a pending booking: verify its card at Stripe where one is asked for, then promise the time.

    One of a family is placed with all of it. Pressed twice it confirms once. Raises CardNotSaved, GiftCardChanged,
    bookings' CardRequired, HoldExpired, NotAllowed, GatewayError.
    """
    if booking.family_id and booking.hold_expires_at:
        asked = {"setup_intent_id": setup_intent_id, "hosted_page_id": hosted_page_id}
        placed = place_family(business=business, family=booking.family, now=now, **asked)
        return next(each for each in placed if each.pk == booking.pk)
    if cards.is_asked_for(booking):
        cards.accept_card(booking=booking, setup_intent_id=setup_intent_id, hosted_page_id=hosted_page_id)
    return _confirm(business, booking, now)


@transaction.atomic
def _confirm(business, booking, now, *, notify=True):
    """Under the booking's lock neither its card nor its gift card can be exchanged: what was agreed to is what is kept."""
    booking = bookings.locked(booking)
    asked = cards.is_asked_for(booking)
    setup = queries.card_of(booking) if asked else None
    if booking.status == Status.PENDING and booking.hold_expires_at:
        gifts.check_agreed(booking)
        if setup:
            Payment.objects.filter(booking=booking).update(provider_setup_intent_id=setup.setup_intent_id or "")
            kept_cards.keep(booking=booking, setup=setup)
        elif not asked:  # saved before the gift card was put aside: it was not agreed to
            CardSetup.objects.filter(booking=booking).update(status=CardSetupStatus.ABANDONED)
    return bookings.confirm_booking(
        business=business,
        booking=booking,
        now=now,
        card_on_file=setup is not None,
        covered=not asked,
        notify=notify,
        is_locked=True,
    )


@transaction.atomic
def submit_family(*, business, family, details, names, address, now, seen, gifts_seen=()):
    """`submit_checkout` for every visit of a family, all or none: one agreement, each visit with its own terms and price.

    `names` are who comes, "" for whoever books; `seen` the versions of the offers that were on the page, `gifts_seen` the
    gift cards (`gift_seen` of each), none where they were not looked at. All in order.
    """
    visits = bookings.locked_family(family)
    if len(seen) != len(visits):
        raise bookings.TermsChanged
    if gifts_seen and len(gifts_seen) != len(visits):
        raise gifts.GiftCardChanged
    submitted = [
        submit_checkout(
            business=business,
            booking=booking,
            details=replace(details, for_name=name),
            address=address,
            now=now,
            seen=version,
            gift_seen=gift_seen,
        )
        for booking, name, version, gift_seen in zip(
            visits, names or [""] * len(visits), seen, gifts_seen or [None] * len(visits), strict=True
        )
    ]
    bookings.keep_in_step(family=family)
    return submitted


def card_visit(*, booking):
    """The visit a card is to be saved for: the booking, or the first of its family that needs one; None where none does."""
    visits = diary.visits_of_family(booking.family_id) if booking.family_id else [booking]
    return _first_asked(visits)


def _first_asked(visits):
    return next((booking for booking in visits if cards.is_asked_for(booking)), None)


def place_family(*, business, family, now, setup_intent_id="", hosted_page_id=""):
    """Confirm every visit of a family, or none: the one card that was saved stands for each of them from then on.

    Pressed twice it confirms once; the customer is told once. Returns the Bookings in order. Raises what place_booking
    raises.
    """
    first = _first_asked(diary.visits_of_family(family))
    if first is not None and first.hold_expires_at:
        cards.accept_card(booking=first, setup_intent_id=setup_intent_id, hosted_page_id=hosted_page_id)
    return _confirm_family(business, family, now)


@transaction.atomic
def _confirm_family(business, family, now):
    visits = bookings.locked_family(family)
    if not any(booking.hold_expires_at for booking in visits):
        return visits
    first = _first_asked(visits)
    for booking in visits:
        if first is not None and booking != first and cards.is_asked_for(booking):
            cards.share_card(of=first, booking=booking)
    placed = [_confirm(business, booking, now, notify=False) for booking in visits]
    mail.queue_family_confirmation(business=business, bookings=placed, now=now)
    return placed
