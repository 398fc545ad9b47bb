"""How cards are put into words."""

from django.utils.translation import gettext

from bookings import words
from tenants.languages import plain_date
from tenants.money import Money


def worth(card):
    """What was given: `$50.00`, or `20% off`."""
    if card.is_percentage:
        return gettext("%(percent)s%% off") % {"percent": card.discount_percent}
    return str(Money(card.amount_cents, card.currency_code))


def left(card):
    """What it is still good for: `$12.50`, or `20% off, for 2 more visits`."""
    if not card.is_percentage:
        return str(card.balance)
    if card.usage_limit is None:
        return f"{worth(card)} any number of visits"
    uses = max(card.usage_limit - card.usage_count, 0)
    return f"{worth(card)}, for {words.count(uses, 'more visit', 'more visits')}"


def good_until(card):
    """`Good until 4 November 2026.`, or nothing for a card without an end."""
    if not card.expiration_date:
        return ""
    return gettext("Good until %(day)s.") % {"day": plain_date(card.expiration_date)}
