"""Changes of settings that are looked at before they are saved: what is asked, and the change it means."""

from rest_framework import serializers

from bookings.api.team_asked import MOST_SHIFTS, ClosureIn, LocalDate, WeeklyShiftIn, shifts_of
from bookings.models import Closure
from bookings.services import previews
from tenants.api.serializers import StrictSerializer


class ChangeIn(StrictSerializer):
    """Without a `token` nothing is saved. With the token of an answer, exactly what that answer showed is, or nothing."""

    #: What the shifts of the change are called here.
    shifts = "shifts"
    token = serializers.CharField(max_length=500, required=False)


class HoursChangeIn(ChangeIn):
    """All of the salon's weekly hours, in place of those there are; none: the hours of the people alone count."""

    shifts = "opening_hours"
    opening_hours = WeeklyShiftIn(many=True, max_length=MOST_SHIFTS)

    def change(self):
        return previews.Opening(tuple(shifts_of(self.validated_data["opening_hours"])))


class WeekChangeIn(ChangeIn):
    """A person's general weekly plan as a whole; plans of their own for single services stay."""

    shifts = "availabilities"
    team_member_id = serializers.UUIDField()
    availabilities = WeeklyShiftIn(many=True, max_length=MOST_SHIFTS)

    def change(self):
        data = self.validated_data
        return previews.Working(data["team_member_id"], tuple(shifts_of(data["availabilities"])))


class ClosureChangeIn(ChangeIn, ClosureIn):
    """Both days included; without `end_date` it is one day."""

    start_date = LocalDate()
    end_date = LocalDate(required=False)

    class Meta:
        model = Closure
        fields = ("token", "start_date", "end_date", "reason")

    def change(self):
        data = self.validated_data
        first = data["start_date"]
        return previews.Closing(first, data.get("end_date", first), data.get("reason", ""))


class LengthChangeIn(ChangeIn):
    service_id = serializers.UUIDField()
    duration_min = serializers.IntegerField(min_value=1, max_value=24 * 60)

    def change(self):
        return previews.Lasting(self.validated_data["service_id"], self.validated_data["duration_min"])


class LeavingChangeIn(ChangeIn):
    """The person takes no more visits. The entry stays, for the visits they have done."""

    team_member_id = serializers.UUIDField()

    def change(self):
        return previews.Leaving(self.validated_data["team_member_id"])
