"""Signed links for who waits: one for their place on the list, one for each offer."""

from django.urls import reverse

from tenants import signed
from waitlist.models import Offer, Wish

WISH, OFFER = "wish", "offer"


def wish_url(*, business, wish):
    """The absolute address of a place on the list, to look at and to leave."""
    return business.url + reverse("waitlist:wish", args=[wish_token(wish)], urlconf="config.urls_salon")


def offer_url(*, business, offer):
    """The absolute address at which an offer is taken or declined."""
    return business.url + reverse("waitlist:offer", args=[offer_token(offer)], urlconf="config.urls_salon")


def wish_token(wish):
    return signed.token_for(WISH, wish.pk)


def offer_token(offer):
    return signed.token_for(OFFER, offer.pk)


def wish_for_token(token):
    """Raises Wish.DoesNotExist for whatever is no token of this salon's."""
    try:
        return Wish.objects.get(pk=signed.id_of(WISH, token))
    except signed.BadToken as exc:
        raise Wish.DoesNotExist from exc


def offer_for_token(token):
    """Raises Offer.DoesNotExist for whatever is no token of this salon's."""
    try:
        return Offer.objects.select_related("wish", "booking").get(pk=signed.id_of(OFFER, token))
    except signed.BadToken as exc:
        raise Offer.DoesNotExist from exc
