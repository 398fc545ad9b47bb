from django.contrib.admin import SimpleListFilter
from django.utils import timezone

from bookings.models import Service, Status, TeamMember
from bookings.queries import CLOSABLE, visits_of, visits_when


class WhenFilter(SimpleListFilter):
    """Dates on the salon's wall."""

    title = "date"
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return (
            ("today", "Today"),
            ("tomorrow", "Tomorrow"),
            ("week", "This week"),
            ("coming", "From now on"),
            ("unclosed", "Past, not yet closed"),
        )

    def queryset(self, request, bookings):
        today = timezone.localdate(timezone=request.tenant.zone)
        return visits_when(bookings, self.value(), today=today, now=timezone.now())


class StatusFilter(SimpleListFilter):
    """The states staff see; holds that ran out are nobody's business."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        shown = (Status.PENDING, *CLOSABLE, Status.COMPLETED, Status.NO_SHOW, Status.CANCELED)
        return [(status.value, status.label) for status in shown]

    def queryset(self, request, bookings):
        return bookings.filter(status=self.value()) if self.value() else bookings


class PersonFilter(SimpleListFilter):
    """Everybody who does a part of the visit."""

    title = "person"
    parameter_name = "person"

    def lookups(self, request, model_admin):
        return [(str(member.pk), member.name) for member in TeamMember.objects.all()]

    def queryset(self, request, bookings):
        return _of(bookings, "person", self)


class ServiceFilter(SimpleListFilter):
    title = "service"
    parameter_name = "service"

    def lookups(self, request, model_admin):
        return [(str(pk), name) for pk, name in Service.objects.values_list("pk", "name")]

    def queryset(self, request, bookings):
        return _of(bookings, "service", self)


def _of(bookings, what, chosen):
    """Filtered by one of the offered ids; anything else in the address finds nothing."""
    if not chosen.value():
        return bookings
    known = {key for key, _ in chosen.lookup_choices}
    return visits_of(bookings, **{what: chosen.value()}) if chosen.value() in known else bookings.none()
