"""Visits for several people in one go: when all of them fit, and which were booked together."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from bookings import queries, services
from bookings.api import asked, examples, groups_asked, offers, reads, shapes
from tenants.api.endpoints import Private, endpoint, read
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission

#: A fortnight: what somebody on the telephone is told, at a price that stays small for five guests.
MOST_DAYS = 14


@extend_schema(
    request=groups_asked.GroupTimesIn,
    responses={200: OpenApiTypes.OBJECT, 400: Problem, 404: Problem, 422: Problem},
    examples=examples.GROUP_TIMES,
)
@endpoint("POST", permission=needs(Permission.VIEW_DIARY))
def availability(request):
    """Times at which all guests can come, by local date, at most 14 days; each with the visit of every guest.

    Where nobody in particular is asked for, whose turn it is may do it when it is booked.
    """
    data, business = read(groups_asked.GroupTimesIn, request), request.tenant
    baskets, names = groups_asked.baskets_of(data), groups_asked.names_of(data)
    services.check_family(baskets)
    first, last = data["start_date"], data["end_date"]
    asked.check_range(first, last, most=MOST_DAYS)
    days = queries.family_days(
        business=business,
        baskets=baskets,
        order=data["order"],
        first=first,
        last=last,
        now=timezone.now(),
        override=groups_asked.override_of(data),
    )
    shown = [
        {"date": day.date.isoformat(), "slots": [offers.group_shown(slot, names, baskets) for slot in day.slots]}
        for day in days
    ]
    return Response(shapes.envelope({"timezone": business.timezone, "days": shown}))


class OneGroup(Private, generics.RetrieveAPIView):
    """Visits that were booked together, those of a family that booked online too."""

    serializer_class = shapes.GroupOut

    def get_queryset(self):
        return reads.groups()


def shown(request, pk):
    """A group as it is answered."""
    return shapes.GroupOut(get_object_or_404(reads.groups(), pk=pk), context={"request": request}).data
