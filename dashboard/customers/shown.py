"""Customers in words."""

from django.urls import reverse

from bookings import texts, words
from bookings.desk.shown import people_of
from bookings.models import Status
from dashboard import desk
from dashboard.series import shown as series
from messaging import services as messaging
from messaging.models import Channel, Suppression, SuppressionScope
from messaging.numbers import can_get_texts
from payments import queries as money

#: How people take back what they said themselves.
TAKEN_BACK = {
    Suppression.Cause.UNSUBSCRIBED: "Only they can take that back, by agreeing to news when they book.",
    Suppression.Cause.STOPPED: "Only they can take that back: by answering START from this number.",
}
#: What the team should know before it does.
IF_ALLOWED = {
    Suppression.Cause.BOUNCED: "Allow it again when you know that the address is right.",
    Suppression.Cause.COMPLAINED: "Allow it again only when they have told you that they want your messages.",
    Suppression.Cause.STAFF: "",
}


def phone(number):
    """A number as people read it, whatever it is."""
    return getattr(number, "as_international", None) or str(number or "")


def texts_of(customer, business):
    """What the card says about text messages, and the press it has; None where the salon sends none."""
    if not texts.are_offered():
        return None
    number = str(customer.phone or "")
    if not can_get_texts(number):
        return _texts("No mobile number is known.")
    why = messaging.reason_not_to(channel=Channel.SMS, address=number, advertising=False)
    if why:
        by_team = why == messaging.REASONS[Suppression.Cause.STAFF]
        return _texts("They want none." if by_team else why, *(("yes", "They want them again") if by_team else ()))
    if customer.wants_texts:
        day = words.full_date(customer.texts_agreed_at.astimezone(business.zone).date())
        return _texts(f"Agreed on {day}, for {phone(customer.phone)}.", "no", "Wants no more texts", agreed=True)
    return _texts("Have not agreed. They can when booking, or tell you.", "yes", "They have agreed")


def _texts(sentence, next="", press="", *, agreed=False):
    return {"sentence": sentence, "next": next, "press": press, "agreed": agreed}


def date_of(instant, zone, now):
    """`Tue 4 Nov`, with the year where it is another one."""
    if instant is None:
        return ""
    day = instant.astimezone(zone).date()
    return words.short_date(day) if day.year == now.astimezone(zone).year else f"{words.short_date(day)} {day.year}"


def spent_of(customer, spent, business):
    """What somebody has paid by card, as text."""
    return " + ".join(str(each) for each in spent.get(customer.pk, ())) or str(business.money(0))


def rows(customers, *, figures, spent, business, now):
    """Lines of the list. `spent` is None for who may not see money."""
    return [
        {
            "customer": customer,
            "phone": phone(customer.phone),
            "figures": figures[customer.pk],
            "last": date_of(figures[customer.pk].last_at, business.zone, now),
            "next": date_of(figures[customer.pk].next_at, business.zone, now),
            "spent": "" if spent is None else spent_of(customer, spent, business),
        }
        for customer in customers
    ]


def visits(bookings, *, with_money, now):
    """Lines of somebody's visits, each with its state and, for who may see money, what came of it."""
    return [
        {
            "booking": booking,
            "url": desk.url_of_visit(booking),
            "when": words.when(booking.local_start) + _year(booking, now),
            "people": people_of(booking),
            "badge": desk.state_badge(booking),
            "series": series.line(booking),
            "for_name": booking.for_name,
            "money": money_of(booking) if with_money else "",
        }
        for booking in bookings
    ]


def _year(booking, now):
    return "" if booking.local_start.year == now.astimezone(booking.zone).year else f" {booking.local_start.year}"


def money_of(booking):
    """What was paid for a visit, or what it costs."""
    payment = money.payment_of(booking)
    if payment and payment.captured_at:
        back = f", {payment.captured - payment.net_captured} given back" if payment.refunded_cents else ""
        paid = payment.captured_cents + payment.cash_cents + payment.gift_cents
        return f"{booking.price.__class__(paid, payment.currency_code)} paid{back}"
    if booking.status in (Status.CANCELED, Status.NO_SHOW):
        return ""
    return str(booking.price)


def stopped(suppression, customer):
    """An address that gets nothing, why, and what can be done about it."""
    is_ours = messaging.is_ours_to_allow(suppression)
    what = "Nothing" if suppression.scope == SuppressionScope.ALL else "No advertising"
    return {
        "address": suppression.address,
        "title": f"{what} is sent to {suppression.address}",
        "why": messaging.REASONS[suppression.cause],
        "how": (IF_ALLOWED if is_ours else TAKEN_BACK)[suppression.cause],
        "url": reverse("dashboard:customer-allow", args=[customer.pk, suppression.pk]) if is_ours else "",
    }
