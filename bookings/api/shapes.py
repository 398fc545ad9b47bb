"""How the diary is written in JSON. Instants are UTC, money is integer minor units with its currency."""

from datetime import datetime

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bookings.families import Order
from bookings.models import (
    Booking,
    BookingItem,
    Closure,
    Customer,
    CustomerNote,
    Service,
    ServiceCategory,
    SpecialDay,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.models.hours import clock
from tenants.api.permissions import sees
from tenants.api.serializers import Phone
from tenants.permissions import Permission

#: In place of how a visit's customer is reached, for whose role does not see customers.
WITHOUT_CONTACT = {"customer": None, "contact_email": "", "contact_phone": ""}


def iso(instant):
    """`2027-01-15T10:00:00Z`"""
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def envelope(data):
    """The booking flow's answers."""
    return {"success": True, "data": data}


@extend_schema_field(OpenApiTypes.URI)
class Picture(serializers.Field):
    """An image's absolute address on the salon's host, or null."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value):
        return self.context["request"].tenant.url + value.url

    def get_attribute(self, instance):
        return super().get_attribute(instance) or None


@extend_schema_field({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"})
class WallTime(serializers.TimeField):
    """A time on the salon's wall: `10:30`."""

    def __init__(self, **kwargs):
        super().__init__(format="%H:%M", **kwargs)


class AssignmentOut(serializers.Serializer):
    """Who performs a service; price and length where they differ from the service's own."""

    team_member_id = serializers.UUIDField()
    price_cents = serializers.IntegerField(allow_null=True)
    duration_min = serializers.IntegerField(allow_null=True)


class ServiceOut(serializers.ModelSerializer):
    category_id = serializers.UUIDField(allow_null=True)
    currency_code = serializers.SerializerMethodField()
    image_url = Picture(source="image")
    team_members = AssignmentOut(source="assignments", many=True)

    class Meta:
        model = Service
        fields = (
            "id",
            "name",
            "description",
            "short_description",
            "category_id",
            "duration_min",
            "price_cents",
            "currency_code",
            "deposit_type",
            "deposit_cents",
            "deposit_percent",
            "buffer_before_min",
            "buffer_after_min",
            "phases",
            "min_notice_min",
            "horizon_days",
            "slot_step_min",
            "image_url",
            "instructions",
            "is_featured",
            "sort_order",
            "requires_team_member_selection",
            "allow_group_booking",
            "max_group_size",
            "shared_session",
            "scheduled_only",
            "parallel_ok",
            "active",
            "team_members",
        )

    def get_currency_code(self, service) -> str:
        return self.context["request"].tenant.currency_code


class Stranding(serializers.Serializer):
    """An answer to a change that also says how many coming visits it leaves to be moved; they stay as booked."""

    stranded = serializers.SerializerMethodField(help_text="Coming visits to be moved, or agreed on with the guest.")

    def get_stranded(self, row) -> int:
        return self.context["stranded"]


class ServiceChangedOut(Stranding, ServiceOut):
    class Meta(ServiceOut.Meta):
        fields = (*ServiceOut.Meta.fields, "stranded")


class CategoryOut(serializers.ModelSerializer):
    class Meta:
        model = ServiceCategory
        fields = ("id", "name", "description", "color", "sort_order")


class PersonOut(serializers.ModelSerializer):
    """What everybody may know about a team member."""

    name = serializers.CharField()
    profile_image_url = Picture(source="profile_image")

    class Meta:
        model = TeamMember
        fields = ("id", "name", "title", "bio", "specialties", "profile_image_url", "color")


class TeamMemberOut(serializers.ModelSerializer):
    name = serializers.CharField()
    phone = Phone()
    profile_image_url = Picture(source="profile_image")

    class Meta:
        model = TeamMember
        fields = (
            "id",
            "user_id",
            "name",
            "first_name",
            "last_name",
            "display_name",
            "email",
            "phone",
            "role",
            "title",
            "bio",
            "specialties",
            "profile_image_url",
            "color",
            "is_active",
            "max_concurrent_bookings",
            "buffer_time_minutes",
            "sort_order",
        )


class TeamMemberChangedOut(Stranding, TeamMemberOut):
    class Meta(TeamMemberOut.Meta):
        fields = (*TeamMemberOut.Meta.fields, "stranded")


class TeamMemberRemovedOut(Stranding):
    """Whoever has visits, past ones too, is kept and switched off: then `deleted` is false."""

    deleted = serializers.BooleanField()


class ShiftOut(serializers.ModelSerializer):
    """`end_time` past 24:00 is the next day."""

    service_id = serializers.UUIDField(allow_null=True)
    start_time = serializers.SerializerMethodField()
    end_time = serializers.SerializerMethodField()

    class Meta:
        model = TeamMemberAvailability
        fields = ("service_id", "day_of_week", "start_time", "end_time")

    def get_start_time(self, shift) -> str:
        return clock(shift.start_min)

    def get_end_time(self, shift) -> str:
        return clock(shift.end_min)


class WeekOut(serializers.Serializer):
    team_member_id = serializers.UUIDField(source="pk")
    availabilities = serializers.SerializerMethodField()

    @extend_schema_field(ShiftOut(many=True))
    def get_availabilities(self, member):
        shifts = member.availability.order_by("service_id", "day_of_week", "start_min")
        return ShiftOut(shifts, many=True).data


class WeekChangedOut(Stranding, WeekOut):
    pass


class SpanOut(serializers.Serializer):
    """`end_time` past 24:00 is the next day."""

    start_time = serializers.CharField()
    end_time = serializers.CharField()


class SpecialDayOut(serializers.ModelSerializer):
    team_member_id = serializers.UUIDField()
    shifts = serializers.SerializerMethodField()

    class Meta:
        model = SpecialDay
        fields = ("id", "team_member_id", "date", "shifts", "open_anyway", "reason")

    @extend_schema_field(SpanOut(many=True))
    def get_shifts(self, day):
        return [{"start_time": clock(start), "end_time": clock(end)} for start, end in day.shifts]


class SpecialDaySetOut(Stranding, SpecialDayOut):
    class Meta(SpecialDayOut.Meta):
        fields = (*SpecialDayOut.Meta.fields, "stranded")


class ClosureOut(serializers.ModelSerializer):
    class Meta:
        model = Closure
        fields = ("id", "start_date", "end_date", "reason")


class ClosureAddedOut(Stranding, ClosureOut):
    class Meta(ClosureOut.Meta):
        fields = (*ClosureOut.Meta.fields, "stranded")


class TimeBlockOut(serializers.ModelSerializer):
    team_member_id = serializers.UUIDField()

    class Meta:
        model = TimeBlock
        fields = ("id", "team_member_id", "starts_at", "ends_at", "reason")


class TimeBlockAddedOut(Stranding, TimeBlockOut):
    class Meta(TimeBlockOut.Meta):
        fields = (*TimeBlockOut.Meta.fields, "stranded")


class NamedOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ContactOut(serializers.Serializer):
    """The customer as the salon knows them; what was typed for this visit is in `contact_…`."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="display_name")
    email = serializers.EmailField(allow_blank=True)
    phone = Phone()


class ItemOut(serializers.ModelSerializer):
    """One service of a visit as agreed; `price_cents` is one guest's."""

    service_id = serializers.UUIDField()
    team_member_id = serializers.UUIDField()
    team_member = NamedOut()
    name = serializers.CharField(source="snapshot.name")
    duration_min = serializers.IntegerField(source="snapshot.duration_min")

    class Meta:
        model = BookingItem
        fields = (
            "position",
            "service_id",
            "name",
            "team_member_id",
            "team_member",
            "start_at",
            "end_at",
            "duration_min",
            "price_cents",
        )


class BookingOut(serializers.ModelSerializer):
    """Who comes is said to everybody of the team; how they are reached, to whose role sees customers, and to API tokens
    with `customers:read`: else `customer` is null and the contact empty. What was booked together has one `group_id`.
    """

    confirmation_number = serializers.CharField(source="ref")
    service_name = serializers.CharField()
    team_member = NamedOut()
    customer = ContactOut(allow_null=True)
    contact_phone = Phone()
    duration_min = serializers.IntegerField()
    local_time = WallTime()
    services = ItemOut(source="items", many=True)
    group_id = serializers.UUIDField(source="family_id", allow_null=True)
    group_number = serializers.IntegerField(source="family_number", allow_null=True, help_text="From 1.")

    class Meta:
        model = Booking
        fields = (
            "id",
            "confirmation_number",
            "status",
            "service_name",
            "services",
            "team_member",
            "customer",
            "contact_name",
            "contact_email",
            "contact_phone",
            "for_name",
            "special_requests",
            "start_at",
            "end_at",
            "booking_tz",
            "local_date",
            "local_time",
            "duration_min",
            "attendee_count",
            "price_cents",
            "currency_code",
            "source",
            "group_id",
            "group_number",
            "no_show_flag",
            "cancellation_fee_cents",
            "cancellation_reason",
            "created_at",
            "confirmed_at",
            "checked_in_at",
            "completed_at",
            "canceled_at",
        )

    def to_representation(self, booking):
        shown = super().to_representation(booking)
        return shown if sees(self.context["request"], Permission.VIEW_CUSTOMERS) else shown | WITHOUT_CONTACT


class GroupOut(serializers.Serializer):
    """Visits that were booked together. Each is moved, cancelled and paid by itself, at its own address."""

    id = serializers.UUIDField()
    order = serializers.ChoiceField(choices=Order.choices)
    bookings = BookingOut(many=True)


class PartMovedOut(serializers.Serializer):
    position = serializers.IntegerField()
    team_member_id = serializers.UUIDField(source="team_member")
    name = serializers.CharField(help_text="The person's, as it was then.")


class PlaceOut(serializers.Serializer):
    """Where a visit was before its last move, and who did what; it can be taken back there."""

    start_at = serializers.SerializerMethodField()
    people = PartMovedOut(many=True)

    def get_start_at(self, place) -> datetime:
        return iso(datetime.fromisoformat(place["start_at"]))


class MovedOut(BookingOut):
    """The answer to a move: the booking as it is now, and whether somebody else does part of it."""

    moved_from = PlaceOut(allow_null=True)
    person_changed = serializers.SerializerMethodField()

    class Meta(BookingOut.Meta):
        fields = (*BookingOut.Meta.fields, "moved_from", "person_changed")

    def get_person_changed(self, booking) -> bool:
        return people_in(booking) != self.context["people_before"]


def people_in(booking):
    """The ids of those who do its services, in order."""
    return [item.team_member_id for item in booking.items.all()]


def part(item, party_size):
    """A service of a visit as agreed, as the booking flow writes it; the price is the whole party's."""
    return {
        "service_id": str(item.service_id),
        "team_member_id": str(item.team_member_id),
        "name": item.snapshot["name"],
        "start": iso(item.start_at),
        "end": iso(item.end_at),
        "price_cents": item.price_cents * party_size,
        "duration_min": int((item.end_at - item.start_at).total_seconds()) // 60,
    }


class CustomerOut(serializers.ModelSerializer):
    """`notes` are what lasts: preferences, allergies, formulas. Dated notes have an address of their own."""

    name = serializers.CharField(source="display_name")
    phone = Phone()
    preferred_team_member_id = serializers.UUIDField(source="preferred_member_id", allow_null=True)

    class Meta:
        model = Customer
        fields = (
            "id",
            "name",
            "email",
            "phone",
            "preferred_team_member_id",
            "marketing_opt_in",
            "marketing_opt_in_at",
            "notes",
            "created_at",
            "erased_at",
        )


class CustomerNoteOut(serializers.ModelSerializer):
    """What somebody of the team wrote down, on a day."""

    author = serializers.CharField(source="author_label")

    class Meta:
        model = CustomerNote
        fields = ("id", "text", "author", "at")


class CustomerDetailOut(CustomerOut):
    visits = serializers.IntegerField()
    upcoming = serializers.IntegerField()
    no_shows = serializers.IntegerField()
    last_visit_at = serializers.DateTimeField(allow_null=True)

    class Meta(CustomerOut.Meta):
        fields = (*CustomerOut.Meta.fields, "visits", "upcoming", "no_shows", "last_visit_at")
