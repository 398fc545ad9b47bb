"""What a saved setting left behind, said on the next page. Nothing is refused for it: visits stay as booked."""

from django.contrib import messages

from bookings import unbookable
from bookings.admin.stranded import said_of_moves, said_of_unbookable
from bookings.models import Service

OUTSIDE = "These visits lie outside the hours"
BLOCKED = "These visits fall into the blocked time"


def moves(request, cause, visits):
    """Name the visits that need a move; nothing where there are none."""
    if visits:
        messages.warning(request, said_of_moves(request.tenant, cause, visits))


def lost_services(request):
    """Name the services nobody could start any more."""
    services = list(Service.objects.filter(active=True, deleted_at=None))
    for service in unbookable.unbookable(business=request.tenant, services=services):
        messages.warning(request, said_of_unbookable(service))
