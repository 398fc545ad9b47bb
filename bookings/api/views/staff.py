"""Bookings, for members of the salon."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from audit import actors
from bookings import services
from bookings.api import asked, examples, reads, shapes
from tenants.addresses import client_address
from tenants.api.endpoints import Private, endpoint, read
from tenants.api.serializers import Nothing, Problem


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
