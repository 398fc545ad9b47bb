"""The signed link to a bought gift card's order, for the buyer's way back from Stripe."""

from payments.models import GiftCardOrder
from tenants import signed

PURPOSE = "gift-order"


def order_token(order):
    """The token that opens this order on its salon's host."""
    return signed.token_for(PURPOSE, order.pk)


def order_for_token(token):
    """The order a token opens; raises GiftCardOrder.DoesNotExist for anything else."""
    try:
        return GiftCardOrder.objects.select_related("card").get(pk=signed.id_of(PURPOSE, token))
    except signed.BadToken as exc:
        raise GiftCardOrder.DoesNotExist from exc
