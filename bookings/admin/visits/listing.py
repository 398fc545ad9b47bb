"""The list of bookings."""

import re

from django.db.models import Prefetch, Q
from unfold.decorators import display

from bookings import queries, words
from bookings.admin.filters import PersonFilter, ServiceFilter, StatusFilter, WhenFilter
from bookings.admin.visits.shown import BADGES, people_of, state_of
from bookings.models import BookingItem


class Listing:
    """For the admin class: columns, filters and search."""

    list_display = ("when", "reference", "customer_name", "service", "people", "state", "price_shown")
    list_display_links = ("when", "reference")
    list_filter = (WhenFilter, StatusFilter, PersonFilter, ServiceFilter)
    search_fields = ("ref", "contact_name", "contact_email", "customer__display_name", "customer__email")
    search_help_text = "Reference, name, e-mail or phone"
    list_fullwidth = True

    def get_queryset(self, request):
        """Each with its parts and who does them: one query more, however many bookings."""
        parts = BookingItem.objects.select_related("team_member")
        return queries.bookings_for_staff().prefetch_related(None).prefetch_related(Prefetch("items", parts))

    def get_ordering(self, request):
        """What comes next stands first, where the list looks ahead."""
        ahead = request.GET.get("when") in ("today", "tomorrow", "week", "coming", "unclosed")
        return ("start_at",) if ahead else ("-start_at",)

    def get_search_results(self, request, bookings, term):
        """Phones are found however they are written."""
        found, duplicates = super().get_search_results(request, bookings, term)
        digits = re.sub(r"\D", "", term).lstrip("0")
        if len(digits) >= 4 and not re.search(r"[a-zA-Z@]", term):
            found = found | bookings.filter(Q(contact_phone__contains=digits))
        return found, duplicates

    @display(description="when", ordering="start_at")
    def when(self, booking):
        return words.when(booking.local_start)

    @display(description="reference", ordering="ref")
    def reference(self, booking):
        return booking.ref

    @display(description="customer", ordering="contact_name")
    def customer_name(self, booking):
        return booking.contact_name

    @display(description="service")
    def service(self, booking):
        return booking.service_name

    @display(description="team member", ordering="team_member")
    def people(self, booking):
        return people_of(booking)

    @display(description="status", ordering="status", label=BADGES)
    def state(self, booking):
        return booking.status, state_of(booking)

    @display(description="price", ordering="price_cents")
    def price_shown(self, booking):
        return str(booking.price)
