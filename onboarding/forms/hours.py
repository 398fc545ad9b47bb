"""A week of hours in a form: a box for each day, and when it begins and ends."""

from django import forms

from bookings.admin.fields import WallTimeField
from bookings.models.hours import DAY, Weekday

TIME = {"inputmode": "numeric", "autocomplete": "off", "size": 5, "placeholder": "09:00"}


class WeekForm(forms.Form):
    """`shifts()` is what was answered: [(day_of_week, start_min, end_min)], one shift a day at most.

    A day that has several (a break at noon) is written like “09:00–13:00, 14:00–18:00” in the salon's admin; such a day
    is shown with its first beginning and last end, and stays as it is unless it is changed here.
    """

    def __init__(self, data=None, *, shifts=(), prefix="week"):
        super().__init__(data, prefix=prefix)
        self.before = {day: [row for row in shifts if row[0] == day] for day in Weekday.values}
        for day in Weekday:
            rows = self.before[day]
            first, last = (min(row[1] for row in rows), max(row[2] for row in rows)) if rows else (None, None)
            self.fields[f"open_{day}"] = forms.BooleanField(label=day.label, required=False, initial=bool(rows))
            for end, label, value in (("from", "from", first), ("to", "to", last)):
                self.fields[f"{end}_{day}"] = WallTimeField(
                    label=f"{day.label} {label}", required=False, initial=value, widget=forms.TextInput(attrs=TIME)
                )

    def days(self):
        """The rows of the table: (day's box, from, to, how many shifts the day has)."""
        return [
            {
                "open": self[f"open_{day}"],
                "from": self[f"from_{day}"],
                "to": self[f"to_{day}"],
                "shifts": len(self.before[day]),
            }
            for day in Weekday
        ]

    def clean(self):
        data = self.cleaned_data
        for day in Weekday:
            if not data.get(f"open_{day}") or {f"from_{day}", f"to_{day}"} & self.errors.keys():
                continue
            start, end = data.get(f"from_{day}"), data.get(f"to_{day}")
            if start is None or end is None:
                self.add_error(
                    f"from_{day}" if start is None else f"to_{day}", f"Write when {day.label} begins and ends."
                )
            elif start >= DAY:
                self.add_error(f"from_{day}", "A day begins before midnight.")
            elif start == end:
                self.add_error(f"to_{day}", f"{day.label} must have a length.")
        return data

    def shifts(self):
        return [row for day in Weekday.values for row in self._of(day)]

    def _of(self, day):
        data = self.cleaned_data
        if not data.get(f"open_{day}"):
            return []
        if not {f"from_{day}", f"to_{day}"} & set(self.changed_data) and self.before[day]:
            return self.before[day]
        start, end = data[f"from_{day}"], data[f"to_{day}"]
        return [(day, start, end if end > start else end + DAY)]
