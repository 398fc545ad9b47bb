"""What callers may ask of the diary: bodies and filters."""

from django.db.models import Q
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from bookings import queries
from bookings.api.errors import BadRange
from bookings.models import Booking, Customer, Service, Status, TeamMember
from bookings.services import NotBookable
from tenants.api.serializers import FIRST, LAST, Instant, StrictSerializer


class ServiceChoice(StrictSerializer):
    """`tenant_id` (the host's, if sent), and a service as `service_id` or `service_ids`."""

    tenant_id = serializers.UUIDField(required=False)
    service_id = serializers.UUIDField(required=False)
    service_ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=10, required=False)
    team_member_id = serializers.UUIDField(required=False, allow_null=True)
    party_size = serializers.IntegerField(min_value=1, max_value=1000, default=1)

    def validate_tenant_id(self, value):
        return must_be_host(value, self.context["request"])


class AvailabilityIn(ServiceChoice):
    start_date = serializers.DateField(required=False)
    end_date = serializers.DateField(required=False)
    explain = Instant(required=False, help_text="Staff only: why is this start not offered?")

    def validate(self, data):
        if "explain" in data:
            return data
        missing = [name for name in ("start_date", "end_date") if name not in data]
        if missing:
            raise serializers.ValidationError({name: ["This field is required."] for name in missing})
        return data


class RescheduleIn(StrictSerializer):
    start_time = Instant()
    team_member_id = serializers.UUIDField(required=False, allow_null=True)


def must_be_host(tenant_id, request):
    """The id, if it is the salon of this host; anything else does not exist here."""
    if tenant_id != request.tenant.pk:
        raise NotFound
    return tenant_id


def service_of(data):
    """The bookable service a body names. Raises NotFound, NotBookable, DRF's ValidationError."""
    ids = data.get("service_ids") or ([data["service_id"]] if "service_id" in data else [])
    if not ids:
        raise serializers.ValidationError({"service_id": ["This field is required."]})
    if len(ids) > 1:
        raise NotBookable("Several services in one visit cannot be booked here yet. Please book them one by one.")
    try:
        return queries.service_for_booking(ids[0])
    except Service.DoesNotExist:
        raise NotFound("There is no such service.") from None


def member_of(member_id):
    """The active team member of that id, None for None. Raises NotFound."""
    if member_id is None:
        return None
    member = TeamMember.objects.filter(pk=member_id, is_active=True).first()
    if member is None:
        raise NotFound("There is no such team member.")
    return member


def check_range(first, last):
    """Raises BadRange unless the local dates are in order, within reach and at most 62."""
    if last < first:
        raise BadRange("The last day cannot be before the first.")
    if not FIRST.date() <= first <= last < LAST.date():
        raise BadRange("These dates are out of reach.")
    if (last - first).days >= queries.MAX_DAYS:
        raise BadRange(f"Ask for at most {queries.MAX_DAYS} days at once.")


def check_period(first, last):
    """Raises BadRange unless the local dates are in order, within reach and at most a leap year."""
    if last < first or not FIRST.date() <= first <= last < LAST.date() or (last - first).days > 366:
        raise BadRange("Ask for at most 366 days, the first one first.")


class StatusesFilter(filters.BaseInFilter, filters.ChoiceFilter):
    """`?status=pending,confirmed`"""


class BookingFilter(filters.FilterSet):
    status = StatusesFilter(field_name="status", choices=Status.choices)
    date = filters.DateFilter(field_name="local_date")
    date_from = filters.DateFilter(field_name="local_date", lookup_expr="gte")
    date_to = filters.DateFilter(field_name="local_date", lookup_expr="lte")
    staff = filters.UUIDFilter(field_name="team_member_id")
    team_member_id = filters.UUIDFilter(field_name="team_member_id")
    customer = filters.UUIDFilter(field_name="customer_id")
    customer_id = filters.UUIDFilter(field_name="customer_id")
    ordering = filters.OrderingFilter(fields=["start_at", "created_at", "price_cents", "status"])

    class Meta:
        model = Booking
        fields = ()


class ServiceFilter(filters.FilterSet):
    active = filters.BooleanFilter()
    category_id = filters.UUIDFilter()

    class Meta:
        model = Service
        fields = ()


class CustomerFilter(filters.FilterSet):
    search = filters.CharFilter(method="find", max_length=100)

    class Meta:
        model = Customer
        fields = ()

    def find(self, rows, name, value):
        return rows.filter(Q(display_name__icontains=value) | Q(email__icontains=value) | Q(phone__icontains=value))


class PeriodIn(serializers.Serializer):
    """Local dates, both included; the last 30 days where none are given."""

    start_date = serializers.DateField(required=False)
    end_date = serializers.DateField(required=False)
