"""A customer is forgotten: their cards keep their amounts, and say no more whose they are."""

from django.db.models import Q

from audit import services as audit
from bookings.services.customers import StillNeeded
from giftcards.models import GiftCard, GiftCardEntry, GiftReservation
from messaging import services as messaging

#: Columns that say who gave a card, and who was given it.
BUYER, RECIPIENT = ("buyer_name",), ("recipient_name", "recipient_email", "message")


def forget(*, person):
    """Take the person out of the cards they gave, were given or used, in the caller's transaction. Raises StillNeeded."""
    given = GiftCard.objects.filter(_any("recipient_email", person.emails))
    if given.filter(is_active=True, delivered_at=None, deliver_on__isnull=False).exists():
        raise StillNeeded("A gift card for them has not been delivered yet. Deliver it or switch it off first.")
    used = GiftReservation.objects.filter(booking__in=person.booking_ids).values("card")
    bought = _any("buyer_name", person.names)
    received = _any("recipient_email", person.emails) | (Q(recipient_email="") & _any("recipient_name", person.names))
    touched = list(GiftCard.objects.filter(bought | received | Q(pk__in=used)).values_list("pk", flat=True))
    # The mail to whoever was given a card names its giver.
    messaging.forget(about=touched, only_sent=True)
    _empty(GiftCard.objects.filter(bought), BUYER)
    _empty(GiftCard.objects.filter(received), RECIPIENT)
    for card in GiftCard.objects.filter(pk__in=touched).exclude(note=""):
        GiftCard.objects.filter(pk=card.pk).update(note=person.words.taken_out(card.note)[:200])
    for entry in GiftCardEntry.objects.filter(Q(card__in=touched) | Q(booking__in=person.booking_ids)):
        said = {name: person.words.taken_out(getattr(entry, name))[:200] for name in ("actor_label", "reason")}
        GiftCardEntry.objects.filter(pk=entry.pk).update(**said)
    audit.forget(subjects={"giftcards.giftcard": touched}, words=person.words)


def forget_buyer(*, cards):
    """Take away who gave these cards (ids)."""
    messaging.forget(about=cards, only_sent=True)
    _empty(GiftCard.objects.filter(pk__in=cards), BUYER)


def _empty(cards, columns):
    cards.update(**dict.fromkeys(columns, ""))


def _any(column, values):
    found = Q(pk__in=[])
    for value in values:
        found |= Q(**{f"{column}__iexact": value})
    return found
