"""Refund: how much, to the card and to the gift card, and why."""

from unfold.decorators import action
from unfold.enums import ActionVariant


class Refunding:
    """For the admin class: the button that gives money back."""

    @action(description="Refund", permissions=["refund"], icon="currency_exchange", variant=ActionVariant.DANGER)
    def refund(self, request, object_id):
        return self.press(request, object_id, "refund")
