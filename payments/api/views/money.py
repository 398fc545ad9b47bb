"""What has been paid, for members of the salon."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from bookings.api.asked import PeriodIn, check_period
from bookings.api.reads import period
from bookings.api.views.staff import counted
from payments.api import asked, reads, shapes
from tenants.api.endpoints import Private, endpoint, read_query
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission

MONEY = needs(Permission.VIEW_MONEY)


class OneBooking(Private, generics.RetrieveAPIView):
    """A booking with its payment."""

    serializer_class = shapes.BookingDetailOut

    def get_queryset(self):
        return reads.bookings_with_money()


class Cards(Private, generics.ListAPIView):
    """Saved cards, newest first."""

    permission_classes = [MONEY]
    serializer_class = shapes.CardOut
    filterset_class = asked.CardFilter

    def get_queryset(self):
        return reads.cards()


class OnePayment(Private, generics.RetrieveAPIView):
    permission_classes = [MONEY]
    serializer_class = shapes.PaymentOut

    def get_queryset(self):
        return reads.payments()


@extend_schema(parameters=[PeriodIn], responses={200: OpenApiTypes.OBJECT, 422: Problem})
@endpoint("GET", permission=needs(Permission.VIEW_ANALYTICS))
def revenue(request):
    """Money taken and given back, by local day and currency."""
    return Response(earned(request))


@extend_schema(parameters=[PeriodIn], responses={200: OpenApiTypes.OBJECT, 422: Problem})
@endpoint("GET", permission=needs(Permission.VIEW_ANALYTICS))
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
