"""How often and how long; and where visits of a series go."""

import uuid
from datetime import timedelta

from django import forms

from bookings import queries, recurring
from bookings.desk.shown import people_of
from bookings.fields import DayField
from dashboard.calendar.forms import date_field, time_field

SAME, ANYONE = "same", "anyone"


class RepeatForm(forms.Form):
    """Every so many weeks, as many times or until a date. `base` is the visit it goes on from."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    every_weeks = forms.IntegerField(
        label="Every how many weeks", min_value=1, max_value=recurring.MOST_WEEKS, initial=4
    )
    count = forms.IntegerField(label="How many more visits", min_value=1, required=False)
    until = DayField(
        label="Or until", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    who = forms.ChoiceField(label="With", widget=forms.RadioSelect, initial=SAME)

    def __init__(self, data=None, *, base, **kwargs):
        self.base, self.series = base, base.series
        initial = {"key": base.series_id or uuid.uuid4()}
        if self.series:
            initial["every_weeks"] = self.series.every_weeks
        super().__init__(data, initial=initial, **kwargs)
        self.room = recurring.MOST_VISITS - (queries.visits_in(self.series).last().series_number if self.series else 1)
        count = self.fields["count"]
        count.widget.attrs["max"] = self.room
        self.fields["who"].choices = [(SAME, f"{people_of(base)}, as now"), (ANYONE, "Whoever is free")]

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        if not data.get("count") and not data.get("until"):
            self.add_error("count", "Say how many more visits, or until when.")
        elif data.get("count") and data.get("until"):
            self.add_error("until", "Say either how many or until when, not both.")
        elif (data.get("count") or 0) > self.room:
            self.add_error("count", f"A series holds {recurring.MOST_VISITS} visits: {self.room} more at most.")
        return data

    def starts(self, now):
        """The instants that are wished for, all ahead of `now`. Sets an error where there are none, or too many."""
        data, zone = self.cleaned_data, self.base.zone
        every, today = data["every_weeks"], now.astimezone(zone).date()
        first = self.base.local_date
        while first + timedelta(weeks=every) <= today:  # repeated long after
            first += timedelta(weeks=every)
        days = recurring.days(first, every_weeks=every, count=data["count"], until=data["until"])
        if not days:
            self.add_error("until", "No visit would fall before that date.")
        if len(days) > self.room:
            self.add_error("until", f"A series holds {recurring.MOST_VISITS} visits: {self.room} more at most.")
            return []
        return [recurring.start_on(day, self.base.local_time, zone) for day in days]

    def basket(self):
        same = self.cleaned_data["who"] == SAME
        return queries.same_again(self.base) if same else queries.basket_of(self.base)


class FollowingForm(forms.Form):
    """Where the first of them goes; the others go as many days on, to the same time."""

    date = date_field("Date of this visit")
    time = time_field("Time")

    def __init__(self, data=None, *, booking, **kwargs):
        self.booking = booking
        super().__init__(data, initial={"date": booking.local_date, "time": booking.local_time}, **kwargs)

    def clean(self):
        data = super().clean()
        if (data.get("date"), data.get("time")) == (self.booking.local_date, self.booking.local_time):
            raise forms.ValidationError("This is where the visit is now. Choose another day or another time.")
        return data

    def starts(self, bookings):
        """{id: instant}"""
        data = self.cleaned_data
        by = data["date"] - self.booking.local_date
        return {each.pk: recurring.start_on(each.local_date + by, data["time"], each.zone) for each in bookings}
