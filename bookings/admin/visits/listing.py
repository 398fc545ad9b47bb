"""The list of bookings."""

from unfold.decorators import display

from bookings import queries, words
from bookings.admin.filters import PersonFilter, ServiceFilter, StatusFilter, WhenFilter
from bookings.desk.shown import BADGES, people_of, state_of


class Listing:
    """For the admin class: columns, filters and search."""

    list_display = ("when", "reference", "customer_name", "service", "people", "state", "price_shown")
    list_display_links = ("when", "reference")
    list_filter = (WhenFilter, StatusFilter, PersonFilter, ServiceFilter)
    search_fields = ("ref",)  # there is a field to search with; what it finds, `get_search_results` says
    search_help_text = "Reference, name, e-mail or phone"
    list_fullwidth = True
    list_per_page = 25  # a row has six buttons: drawing it takes longer than finding it

    def get_queryset(self, request):
        return queries.visits_with_people()

    def get_ordering(self, request):
        """What comes next stands first, where the list looks ahead."""
        ahead = request.GET.get("when") in ("today", "tomorrow", "week", "coming", "unclosed")
        return ("start_at",) if ahead else ("-start_at",)

    def get_search_results(self, request, bookings, term):
        """As the dashboard finds them. Who does not see addresses does not try them out either."""
        contacts = self.has_view_customers_permission(request)
        return (queries.visits_by(bookings, term, contacts=contacts) if term.strip() else bookings), False

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
