"""A week of hours in a form: a box for each day, and when it begins and ends."""

from collections import Counter

from django import forms

from bookings.admin.fields import WallTimeField
from bookings.models.hours import DAY, Weekday
from bookings.settings_rules import end_after

TIME = {"inputmode": "numeric", "autocomplete": "off", "size": 5, "placeholder": "09:00"}
USUAL = 9 * 60, 18 * 60


class WeekForm(forms.Form):
    """`shifts()` is what was answered: [(day_of_week, start_min, end_min)], one shift a day at most.

    A day that has several (a break at noon) is written like “09:00–13:00, 14:00–18:00” in the salon's admin; such a day
    is shown with its first beginning and last end, and stays as it is unless it is changed here. A day without hours is
    shown with those most days have, or most of `like`: ticking it is enough. `whose` is said with what is wrong.
    """

    def __init__(self, data=None, *, shifts=(), prefix="week", like=(), whose=""):
        super().__init__(data, prefix=prefix)
        self.whose = whose
        self.before = _by_day(shifts)
        spans = _spans(self.before)
        usual = _usual(spans) or _usual(_spans(_by_day(like))) or USUAL
        for day in Weekday:
            first, last = spans.get(day, usual)
            self.fields[f"open_{day}"] = forms.BooleanField(label=day.label, required=False, initial=day in spans)
            for end, value in (("from", first), ("to", last)):
                self.fields[f"{end}_{day}"] = WallTimeField(
                    label=f"{day.label} {end}", required=False, initial=value, widget=forms.TextInput(attrs=TIME)
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
            start_name, end_name = f"from_{day}", f"to_{day}"
            if not data.get(f"open_{day}"):  # its times are not read
                for name in (start_name, end_name):
                    self.errors.pop(name, None)
                continue
            if {start_name, end_name} & self.errors.keys():
                continue
            start, end = data[start_name], data[end_name]
            if start is None or end is None:
                self.add_error(start_name if start is None else end_name, f"Write when {day.label} begins and ends.")
            elif start >= DAY:
                self.add_error(start_name, "A day begins before midnight.")
            elif start == end:
                self.add_error(end_name, f"{day.label} must have a length.")
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
        return [(day, start, end_after(start, end))]


def _by_day(shifts):
    return {day: [row for row in shifts if row[0] == day] for day in Weekday.values}


def _spans(rows):
    """Day → (its first beginning, its last end), of the days that have hours."""
    return {day: (min(row[1] for row in own), max(row[2] for row in own)) for day, own in rows.items() if own}


def _usual(spans):
    """The span most days have; None without any."""
    most = Counter(spans.values()).most_common(1)
    return most[0][0] if most else None
