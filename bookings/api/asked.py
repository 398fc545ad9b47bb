"""What callers may ask of the diary: bodies and filters."""

from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from bookings import queries
from bookings.api.errors import BadRange
from bookings.availability import OVERRIDABLE
from bookings.basket import MOST_SERVICES, Basket, Wanted
from bookings.models import Booking, Service, Status, TeamMember
from tenants.api.serializers import Instant, StrictSerializer
from tenants.clock import is_day_in_reach

NO_SERVICE, NO_MEMBER = "There is no such service.", "There is no such team member."


class ServiceChoice(StrictSerializer):
    """`tenant_id` (the host's, if sent), one service as `service_id` or several in order as `service_ids`, and with whom.

    `team_member_id` is one person for everything; `team_member_ids` names one for each service, null being anyone.
    With `together`, neighbouring services that allow it run at the same time.
    """

    tenant_id = serializers.UUIDField(required=False)
    service_id = serializers.UUIDField(required=False)
    service_ids = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=MOST_SERVICES, required=False
    )
    team_member_id = serializers.UUIDField(required=False, allow_null=True)
    team_member_ids = serializers.ListField(
        child=serializers.UUIDField(allow_null=True), min_length=1, max_length=MOST_SERVICES, required=False
    )
    party_size = serializers.IntegerField(min_value=1, max_value=1000, default=1)
    together = serializers.BooleanField(default=False)

    def validate_tenant_id(self, value):
        return must_be_host(value, self.context["request"])

    def validate(self, data):
        services, people = data.get("service_ids"), data.get("team_member_ids")
        if services and "service_id" in data and services != [data["service_id"]]:
            raise serializers.ValidationError({"service_ids": ["Send service_id or service_ids, not both."]})
        if people and data.get("team_member_id"):
            raise serializers.ValidationError(
                {"team_member_ids": ["Send team_member_id or team_member_ids, not both."]}
            )
        if people and len(people) != len(service_ids_of(data) or people):
            raise serializers.ValidationError({"team_member_ids": ["Name one person, or null, for each service."]})
        return data


class AvailabilityIn(ServiceChoice):
    start_date = serializers.DateField(required=False)
    end_date = serializers.DateField(required=False)
    explain = Instant(required=False, help_text="Staff only: why is this start not offered?")

    def validate(self, data):
        data = super().validate(data)
        if "explain" in data:
            return data
        missing = [name for name in ("start_date", "end_date") if name not in data]
        if missing:
            raise serializers.ValidationError({name: ["This field is required."] for name in missing})
        return data


class PersonOfPart(StrictSerializer):
    position = serializers.IntegerField(min_value=0, max_value=MOST_SERVICES - 1, help_text="0 is the first service.")
    team_member_id = serializers.UUIDField()


class RescheduleIn(StrictSerializer):
    """Another time, other people, or both. Without `start_time` the visit stays at its time."""

    start_time = Instant(required=False)
    team_member_id = serializers.UUIDField(required=False, allow_null=True, help_text="This person for everything.")
    people = PersonOfPart(many=True, required=False, allow_empty=False, max_length=MOST_SERVICES)
    override = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(OVERRIDABLE)),
        required=False,
        help_text="Rules set aside knowingly; recorded with who did it.",
    )

    def validate(self, data):
        people = data.get("people")
        if not (data.get("team_member_id") or people or "start_time" in data):
            raise serializers.ValidationError({"start_time": ["Send a time, a person, or people."]})
        if people and data.get("team_member_id"):
            raise serializers.ValidationError({"people": ["Send team_member_id or people, not both."]})
        if people and len({each["position"] for each in people}) < len(people):
            raise serializers.ValidationError({"people": ["Name each position once."]})
        return data


def must_be_host(tenant_id, request):
    """The id, if it is the salon of this host; anything else does not exist here."""
    if tenant_id != request.tenant.pk:
        raise NotFound
    return tenant_id


def service_ids_of(data):
    """The services a body names, in order; [] where it names none."""
    return data.get("service_ids") or ([data["service_id"]] if "service_id" in data else [])


def basket_of(data):
    """The visit a body asks for, as a `Basket`. Raises NotFound, DRF's ValidationError. Two queries at most."""
    ids = service_ids_of(data)
    if not ids:
        raise serializers.ValidationError({"service_id": ["This field is required."]})
    services = found(queries.bookable_services(), ids, NO_SERVICE)
    people = members_of(data.get("team_member_ids") or [data.get("team_member_id")] * len(ids))
    wanted = tuple(Wanted(service, member) for service, member in zip(services, people, strict=True))
    return Basket(wanted, data.get("party_size", 1), together=data.get("together", False))


def member_of(member_id):
    """The active team member of that id, None for None. Raises NotFound."""
    return members_of([member_id])[0]


def members_of(ids):
    """The active team members of these ids in order, None for each None. Raises NotFound."""
    return found(TeamMember.objects.filter(is_active=True), ids, NO_MEMBER)


def found(rows, ids, sentence):
    """The row of each id, None for None; one query for all. Raises NotFound with the sentence."""
    wanted = {pk for pk in ids if pk is not None}
    by_id = rows.in_bulk(wanted) if wanted else {}
    if wanted - set(by_id):
        raise NotFound(sentence)
    return [by_id.get(pk) for pk in ids]


def people_of(data, items):
    """Who does which part of a visit after a move: {position: TeamMember}. Raises NotFound, DRF's ValidationError."""
    asked = data.get("people", [])
    if any(each["position"] >= len(items) for each in asked):
        raise serializers.ValidationError({"people": ["The visit has fewer services."]})
    members = members_of([each["team_member_id"] for each in asked])
    return {each["position"]: member for each, member in zip(asked, members, strict=True)}


def check_range(first, last, *, most=queries.MAX_DAYS):
    """Raises BadRange unless the local dates are in order, within reach and at most so many."""
    if last < first:
        raise BadRange("The last day cannot be before the first.")
    if not (is_day_in_reach(first) and is_day_in_reach(last)):
        raise BadRange("These dates are out of reach.")
    if (last - first).days >= most:
        raise BadRange(f"Ask for at most {most} days at once.")


def check_period(first, last):
    """Raises BadRange unless the local dates are in order, within reach and at most a leap year."""
    if last < first or not (is_day_in_reach(first) and is_day_in_reach(last)) or (last - first).days > 366:
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


class PeriodIn(serializers.Serializer):
    """Local dates, both included; the last 30 days where none are given."""

    start_date = serializers.DateField(required=False)
    end_date = serializers.DateField(required=False)
