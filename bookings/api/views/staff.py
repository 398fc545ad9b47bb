"""Bookings, for members of the salon."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from audit import actors
from bookings import services
from bookings.api import asked, examples, reads, shapes
from tenants.addresses import client_address
from tenants.api.endpoints import Private, endpoint, read, read_query
from tenants.api.permissions import needs
from tenants.api.serializers import Nothing, Problem
from tenants.permissions import Permission


class Bookings(Private, generics.ListAPIView):
    """Visits, latest first; holds are none yet."""

    serializer_class = shapes.BookingOut
    filterset_class = asked.BookingFilter

    def get_queryset(self):
        return reads.bookings()


def actor(request):
    return actors.user(request.user, client_address(request))


@extend_schema(
    request=asked.RescheduleIn,
    responses={200: shapes.MovedOut, 404: Problem, 409: Problem, 422: Problem},
    examples=examples.RESCHEDULE,
)
@endpoint("POST")
def reschedule(request, pk):
    """Move a visit, or give it to other people. Who is not named stays unless they cannot; the agreed price stays."""
    booking, data = get_object_or_404(reads.bookings(), pk=pk), read(asked.RescheduleIn, request)
    services.reschedule_booking(
        business=request.tenant,
        booking=booking,
        start=data.get("start_time", booking.start_at),
        team_member=asked.member_of(data.get("team_member_id")),
        people=asked.people_of(data, booking.items.all()),
        override=frozenset(data.get("override", ())),
        by=actor(request),
        now=timezone.now(),
    )
    return moved(request, booking)


@extend_schema(request=Nothing, responses={200: shapes.MovedOut, 404: Problem, 409: Problem, 422: Problem})
@endpoint("POST")
def undo_move(request, pk):
    """Take the last move back: the visit's earlier time and people, if they are still free."""
    booking = get_object_or_404(reads.bookings(), pk=pk)
    read(Nothing, request)
    services.undo_move(business=request.tenant, booking=booking, by=actor(request), now=timezone.now())
    return moved(request, booking)


def moved(request, before):
    """The visit as it is now, compared with how it was."""
    context = {"request": request, "people_before": shapes.people_in(before)}
    return Response(shapes.MovedOut(reads.bookings().get(pk=before.pk), context=context).data)


@extend_schema(request=Nothing, responses={200: shapes.BookingOut, 404: Problem, 409: Problem})
@endpoint("POST")
def check_in(request, pk):
    """The customer has arrived."""
    booking = get_object_or_404(reads.bookings(), pk=pk)
    read(Nothing, request)
    services.check_in(booking=booking, by=actor(request), now=timezone.now())
    return shown(request, pk)


def shown(request, pk):
    return Response(shapes.BookingOut(reads.bookings().get(pk=pk), context={"request": request}).data)


@extend_schema(parameters=[asked.PeriodIn], responses={200: OpenApiTypes.OBJECT, 422: Problem})
@endpoint("GET", permission=needs(Permission.VIEW_ANALYTICS))
def analytics(request):
    """Visits by status and by local day."""
    return Response(counted(request))


def counted(request):
    business = request.tenant
    first, last = reads.period(read_query(asked.PeriodIn, request), business=business, now=timezone.now())
    asked.check_period(first, last)
    by_status, by_day = reads.booking_counts(first, last)
    return {
        "start_date": first,
        "end_date": last,
        "timezone": business.timezone,
        "total": sum(by_status.values()),
        "by_status": by_status,
        "by_day": by_day,
    }
