"""Bookings in the salon's admin: a list, a page that is read, and buttons. A booking is never edited as a form.

Every button has a page of its own that says what will happen; what it does is a service. `payments.admin` registers
this class with the money added.
"""

from audit.admin import SalonModelAdmin
from bookings.admin.visits.changing import Changing
from bookings.admin.visits.explaining import Explaining
from bookings.admin.visits.listing import Listing
from bookings.admin.visits.moving import Moving
from bookings.admin.visits.page import Page
from bookings.admin.visits.pressing import Pressing
from bookings.admin.visits.taking import Taking
from bookings.desk.shown import BADGES, can_become, not_started, people_of, state_of, told_sentence
from tenants.admin import Grants
from tenants.permissions import Permission

__all__ = ["BADGES", "BookingAdmin", "can_become", "not_started", "people_of", "state_of", "told_sentence"]


class BookingAdmin(Listing, Page, Changing, Moving, Taking, Explaining, Pressing, SalonModelAdmin):
    grants = Grants(add=Permission.WORK_DIARY)
