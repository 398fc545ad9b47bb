"""How cards are put into words."""

from django.utils.translation import gettext

from bookings import words
from giftcards import queries
from tenants.languages import listed, plain_date
from tenants.money import Money


def worth(card):
    """What was given: `$50.00`, `20% off`, or `5 × Cut & finish`."""
    if card.is_package:
        return card.title
    if card.is_percentage:
        return gettext("%(percent)s%% off") % {"percent": card.discount_percent}
    return str(Money(card.amount_cents, card.currency_code))


def left(card):
    """What it is still good for: `$12.50`, `20% off, for 2 more visits`, or `3 of 5 visits`."""
    if card.is_package:
        how_many = {"left": card.visits_left, "all": card.usage_limit}
        return gettext("%(left)s of %(all)s visits") % how_many
    if not card.is_percentage:
        return str(card.balance)
    if card.usage_limit is None:
        return f"{worth(card)} any number of visits"
    uses = max(card.usage_limit - card.usage_count, 0)
    return f"{worth(card)}, for {words.count(uses, 'more visit', 'more visits')}"


def good_for(card):
    """`Good for Cut and Finish.`, or nothing for a card that is good for everything. One query."""
    if not card.service_ids:
        return ""
    names = queries.names_of(card)
    return gettext("Good for %(services)s.") % {"services": listed(names)} if names else ""


def good_until(card):
    """`Good until 4 November 2026.`, or nothing for a card without an end."""
    if not card.expiration_date:
        return ""
    return gettext("Good until %(day)s.") % {"day": plain_date(card.expiration_date)}
