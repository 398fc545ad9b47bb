"""What somebody wants to see: a period, perhaps one person, and how fine."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import Http404

from bookings.fields import DayField
from bookings.models import TeamMember
from dashboard.analytics import periods
from dashboard.analytics.periods import Kind, Period, Step

LABELS = {
    Kind.DAY: "Day",
    Kind.WEEK: "Week",
    Kind.MONTH: "Month",
    Kind.QUARTER: "Quarter",
    Kind.YEAR: "Year",
}
STEPS = (("", "As it fits"), (Step.DAY, "Day"), (Step.WEEK, "Week"), (Step.MONTH, "Month"))


class AskedForm(forms.Form):
    """Everything is optional: nothing asked is this month of everybody."""

    period = forms.ChoiceField(choices=[(kind, kind) for kind in Kind], required=False)
    on = DayField(required=False)
    start = DayField(label="From", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    end = DayField(label="To", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    person = forms.ChoiceField(required=False)
    by = forms.ChoiceField(label="One bar for each", choices=STEPS, required=False)

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", "Everybody"), *((str(member.pk), member.name) for member in team)]

    def clean(self):
        data = super().clean()
        if data.get("period") == Kind.CUSTOM and not self.errors:
            self._check_dates(data)
        return data

    def _check_dates(self, data):
        first, last = data["start"], data["end"]
        if not first or not last:
            self.add_error("end" if first else "start", "Choose the first and the last day.")
        elif last < first:
            self.add_error("end", "The last day cannot be before the first.")
        elif (last - first).days >= periods.MOST_DAYS:
            self.add_error("end", "Choose two years at most.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is shown: a Period, in steps, of one TeamMember or of everybody (None)."""

    period: Period
    step: Step
    member: TeamMember | None
    today: object

    @property
    def buckets(self):
        return periods.buckets(self.period.first, self.period.last, self.step)

    def query(self, **changed):
        """The query string that asks for this; with `changed` for something like it."""
        period = self.period
        own = {"period": period.kind}
        if period.kind == Kind.CUSTOM:
            own |= {"start": period.first, "end": period.last}
        else:
            own |= {"on": period.first}
        own |= {"person": self.member and self.member.pk, "by": self.step_asked}
        return urlencode({name: value for name, value in (own | changed).items() if value})

    @property
    def step_asked(self):
        """The step where it is not the one that fits anyway."""
        return "" if self.step == periods.fitting(self.period.days) else self.step


def read(data, *, team, today):
    """(AskedForm, Asked) of a query string; where that makes no sense, the form says so and this month is shown.

    Raises Http404 for a person who is not in the team.
    """
    form = AskedForm(data, team=team)
    valid = form.is_valid()
    person = data.get("person", "")
    members = {str(member.pk): member for member in team}
    if person and person not in members:
        raise Http404
    found = form.cleaned_data if valid else {}
    period = _period(found, today)
    if valid and period.kind != Kind.CUSTOM:
        form = AskedForm(data.dict() | {"start": period.first, "end": period.last}, team=team)
    step = Step(found.get("by") or periods.fitting(period.days))
    return form, Asked(period, step, members.get(person), today)


def _period(found, today):
    kind = Kind(found.get("period") or Kind.MONTH)
    if kind == Kind.CUSTOM:
        return periods.custom(found["start"], found["end"])
    return periods.of(kind, found.get("on") or today, today=today)
