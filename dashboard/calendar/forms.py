"""What is typed where a mouse would have dragged: another time, another person, time that is blocked."""

from datetime import datetime, time, timedelta

from django import forms

from bookings import availability
from bookings.fields import DayField
from bookings.models import TeamMember
from bookings.services import lasting
from dashboard.calendar import axis
from tenants.clock import is_day_in_reach, is_in_reach

FIRST, SECOND = "first", "second"


def date_field(label):
    return DayField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))


def time_field(label):
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "step": "60"}),
        error_messages={"invalid": "Please write the time like 09:30."},
    )


class MoveForm(forms.Form):
    """Another time, another person, or both. `parts` are the visit's items, each with who performs its service.

    Where the wall shows the time twice, the form asks which of the two is meant.
    """

    date = date_field("Date")
    time = time_field("Time")
    which = forms.ChoiceField(
        label="The clocks go back then, and show this time twice",
        choices=[(FIRST, "The first time"), (SECOND, "An hour later, the second time")],
        widget=forms.RadioSelect,
    )
    override = forms.BooleanField(label="Even at short notice or far ahead", required=False)

    def __init__(self, data=None, *, business, booking, parts, **kwargs):
        self.business, self.booking, self.parts = business, booking, parts
        super().__init__(data, **kwargs)
        for item, people in parts:
            others = [(str(member.pk), member.name) for member in people if member.pk != item.team_member_id]
            self.fields[f"person_{item.position}"] = forms.ChoiceField(
                label=f"{item} with" if len(parts) > 1 else "With",
                choices=[("", f"{item.team_member.name} if possible"), *others],
                required=False,
            )
        if not self._is_twice():
            del self.fields["which"]
        self.order_fields(["date", "time", "which", *(f"person_{item.position}" for item, _ in parts), "override"])

    def _is_twice(self):
        """Whether the wall shows the time twice; False as long as there is no time."""
        try:
            values = [self.fields[name].clean(self[name].value()) for name in ("date", "time")]
        except forms.ValidationError:
            return False
        return is_twice(datetime.combine(*values), self.business.zone)

    def clean(self):
        data = super().clean()
        if "date" not in data or "time" not in data or self.errors:
            return data
        place, zone = datetime.combine(data["date"], data["time"]), self.business.zone
        try:
            data["start"] = axis.Wall(zone).instant(place)
        except axis.NoSuchTime as exc:
            self.add_error("time", str(exc))
            return data
        if data.get("which") == SECOND:
            data["start"] = place.replace(tzinfo=zone, fold=1).astimezone(data["start"].tzinfo)
        if data["start"] == self.booking.start_at and not self.people():
            raise forms.ValidationError("This is where the visit is now. Choose another time or another person.")
        return data

    def people(self):
        """{position: team member} for the parts somebody else is to do."""
        found = {}
        for item, people in self.parts:
            named = self.cleaned_data.get(f"person_{item.position}")
            if named:
                found[item.position] = next(member for member in people if str(member.pk) == named)
        return found

    def overridden(self):
        return availability.OVERRIDABLE if self.cleaned_data["override"] else frozenset()


class LengthForm(forms.Form):
    """How long each part of a visit takes, in minutes."""

    def __init__(self, data=None, *, parts, **kwargs):
        super().__init__(data, **kwargs)
        self.parts = parts
        for item in parts:
            self.fields[f"minutes_{item.position}"] = forms.IntegerField(
                label=f"{item} with {item.team_member.name}, minutes",
                min_value=lasting.SHORTEST,
                max_value=lasting.LONGEST,
                initial=minutes_of(item),
            )

    def clean(self):
        data = super().clean()
        if not self.errors and len(self.changed()) != 1:
            raise forms.ValidationError("Change the minutes of one service at a time.")
        return data

    def changed(self):
        """(part, minutes) of what is to take another time."""
        asked = [(item, self.cleaned_data[f"minutes_{item.position}"]) for item in self.parts]
        return [(item, minutes) for item, minutes in asked if minutes != minutes_of(item)]


def minutes_of(item):
    return int((item.end_at - item.start_at) / timedelta(minutes=1))


class BlockForm(forms.Form):
    """Time in which a person cannot be booked. In an hour that comes twice, both are meant."""

    person = forms.ModelChoiceField(label="Who", queryset=TeamMember.objects.none(), empty_label=None)
    date = date_field("From")
    time = time_field("Time")
    until_date = date_field("Until")
    until_time = time_field("Time")
    reason = forms.CharField(
        label="Reason", max_length=120, required=False, help_text="For the team. Customers never see it."
    )

    def __init__(self, data=None, *, business, member=None, **kwargs):
        self.business = business
        super().__init__(data, **kwargs)
        people = TeamMember.objects.filter(is_active=True)
        self.fields["person"].queryset = people | TeamMember.objects.filter(pk=member.pk) if member else people

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        for name, (day, at), end in (
            ("starts_at", ("date", "time"), False),
            ("ends_at", ("until_date", "until_time"), True),
        ):
            data[name] = wall_instant(data[day], data[at], self.business.zone, end=end)
        if data["ends_at"] <= data["starts_at"]:
            self.add_error("until_time", "The end must be after the start.")
        return data

    def values(self):
        """As `bookings.services.team.change_time_block` takes them."""
        data = self.cleaned_data
        fields = {name: data[name] for name in ("starts_at", "ends_at", "reason")}
        return fields | {"team_member": data["person"]}


class PlaceField(forms.Field):
    """A place on an axis: a time without a zone. Django's own field would read it on the salon's wall."""

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            place = datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError as exc:
            raise forms.ValidationError("Not a place.") from exc
        if not is_day_in_reach(place.date()):
            raise forms.ValidationError("Not a place.")
        return place


class DropForm(forms.Form):
    """Where a box was let go: its place on the axis of the view it was dragged in."""

    kind = forms.ChoiceField(choices=[("visit", "visit"), ("block", "block")])
    pk = forms.UUIDField()
    position = forms.IntegerField(min_value=0, max_value=100, required=False)
    view = forms.ChoiceField(choices=[("day", "day"), ("week", "week")])
    date = DayField()
    start = PlaceField(required=False)
    end = PlaceField(required=False)
    person = forms.UUIDField(required=False)
    override = forms.BooleanField(required=False)

    def clean(self):
        data = super().clean()
        if not self.errors and not (data.get("start") or data.get("end") or data.get("person")):
            raise forms.ValidationError("Nothing was moved.")
        return data


class PutBackForm(forms.Form):
    """A block as it was: `block` is its id where it still stands (`seen` is its mark), nothing where it was removed."""

    block = forms.UUIDField(required=False)
    person = forms.UUIDField()
    starts_at = forms.CharField(max_length=40)
    ends_at = forms.CharField(max_length=40)
    reason = forms.CharField(max_length=120, required=False)
    seen = forms.CharField(max_length=80, required=False)

    def clean_starts_at(self):
        return _instant(self.cleaned_data["starts_at"])

    def clean_ends_at(self):
        return _instant(self.cleaned_data["ends_at"])


def _instant(text):
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not is_in_reach(found):
        raise forms.ValidationError("Not an instant.")
    return found


def is_twice(place, zone):
    """Whether the wall of the zone shows the naive datetime `place` twice."""
    first, second = (place.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() > second.utcoffset()


def wall_instant(day, at, zone, *, end):
    """The instant of a wall time; in an hour that comes twice a start is the first pass, an end the second."""
    minutes = int((datetime.combine(day, at) - datetime.combine(day, time())) / timedelta(minutes=1))
    return availability.instant(availability.wall_to_utc(day, minutes, zone, end=end))
