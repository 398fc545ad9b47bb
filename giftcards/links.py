"""The signed link to a card's own page: whoever has it sees the code, and no code stands in an address."""

from django.urls import reverse

from giftcards.models import GiftCard
from tenants import signed

PURPOSE = "gift"


def card_token(card):
    """The token that opens this card's page on its salon's host."""
    return signed.token_for(PURPOSE, card.pk)


def card_for_token(token):
    """The card a token opens, in whatever state; raises GiftCard.DoesNotExist for anything else."""
    try:
        return GiftCard.objects.get(pk=signed.id_of(PURPOSE, token))
    except signed.BadToken as exc:
        raise GiftCard.DoesNotExist from exc


def card_url(*, business, card):
    """The absolute address of the card's page."""
    return business.url + reverse("giftcards:card", args=[card_token(card)], urlconf="config.urls_salon")
