"""What may be written about people, their hours and the salon's days off."""

import re

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from bookings.api.asked import NO_SERVICE, found
from bookings.api.catalogue_asked import OwnTerms, with_rows
from bookings.models import Closure, Service, TeamMember
from bookings.models.hours import DAY
from bookings.services.team import MEMBER
from bookings.settings_rules import end_after
from tenants.api.serializers import Instant, Phone, SomeOf, StrictSerializer
from tenants.clock import is_day_in_reach

WALL_TIME = re.compile(r"\A(\d{2}):([0-5]\d)\Z", re.ASCII)
SUNDAY = 7
MOST_SHIFTS, MOST_SERVICES = 200, 500


@extend_schema_field(OpenApiTypes.STR)
class WallTime(serializers.Field):
    """`"09:00"` as minutes of a local date; up to `"48:00"`, so that `"26:00"` is two in the morning of the next day."""

    default_error_messages = {"wall": "Write a time like 09:00; 26:00 is two in the morning of the next day."}

    def to_internal_value(self, data):
        parts = WALL_TIME.match(data) if isinstance(data, str) else None
        minutes = int(parts[1]) * 60 + int(parts[2]) if parts else None
        if minutes is None or minutes > 2 * DAY:
            self.fail("wall")
        return minutes


@extend_schema_field(OpenApiTypes.DATE)
class LocalDate(serializers.DateField):
    default_error_messages = {"range": "This date is out of reach."}

    def to_internal_value(self, value):
        day = super().to_internal_value(value)
        if not is_day_in_reach(day):
            self.fail("range")
        return day


class ShiftIn(StrictSerializer):
    """An end at or before its start is the next day's."""

    start_time = WallTime()
    end_time = WallTime()

    def validate(self, data):
        return data | {"end_time": end_after(data["start_time"], data["end_time"])}


class WeeklyShiftIn(ShiftIn):
    day_of_week = serializers.IntegerField(min_value=0, max_value=SUNDAY, help_text="1 is Monday, 7 or 0 Sunday.")


class WeekIn(StrictSerializer):
    """The whole weekly plan; with `service_id`, the one that counts for this service instead."""

    service_id = serializers.UUIDField(required=False, allow_null=True)
    availabilities = WeeklyShiftIn(many=True, max_length=MOST_SHIFTS)


class PerformedIn(OwnTerms):
    service_id = serializers.UUIDField()


class TeamMemberIn(SomeOf, serializers.ModelSerializer):
    """`services` are all this person performs."""

    phone = Phone(required=False, allow_blank=True)
    user_id = serializers.UUIDField(required=False, allow_null=True, help_text="A login of the salon.")
    specialties = serializers.ListField(child=serializers.CharField(), required=False)
    services = PerformedIn(many=True, required=False, max_length=MOST_SERVICES)

    class Meta:
        model = TeamMember
        fields = (*MEMBER, "services")


class SpecialDayIn(StrictSerializer):
    """No shifts: a day off. With `open_anyway` the person works even where the salon is closed."""

    date = LocalDate()
    shifts = ShiftIn(many=True, max_length=MOST_SHIFTS)
    open_anyway = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=120, allow_blank=True, default="")


class ClosureIn(StrictSerializer, serializers.ModelSerializer):
    """Both days included; without `end_date` it is one day."""

    start_date = LocalDate()
    end_date = LocalDate(required=False)

    class Meta:
        model = Closure
        fields = ("start_date", "end_date", "reason")


class TimeBlockIn(StrictSerializer):
    starts_at = Instant()
    ends_at = Instant()
    reason = serializers.CharField(max_length=120, allow_blank=True, default="")


def week_of(data):
    """(the service or None, its shifts) of a `WeekIn`, as `services.team` takes them. Raises NotFound."""
    [service] = found(_services(), [data.get("service_id")], NO_SERVICE)
    return service, shifts_of(data["availabilities"])


def shifts_of(rows):
    return [(each["day_of_week"] or SUNDAY, *shift_of(each)) for each in rows]


def shift_of(data):
    return data["start_time"], data["end_time"]


def member_of(data):
    """(columns, services or None) of a `TeamMemberIn`, as `services.team` takes them. Raises NotFound."""
    columns = {name: value for name, value in data.items() if name in MEMBER}
    if "services" not in data:
        return columns, None
    return columns, with_rows(data["services"], "service", _services(), NO_SERVICE)


def _services():
    return Service.objects.filter(deleted_at=None)
