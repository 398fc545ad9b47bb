"""Step 10 for programs."""

from uuid import NAMESPACE_URL, uuid5

from rest_framework import serializers

from giftcards import links, rules
from giftcards.api.shapes import CheckedOut
from giftcards.api.views import MAX_KEY
from onboarding import services
from onboarding.api.frame import SkippableIn, step
from tenants.api.examples import example
from tenants.api.serializers import StrictSerializer


class CardsIn(StrictSerializer):
    """Equal cards: an amount, or a percentage with its number of visits."""

    amount_cents = serializers.IntegerField(min_value=1, max_value=rules.MOST_CENTS, required=False, allow_null=True)
    discount_percent = serializers.IntegerField(min_value=1, max_value=100, required=False, allow_null=True)
    usage_limit = serializers.IntegerField(min_value=1, max_value=rules.MOST_USES, required=False, allow_null=True)
    expiration_date = serializers.DateField(required=False, allow_null=True)
    quantity = serializers.IntegerField(min_value=1, max_value=rules.MOST_AT_ONCE)


@example(
    "Ten cards, and the same for sale online",
    gift_cards=[{"amount_cents": 5000, "quantity": 10}],
    sold_online=True,
    valid_months=24,
)
class GiftCardsStepIn(SkippableIn):
    """`sold_online` and `valid_months` stay as they are where they are not named."""

    gift_cards = CardsIn(many=True, max_length=rules.MOST_AT_ONCE)
    sold_online = serializers.BooleanField(required=False)
    valid_months = serializers.IntegerField(min_value=0, max_value=120, required=False)


SELLING = {"sold_online": "sell_gift_cards", "valid_months": "gift_card_months"}


@step(10, GiftCardsStepIn)
def gift_cards(at, *, gift_cards, **selling):
    """Issue cards; with the same `Idempotency-Key` once. The answer has their codes."""
    issued = services.save_gift_cards(
        cards=[dict(card) for card in gift_cards],
        selling={SELLING[name]: value for name, value in selling.items()},
        key=_key(at),
        **at.told,
    )
    return {
        "gift_cards": [
            CheckedOut(card).data | {"url": links.card_url(business=at.business, card=card)} for card in issued
        ]
    }


def _key(at):
    """What the caller's key stands for in this salon; None without one."""
    key = at.request.headers.get("Idempotency-Key", "")[:MAX_KEY]
    return uuid5(NAMESPACE_URL, f"gift-cards-step:{at.business.pk}:{at.request.user.pk}:{key}") if key else None
