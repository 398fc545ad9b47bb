"""The money buttons and what has been paid, for members of the salon."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.response import Response

from bookings.api.asked import PeriodIn, check_period
from bookings.api.reads import period
from bookings.api.views.staff import actor, counted
from payments import services
from payments.api import asked, reads, shapes
from payments.models import ActionKind, ActionState
from tenants.api.endpoints import Private, endpoint, read, read_query
from tenants.api.errors import answer
from tenants.api.permissions import role_required
from tenants.api.serializers import Problem
from tenants.models import Role

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Here or in the body.")
ACTED = {
    200: OpenApiTypes.OBJECT,
    202: OpenApiTypes.OBJECT,
    400: Problem,
    402: Problem,
    404: Problem,
    409: Problem,
    422: Problem,
}


class OneBooking(Private, generics.RetrieveAPIView):
    """A booking with its payment."""

    serializer_class = shapes.BookingDetailOut

    def get_queryset(self):
        return reads.bookings_with_money()


@extend_schema(request=asked.CompleteIn, parameters=[KEY], responses=ACTED)
@endpoint("POST")
def complete(request, pk):
    """Completed: the visit took place, and its price is charged to the saved card."""
    booking, data = get_object_or_404(reads.bookings_with_money(), pk=pk), read(asked.CompleteIn, request)
    action = services.complete(
        business=request.tenant,
        booking=booking,
        key=asked.money_key_of(request, data),
        by=actor(request),
        now=timezone.now(),
    )
    return acted(action)


@extend_schema(request=asked.RefundIn, parameters=[KEY], responses=ACTED)
@endpoint("POST", permission=role_required(Role.ADMIN))
def refund(request, pk):
    """Give the money back, all of it or a part, the platform's fee in proportion included."""
    booking, data = get_object_or_404(reads.bookings_with_money(), pk=pk), read(asked.RefundIn, request)
    key = asked.money_key_of(request, data)
    asked.check_refundable(data)
    action = services.refund(
        business=request.tenant,
        booking=booking,
        key=key,
        by=actor(request),
        now=timezone.now(),
        amount_cents=data.get("amount_cents"),
        reason=data["reason"],
    )
    return acted(action)


def acted(action):
    """200 when the money has moved, 402 when it could not, 202 while it waits for the customer or for Stripe."""
    action = reads.action(action.pk)
    shown = shapes.action(action)
    if action.state == ActionState.SUCCEEDED:
        return Response(shown)
    if action.state in (ActionState.FAILED, ActionState.ABANDONED):
        if action.kind == ActionKind.REFUND:
            return answer(402, "The refund was refused. Nothing was given back.", "refund_failed", **shown)
        return answer(402, "The card was declined. Nothing was charged.", "card_declined", **shown)
    return Response(shown, status=202)


class Cards(Private, generics.ListAPIView):
    """Saved cards, newest first."""

    serializer_class = shapes.CardOut
    filterset_class = asked.CardFilter

    def get_queryset(self):
        return reads.cards()


class OnePayment(Private, generics.RetrieveAPIView):
    serializer_class = shapes.PaymentOut

    def get_queryset(self):
        return reads.payments()


@extend_schema(parameters=[PeriodIn], responses={200: OpenApiTypes.OBJECT, 422: Problem})
@endpoint("GET")
def revenue(request):
    """Money taken and given back, by local day and currency."""
    return Response(earned(request))


@extend_schema(parameters=[PeriodIn], responses={200: OpenApiTypes.OBJECT, 422: Problem})
@endpoint("GET")
def analytics(request):
    """Visits and money of a period."""
    return Response({"bookings": counted(request), "revenue": earned(request)})


def earned(request):
    business = request.tenant
    first, last = period(read_query(PeriodIn, request), business=business, now=timezone.now())
    check_period(first, last)
    days = reads.revenue(first, last, zone=business.zone)
    return {
        "start_date": first,
        "end_date": last,
        "timezone": business.timezone,
        "by_day": days,
        "totals": reads.totals(days),
    }
