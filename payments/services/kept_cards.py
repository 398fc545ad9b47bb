"""Cards customers let the salon keep for their next visits: kept, chosen again, removed.

A kept card belongs to a customer at Stripe, and that is what tells whose it is: a booking that was made with somebody
else's e-mail address has a Stripe customer of its own, and leads to no card but its own.
"""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from audit import actors
from audit import services as audit
from bookings.models import Status
from bookings.models.bookings import OPEN
from bookings.services import NotAllowed
from payments import gateway, tasks
from payments.models import FINAL_STATES, ActionKind, CardSetup, CardSetupStatus, MoneyAction, SavedCard
from payments.services import cards, pressing
from tenants.errors import DomainError

logger = structlog.get_logger("tithi.payments")


class KeptCardGone(DomainError):
    code = "card_gone"
    status = 409
    message = "This card cannot be used any more. Please use another one. Nothing was charged."


class KeptCardOfAnother(DomainError):
    code = "card_of_another"
    status = 422
    message = "Your kept card is for visits under your own e-mail address. Please use another card for this one."


def keep(*, booking, setup):
    """In the caller's transaction: keep the card of a booking that has just been made, where its customer ticked so.

    What they agreed to when is the booking's own consent.
    """
    if not setup.keep or setup.saved_card_id or not booking.consent:
        return
    agreed_at = datetime.fromisoformat(booking.consent["agreed_at"])
    saved, new = SavedCard.objects.get_or_create(
        payment_method_id=setup.payment_method_id,
        defaults={
            "customer": booking.customer,
            "stripe_account_id": setup.stripe_account_id,
            "stripe_customer_id": setup.stripe_customer_id,
            "consented_at": agreed_at,
            "consent_address": booking.consent["address"],
            "brand": setup.brand,
            "last4": setup.last4,
            "exp_month": setup.exp_month,
            "exp_year": setup.exp_year,
        },
    )
    CardSetup.objects.filter(pk=setup.pk).update(saved_card=saved)
    if new:
        audit.record(
            actor=actors.customer(booking.contact_name, booking.consent["address"]),
            action="card.kept",
            subject=booking.customer,
            at=agreed_at,
            after={"card": str(saved), "booking": booking.ref},
        )


def choose(*, booking, card):
    """Make a kept card that of a booking about to be made, after asking Stripe whether it is still its customer's.

    Who may choose it, the caller knows (`queries.kept_cards_of`). Returns the CardSetup. Raises KeptCardGone,
    KeptCardOfAnother, NotAllowed, gateway.GatewayError.
    """
    found = gateway.retrieve_payment_method(account=card.stripe_account_id, payment_method_id=card.payment_method_id)
    if found is None or found.customer_id != card.stripe_customer_id:
        _gone(card)
        raise KeptCardGone
    return _choose(booking, card, found)


@transaction.atomic
def _choose(booking, card, found):
    booking = pressing.locked_booking(booking)
    if booking.status != Status.PENDING or booking.hold_expires_at is None:
        raise NotAllowed(status_now=booking.status)
    card = SavedCard.objects.select_for_update().get(pk=card.pk)
    if card.removed_at:
        raise KeptCardGone
    if card.customer_id != booking.customer_id:
        raise KeptCardOfAnother
    setup = CardSetup.objects.filter(booking=booking).first() or CardSetup(booking=booking)
    setup.stripe_account_id, setup.stripe_customer_id = card.stripe_account_id, card.stripe_customer_id
    setup.setup_intent_id, setup.checkout_session_id, setup.keep = None, "", False
    setup.status, setup.succeeded_at, setup.saved_card = CardSetupStatus.SUCCEEDED, timezone.now(), card
    for row in (setup, card):
        cards.take_facts(row, card.payment_method_id, found)
        row.save()
    return setup


def _gone(card):
    now = timezone.now()
    SavedCard.objects.filter(pk=card.pk, removed_at=None).update(removed_at=now)
    SavedCard.objects.filter(pk=card.pk, detached_at=None).update(detached_at=now)


@transaction.atomic
def remove(*, card, by, now):
    """Keep a card no longer: no new visit can use it from now on, and Stripe forgets it as soon as no visit still
    to come, and no payment still open, needs it. Removed twice it stays removed."""
    if not SavedCard.objects.filter(pk=card.pk, removed_at=None).update(removed_at=now):
        return
    audit.record(actor=by, action="card.removed", subject=card.customer, at=now, before={"card": str(card)})
    tasks.forget_removed_cards.delay_on_commit()


def forget_removed():
    """Have Stripe forget every removed card that nothing needs any more; returns how many it forgot."""
    return sum(_forget(card) for card in to_forget()[:100])


def to_forget():
    """The cards `forget_removed` would have Stripe forget."""
    in_use = CardSetup.objects.filter(saved_card=OuterRef("pk")).filter(_needing())
    return removed().filter(~Exists(in_use))


def removed():
    """The cards no new visit may use, and Stripe still knows."""
    return SavedCard.objects.filter(removed_at__isnull=False, detached_at=None)


def _needing():
    """Set-ups whose booking may still have to charge its card: to come, not settled, or with a fee nobody has pressed."""
    presses = MoneyAction.objects.filter(booking=OuterRef("booking"))
    fee_owed = Q(booking__status=Status.CANCELED, booking__cancellation_fee_cents__gt=0)
    return (
        Q(booking__status__in=[Status.HOLD, *OPEN])
        | Exists(presses.exclude(state__in=FINAL_STATES))
        | (fee_owed & ~Exists(presses.filter(kind=ActionKind.CANCEL)))
    )


def _forget(card):
    try:
        gateway.detach_payment_method(account=card.stripe_account_id, payment_method_id=card.payment_method_id)
    except gateway.GatewayError as exc:  # no answer, or it is forgotten already: look
        if not _is_forgotten(card):
            logger.warning("card_not_forgotten", card_id=str(card.pk), error=str(exc))
            return False
    SavedCard.objects.filter(pk=card.pk).update(detached_at=timezone.now())
    return True


def _is_forgotten(card):
    try:
        found = gateway.retrieve_payment_method(
            account=card.stripe_account_id, payment_method_id=card.payment_method_id
        )
    except gateway.GatewayError:  # the sweep comes again
        return False
    return found is None or not found.customer_id
