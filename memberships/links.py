"""The signed link to a membership's own page: whoever has it sees the code, changes the card, and can end it."""

from django.urls import reverse

from memberships.models import Membership
from tenants import signed

PURPOSE = "membership"


def token_of(membership):
    return signed.token_for(PURPOSE, membership.pk)


def membership_for_token(token):
    """Raises Membership.DoesNotExist for whatever is no token of this salon's."""
    try:
        return Membership.objects.select_related("plan", "customer").get(pk=signed.id_of(PURPOSE, token))
    except signed.BadToken as exc:
        raise Membership.DoesNotExist from exc


def membership_url(*, business, membership):
    """The absolute address of its page."""
    return business.url + reverse("memberships:mine", args=[token_of(membership)], urlconf="config.urls_salon")


def card_left_url(*, business, membership):
    """Where Stripe's card page leads back to; Stripe fills in which page it was."""
    return membership_url(business=business, membership=membership) + "card/{CHECKOUT_SESSION_ID}/"
