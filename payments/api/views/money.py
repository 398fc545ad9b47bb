"""What has been paid, for members of the salon."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.response import Response

from bookings.api.asked import PeriodIn
from bookings.api.views import figures as shared
from bookings.queries import figures as diary
from bookings.queries import worktime
from payments import figures
from payments.api import asked, reads, shapes
from tenants import policies
from tenants.api.endpoints import Private, endpoint
from tenants.api.permissions import membership_of, needs, require
from tenants.api.serializers import Problem
from tenants.permissions import Permission

MONEY, FIGURES = needs(Permission.VIEW_MONEY), needs(Permission.VIEW_ANALYTICS)


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


REVENUE = "\n".join(
    [
        "Money taken and given back, by local day and currency. `captured_cents` = `card_cents` + `cash_cents`; `net_cents` = "
        "`captured_cents` − `refunded_cents` − `disputed_cents`.",
        f"- `net_cents`: {figures.MEANINGS['revenue']}",
        f"- `tip_cents`: {figures.MEANINGS['tips']}",
        f"- `fee_cents`: {figures.MEANINGS['fees']}",
        f"- `gift_sold_cents`: {figures.MEANINGS['gift_sold']}",
        f"- `gift_cents`: {figures.MEANINGS['gift']}",
        f"- `application_fee_cents`: {figures.MEANINGS['application_fee']}",
    ]
)
EVERYTHING = "\n".join(
    [
        "Visits, occupancy, services, who came back, and money of a period. Without the permission to see payments `revenue` "
        "is null and no service has its worth.",
        f"- `occupancy`: {worktime.MEANING}",
        *(f"- `{name}`: {diary.MEANINGS[name]}" for name in ("services", "worth", "retention")),
    ]
)


@extend_schema(parameters=[PeriodIn], responses={200: OpenApiTypes.OBJECT, 422: Problem}, description=REVENUE)
@endpoint("GET", permission=FIGURES)
def revenue(request):
    """Money taken and given back, by local day and currency."""
    require(request, Permission.VIEW_MONEY)
    return Response(earned(request, *shared.asked_period(request)))


@extend_schema(parameters=[PeriodIn], responses={200: OpenApiTypes.OBJECT, 422: Problem}, description=EVERYTHING)
@endpoint("GET", permission=FIGURES)
def analytics(request):
    """Visits and money of a period."""
    first, last = shared.asked_period(request)
    money = policies.may(membership_of(request), Permission.VIEW_MONEY)
    return Response(
        {
            "bookings": shared.counted(request, first, last),
            "revenue": earned(request, first, last) if money else None,
            "occupancy": shared.occupied(request, first, last),
            "services": shared.services_of(first, last, money=money),
            "retention": shared.kept(request, first, last),
        }
    )


def earned(request, first, last):
    business = request.tenant
    days = figures.revenue(first, last, zone=business.zone)
    return {
        "start_date": first,
        "end_date": last,
        "timezone": business.timezone,
        "by_day": days,
        "totals": figures.totals(days),
    }
