"""A made-up customer's visit to a real salon, for looking at words before anybody gets them."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext

from tenants import languages
from tenants.languages import full_date as date

__all__ = ["date", "salon_values", "sample_values"]
DAYS_AHEAD = 7
MONTH_AHEAD = 30
AT, UNTIL = time(14, 30), time(18, 0)


def salon_values(business):
    """The placeholders about the salon itself."""
    return {
        "business_name": business.name,
        "business_phone": business.phone.as_international if business.phone else "",
        "business_address": ", ".join(business.address_lines),
        "booking_link": business.url,
    }


def sample_values(*, business, now, language=""):
    """A value for every placeholder: the salon's own name, address, clock and currency, the rest made up.

    Dates and money are in `language`, or in the one that is spoken.
    """
    with languages.speaking(language or languages.spoken()):
        return _sample_values(business, now)


def _sample_values(business, now):
    today = now.astimezone(business.zone).date()
    day = today + timedelta(days=DAYS_AHEAD)
    return salon_values(business) | {
        "customer_name": "Jordan Lee",
        "service_name": "Cut and finish",
        "staff_name": "Robin",
        "booking_date": date(day),
        "booking_time": languages.clock(datetime.combine(day, AT)),
        "price": str(business.money(6500)),
        "confirmation_number": "7KQ2M9XA",
        "manage_link": f"{business.url}/b/sample/",
        "review_link": f"{business.url}/reviews/sample/",
        "cancellation_policy": free_of_charge(),
        "amount": str(business.money(6500)),
        "pay_link": f"{business.url}/pay/sample/",
        "recipient_name": "Alex Lee",
        "giver_name": "Jordan Lee",
        "gift_card_value": str(business.money(5000)),
        "gift_card_code": "ABCD-EFGH-JKLM-NPQR",
        "gift_card_link": f"{business.url}/gift-cards/sample/",
        "offer_until": f"{languages.short_date(today)}, {languages.clock(datetime.combine(today, UNTIL))}",
        "offer_link": f"{business.url}/offers/sample/",
        "inviter_name": "Robin",
        "role_name": "staff",
        "invitation_link": f"{business.url}/invitations/sample/",
        "subscription_name": "Ten visits a year",
        "renewal_date": date(today + timedelta(days=MONTH_AHEAD)),
        "subscription_link": f"{business.url}/subscriptions/sample/",
    }


def free_of_charge():
    """What the terms of the made-up visit say of cancelling."""
    return gettext("You can cancel free of charge at any time before your visit.")
