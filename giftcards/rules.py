"""What a new card may be, asked by every form and program that issues one, and until when it is good. Pure."""

import calendar

MOST_CENTS = 100_000_000
MOST_USES = 10_000
MOST_AT_ONCE = 100
#: Nothing is paid that is more than this many times its price: a slip of the finger.
MOST_TIMES = 10


def problems(*, today, amount_cents=None, discount_percent=None, usage_limit=None, **card):
    """Field → what is wrong with it; empty where the card can be issued."""
    found = {}
    if bool(amount_cents) == bool(discount_percent):
        found["amount_cents"] = "Give either an amount or a percentage."
    elif amount_cents and usage_limit:
        found["usage_limit"] = "Only a percentage is limited by visits; an amount is used up by itself."
    expiration_date, deliver_on = card.get("expiration_date"), card.get("deliver_on")
    if expiration_date and expiration_date < today:
        found["expiration_date"] = "This day is over."
    if deliver_on and deliver_on < today:
        found["deliver_on"] = "This day is over."
    elif deliver_on and expiration_date and deliver_on > expiration_date:
        found["deliver_on"] = "The card would not be good any more by then."
    elif deliver_on and not card.get("recipient_email"):
        found["recipient_email"] = "Write where the card is sent to."
    return found


def last_day(bought_on, months):
    """The last day of a card bought on a date, so many months later; None for a card without an end."""
    if not months:
        return None
    years, month = divmod(bought_on.month - 1 + months, 12)
    year, month = bought_on.year + years, month + 1
    return bought_on.replace(year=year, month=month, day=min(bought_on.day, calendar.monthrange(year, month)[1]))
