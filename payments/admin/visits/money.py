"""The money on a booking's page: what is due, what moved, and what comes next."""

from django.urls import reverse

from payments import services
from payments.desk import money
from payments.desk.presses import PRESSES
from tenants import policies
from tenants.permissions import Permission


class MoneyPage:
    """For the admin class: what its page adds to the visit's."""

    def page(self, request, booking):
        page = super().page(request, booking) | {"next": next_step(request, booking)}
        return page | money.facts_of(booking) if policies.may(request.membership, Permission.VIEW_MONEY) else page

    def mails(self, request, booking):
        return money.mails_of(booking, sees_money=policies.may(request.membership, Permission.VIEW_MONEY))

    def take(self, **how):
        return services.take_visit(**how)


def next_step(request, booking):
    """{sentences, buttons} of what waits for somebody, or None. Buttons are (address, label), the first one stands out."""
    sentences, names = money.next_step(
        booking, may=lambda name: policies.may(request.membership, PRESSES[name].permission)
    )
    # What the buttons take is said to who presses them.
    if not sentences or not (names or policies.may(request.membership, Permission.VIEW_MONEY)):
        return None
    buttons = [(reverse(f"admin:bookings_booking_{name}", args=[booking.pk]), money.NEXT[name]) for name in names]
    return {"sentences": sentences, "buttons": buttons}
