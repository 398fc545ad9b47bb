"""The hours of people in forms: a week for each, and one for each service they do at other hours."""

from django import forms

from bookings.models import Service, TeamMember
from onboarding.forms.hours import WeekForm
from onboarding.services import Plan

#: What a week starts from, kept in the form: what counts as unchanged depends on it.
PLAN, OPENING = "plan", "opening"


class ServiceForm(forms.Form):
    """Which service the week below it is for; none, and the week is not read."""

    service = forms.ChoiceField(label="Service", required=False)

    def __init__(self, data, *, services, prefix):
        super().__init__(data, prefix=prefix)
        self.by_id = {str(service.pk): service for service in services}
        choices = [(pk, service.name) for pk, service in self.by_id.items()]
        self.fields["service"].choices = [("", "None"), *choices]

    def chosen(self):
        return self.by_id.get(self.cleaned_data.get("service"))


class PersonWeeks:
    """Everything that is asked about one person's hours.

    `plans` are their shifts by service id, None for the general ones; `opening` what a week can be made like. `usual` are
    the hours of somebody without a plan: ticked where `offer` says so, only suggested otherwise.
    """

    def __init__(self, data, *, member, plans, services, opening, usual, offer, same=False):
        self.member, self.pk = member, str(member.pk)
        self.data, self.opening, self.usual = data, opening, usual
        plan = plans.get(None, [])
        self.has_plan = bool(plan)
        self.basis = OPENING if same or (data or {}).get(f"{self.pk}-basis") == OPENING else PLAN
        shifts = opening if self.basis == OPENING else plan or (usual if offer else [])
        self.week = self._week(None if same else data, self.pk, shifts, member.name)
        own = [service for service in services if service.pk in plans]
        self.own = [(each, self._own_week(each, plans[each.pk])) for each in own]
        others = [service for service in services if service.pk not in plans]
        self.service = ServiceForm(data, services=others, prefix=f"{self.pk}-other") if others else None
        self.other = others and self._week(data, f"{self.pk}-other", [], f"{member.name}, other hours", plan or usual)

    def _own_week(self, service, shifts):
        prefix = f"{self.pk}-{service.pk}"
        posted = self.data if self.data and f"{prefix}-here" in self.data else None  # else it was made meanwhile
        return self._week(posted, prefix, shifts, f"{self.member.name}, {service.name}")

    def _week(self, data, prefix, shifts, whose, like=()):
        return WeekForm(data, shifts=shifts, prefix=prefix, like=like or self.usual, whose=whose)

    def read(self):
        """The forms that are looked at: what belongs to no service is not."""
        forms = [self.week, *(week for _, week in self.own if week.is_bound)]
        if self.service:
            forms.append(self.service)
            if self.service.is_valid() and self.service.chosen():
                forms.append(self.other)
        return forms

    def wrong(self):
        return [form for form in self.read() if form.is_bound and form.errors]

    @property
    def other_open(self):
        """Whether the hours for one more service are shown at once."""
        return bool(self.data and self.service and (self.service.errors or self.service.chosen()))

    def plans(self):
        """[(Plan, its form)], once all forms are right."""
        found = [(Plan(self.member, self.week.shifts()), self.week)]
        found += [(Plan(self.member, week.shifts(), each), week) for each, week in self.own if week.is_bound]
        if self.service and (chosen := self.service.chosen()):
            found.append((Plan(self.member, self.other.shifts(), chosen), self.other))
        return found


def people():
    """Whose hours are asked for."""
    return list(TeamMember.objects.filter(is_active=True))


def performed_by(member):
    return list(Service.objects.filter(assignments__team_member=member, active=True, deleted_at=None))
