"""Cards to their recipients, each once: that it was sent and the message itself are one transaction."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import Q

from audit import services as audit
from giftcards import mail
from giftcards.models import GiftCard
from giftcards.services.errors import GiftCardUnchangeable

#: When the morning of a chosen date begins on the salon's wall.
MORNING = time(8)


def deliver_due(*, business, now):
    """Mail every card whose day has come; returns how many. Each in a transaction of its own."""
    cards = to_deliver(business=business, now=now).order_by("pk")
    return sum(deliver(card=card, business=business, now=now) for card in cards[:500])


def to_deliver(*, business, now):
    """The cards `deliver_due` would mail."""
    return GiftCard.objects.filter(_due(business, now))


def deliver_if_due(*, card, business, now):
    """Mail a card that has just been made, unless its date is still to come."""
    today = now.astimezone(business.zone).date()
    return (card.deliver_on is None or card.deliver_on <= today) and deliver(card=card, business=business, now=now)


@transaction.atomic
def deliver(*, card, business, now):
    """Mail one card to its recipient, unless that was done before or there is nobody; says whether it was now."""
    card = GiftCard.objects.select_for_update().get(pk=card.pk)
    if card.delivered_at or not card.recipient_email or not card.is_active:
        return False
    mail.queue_card(business=business, card=card, now=now)
    card.delivered_at = now
    card.save(update_fields=["delivered_at"])
    return True


@transaction.atomic
def resend(*, card, business, key, by, now):
    """Mail a card once more for each `key`, also before its day.

    Raises GiftCardUnchangeable where it has no recipient or is off.
    """
    card = GiftCard.objects.select_for_update().get(pk=card.pk)
    if not card.recipient_email:
        raise GiftCardUnchangeable("This card has no recipient to write to.")
    if not card.is_active:
        raise GiftCardUnchangeable("This card is switched off.")
    if not mail.queue_card(business=business, card=card, now=now, version=key):
        return card
    card.delivered_at = card.delivered_at or now
    card.save(update_fields=["delivered_at"])
    audit.record(actor=by, action="giftcard.mailed", subject=card, at=now, after={"to": card.recipient_email})
    return card


def _due(business, now):
    """Without a date at once; on its date in the morning, or at once where it was made that day; later if missed."""
    wall = now.astimezone(business.zone)
    today = wall.date()
    due = Q(deliver_on=None) | Q(deliver_on__lt=today)
    if wall.time() >= MORNING:
        due |= Q(deliver_on=today)
    else:
        due |= Q(deliver_on=today, created_at__gte=datetime.combine(today, time(), business.zone))
    good = Q(expiration_date=None) | Q(expiration_date__gte=today)
    return due & good & Q(delivered_at=None, is_active=True) & ~Q(recipient_email="")
