"""The changes that can be looked at before they are saved. Each is made by the verb that always makes it.

`apply` makes it, `services` are those whose starts it can move, `dates` the local dates beyond which it moves none (None: no
such dates), `outside` {visit: its start} of those that are without their time as things stand. `coming` is what it judges
and no change of settings moves: read once.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from bookings import stranded
from bookings.models import Service, TeamMember
from bookings.services import catalogue, closures, records, team

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """The salon is open at other times every week: (day_of_week, start_min, end_min)."""

    shifts: tuple
    dates = None

    def apply(self, *, business, by, now):
        return team.set_opening_hours(shifts=self.shifts, by=by, now=now)

    def services(self):
        return _on_offer()

    def coming(self, *, now):
        return stranded.parts_to_come(now=now)

    def outside(self, *, business, now, coming):
        return stranded.beyond_hours(business=business, parts=coming)


@dataclass(frozen=True, slots=True)
class Working:
    """A person works at other times every week."""

    member_id: UUID
    shifts: tuple
    dates = None

    def apply(self, *, business, by, now):
        return team.set_weekly_plan(member=_person(self.member_id), shifts=self.shifts, by=by, now=now)

    def services(self):
        return _on_offer(assignments__team_member=self.member_id)

    def coming(self, *, now):
        return stranded.parts_to_come(now=now, members=[self.member_id])

    def outside(self, *, business, now, coming):
        return stranded.beyond_hours(business=business, parts=coming)


@dataclass(frozen=True, slots=True)
class Closing:
    """The salon is shut on the local dates `first` to `last`."""

    first: date
    last: date
    reason: str = ""

    @property
    def dates(self):
        """With the day before: its visits may run into the first."""
        return self.first - ONE_DAY, self.last

    def apply(self, *, business, by, now):
        return closures.add_closure(first=self.first, last=self.last, reason=self.reason, by=by, now=now)

    def services(self):
        return _on_offer()

    def coming(self, *, now):
        return None

    def outside(self, *, business, now, coming):
        return _starts(stranded.on_closed_days(first=self.first, last=self.last, zone=business.zone, now=now))


@dataclass(frozen=True, slots=True)
class Lasting:
    """A service takes another time. Visits already booked keep what was agreed: none of them falls outside."""

    service_id: UUID
    minutes: int
    dates = None

    def apply(self, *, business, by, now):
        service = _found(Service, self.service_id)
        return catalogue.change_service(
            business=business, service=service, fields={"duration_min": self.minutes}, by=by, now=now
        )

    def services(self):
        return _on_offer(pk=self.service_id)

    def coming(self, *, now):
        return None

    def outside(self, *, business, now, coming):
        return {}


@dataclass(frozen=True, slots=True)
class Leaving:
    """A person takes no more visits. The entry stays, for the visits they have done."""

    member_id: UUID
    dates = None

    def apply(self, *, business, by, now):
        return team.change_member(member=_person(self.member_id), fields={"is_active": False}, by=by, now=now)

    def services(self):
        return _on_offer(assignments__team_member=self.member_id)

    def coming(self, *, now):
        return None

    def outside(self, *, business, now, coming):
        member = _person(self.member_id)
        return {} if member.is_active else _starts(stranded.with_person(member=member, now=now))


def _on_offer(**which):
    return list(Service.objects.filter(active=True, deleted_at=None, **which).order_by("pk"))


def _starts(visits):
    return dict(visits.values_list("pk", stranded.Epoch("start_at")))


def _person(pk):
    return _found(TeamMember, pk)


def _found(model, pk):
    found = model.objects.filter(pk=pk).first()
    if found is None:
        raise records.Gone
    return found
