"""Columns that several records of money share."""

from unfold.decorators import display

from audit.admin import SalonModelAdmin
from tenants.admin import Grants
from tenants.money import Money
from tenants.permissions import Permission


def money_column(name, description):
    """A column that shows minor units as money of the row's currency."""

    @display(description=description, ordering=name)
    def column(self, row):
        return str(Money(getattr(row, name), row.currency_code))

    return column


def badge_column(name, description, words):
    """A column that shows a state in staff's words; `words`: state → (words, colour)."""

    @display(description=description, ordering=name, label={state: color for state, (_, color) in words.items()})
    def column(self, row):
        state = getattr(row, name)
        return state, words[state][0]

    return column


#: Records of money: read by who may see payments, written by nobody.
MONEY = Grants(view=Permission.VIEW_MONEY)


class Record(SalonModelAdmin):
    """Something that was written once: to read, never to edit. It is about a booking, or about a sold gift card."""

    grants = MONEY
    list_select_related = ("booking", "order")

    @display(description="about", ordering="booking__ref")
    def about(self, row):
        return row.booking.ref if row.booking_id else f"Gift card {row.order.amount}"
