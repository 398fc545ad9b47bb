"""Who performs a basket's services, and which rooms and chairs they need: what the diary is loaded for, and locked by."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from bookings import availability
from bookings.diary import sql
from bookings.models import Service, TeamMember


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person who performs a service; a price or duration of their own, or None for the service's."""

    team_member: TeamMember
    price_cents: int | None
    duration_min: int | None

    @property
    def team_member_id(self):
        return self.team_member.pk


@dataclass(frozen=True, slots=True)
class Need:
    """A resource a service needs one of."""

    id: UUID
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Staffing:
    """One service of a basket: who may do it, in display order, and what it needs."""

    service: Service
    assignments: list
    needs: list


@dataclass(frozen=True)
class Candidates:
    """Everybody and everything a basket may take, one `Staffing` per service in order."""

    staffing: tuple

    @cached_property
    def members(self):
        """{id: TeamMember} of everybody who may have a part in it."""
        return {each.team_member_id: each.team_member for one in self.staffing for each in one.assignments}

    @cached_property
    def needs(self):
        """{id: Need} of all resources."""
        return {need.id: need for one in self.staffing for need in one.needs}

    @property
    def complete(self):
        """Whether there is somebody for every service."""
        return all(one.assignments for one in self.staffing)


def candidates_for(basket):
    """The `Candidates` of a basket: active people only, the named one where one is named. One query."""
    performers, needs = _staff(basket.services)
    return Candidates(
        tuple(
            Staffing(
                wanted.service,
                [
                    assignment
                    for assignment in performers.get(wanted.service.pk, ())
                    if wanted.team_member is None or assignment.team_member_id == wanted.team_member.pk
                ],
                needs.get(wanted.service.pk, []),
            )
            for wanted in basket.wanted
        )
    )


def assignments_for(service):
    """Who performs the service, in display order: active team members only."""
    performers, _ = _staff([service])
    return performers.get(service.pk, [])


def _staff(services):
    """({service id: assignments}, {service id: needs})"""
    performers, needs, members = {}, {}, {}
    for row in TeamMember.objects.raw(sql.PERFORMERS, {"services": [service.pk for service in services]}):
        member = members.setdefault(row.pk, row)
        performers.setdefault(row.performs, []).append(Assignment(member, row.own_price_cents, row.own_duration_min))
        needs[row.performs] = [Need(UUID(pk), name, quantity) for pk, name, quantity in json.loads(row.needs or "[]")]
    return performers, needs


def able(assignment, service, **more):
    """How this person performs this service (D15); a person's own clean-up time counts where it is longer."""
    phases = service.phases or [
        {"kind": availability.ACTIVE, "minutes": assignment.duration_min or service.duration_min}
    ]
    return availability.Able(
        person_id=assignment.team_member_id,
        phases=tuple(availability.Phase(phase["kind"], phase["minutes"]) for phase in phases),
        price_cents=service.price_cents if assignment.price_cents is None else assignment.price_cents,
        buffer_before_min=service.buffer_before_min,
        buffer_after_min=max(service.buffer_after_min, assignment.team_member.buffer_time_minutes),
        **more,
    )


def as_agreed(able, snapshot):
    """The same person with the phases and buffers a visit was booked with: they are a promise, whatever the service says now."""
    return replace(
        able,
        phases=tuple(availability.Phase(phase["kind"], phase["minutes"]) for phase in snapshot["phases"]),
        buffer_before_min=snapshot["buffer_before_min"],
        buffer_after_min=snapshot["buffer_after_min"],
    )
