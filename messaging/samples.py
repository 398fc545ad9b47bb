"""A made-up customer's visit to a real salon, for looking at words before anybody gets them."""

from datetime import time, timedelta

from babel.dates import format_date, format_time

DAYS_AHEAD = 7
AT = time(14, 30)


def salon_values(business):
    """The placeholders about the salon itself."""
    return {
        "business_name": business.name,
        "business_phone": business.phone.as_international if business.phone else "",
        "business_address": ", ".join(business.address_lines),
        "booking_link": business.url,
    }


def sample_values(*, business, now):
    """A value for every placeholder: the salon's own name, address, clock and currency, the rest made up."""
    day = now.astimezone(business.zone).date() + timedelta(days=DAYS_AHEAD)
    return salon_values(business) | {
        "customer_name": "Jordan Lee",
        "service_name": "Cut and finish",
        "staff_name": "Robin",
        "booking_date": date(day),
        "booking_time": format_time(AT, "HH:mm", locale="en"),
        "price": str(business.money(6500)),
        "confirmation_number": "7KQ2M9XA",
        "manage_link": f"{business.url}/b/sample/",
        "cancellation_policy": "You can cancel free of charge at any time before your visit.",
        "amount": str(business.money(6500)),
        "pay_link": f"{business.url}/pay/sample/",
        "recipient_name": "Alex Lee",
        "giver_name": "Jordan Lee",
        "gift_card_value": str(business.money(5000)),
        "gift_card_code": "ABCD-EFGH-JKLM-NPQR",
        "gift_card_link": f"{business.url}/gift-cards/sample/",
    }


def date(day):
    """`Tuesday 4 November 2026`"""
    return format_date(day, "EEEE d MMMM y", locale="en")
