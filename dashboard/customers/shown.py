"""Customers in words."""

from bookings import words
from bookings.desk.shown import people_of
from bookings.models import Status
from dashboard import desk
from messaging.models import MessageStatus
from payments import queries as money

#: How a message is doing, and how that looks.
SENT = {
    MessageStatus.QUEUED: ("On its way", ""),
    MessageStatus.SENDING: ("On its way", ""),
    MessageStatus.SENT: ("Sent", "good"),
    MessageStatus.DEAD: ("Not delivered", "bad"),
    MessageStatus.UNCONFIRMED: ("Perhaps not sent", "bad"),
    MessageStatus.WITHDRAWN: ("Withdrawn", ""),
    MessageStatus.SKIPPED: ("Not sent", ""),
}


def phone(number):
    """A number as people read it, whatever it is."""
    return getattr(number, "as_international", None) or str(number or "")


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


def messages(sent, zone):
    """Lines of what was sent to somebody; its words carry links that open visits and stay unseen."""
    return [
        {
            "when": words.when((message.sent_at or message.created_at).astimezone(zone)),
            "subject": message.subject,
            "to": message.recipient,
            "state": SENT[message.status][0],
            "kind": SENT[message.status][1],
        }
        for message in sent
    ]
