"""Steps 8 to 10."""

from django.db.models import Count

from bookings.api.settings_paths import PATHS, nested
from giftcards.models import GiftCard
from messaging import queries

TERMS = {column: path for column, path in PATHS.items() if path[0] in ("policies", "booking")}

#: Kinds of equal gift cards that are told apart.
MOST_ROWS = 100


def notifications(business):
    """The salon's own texts; none where the standard ones are sent."""
    names = ("name", "channel", "trigger", "subject", "body", "is_active")
    return {"templates": [{name: getattr(row, name) for name in names} for row in _texts()]}


def policies(business):
    return nested({column: getattr(business, column) for column in TERMS}, TERMS)


def gift_cards(business):
    """How cards are sold, and those there are, without their codes: equal ones together."""
    worth = ("amount_cents", "discount_percent", "usage_limit", "expiration_date")
    rows = GiftCard.objects.values(*worth).annotate(quantity=Count("pk")).order_by(*worth)[:MOST_ROWS]
    return {
        "sold_online": business.sell_gift_cards,
        "valid_months": business.gift_card_months,
        "gift_cards": [
            {name: value for name, value in row.items() if value is not None}
            | ({"expiration_date": row["expiration_date"].isoformat()} if row["expiration_date"] else {})
            for row in rows
        ],
    }


def _texts():
    return [each.template for each in queries.occasions() if each.template]
