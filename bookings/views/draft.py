"""A visit in the making: what the address asks for, as far as it can be had."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from bookings import queries
from bookings.basket import MOST_SERVICES, Basket, Wanted
from bookings.views.asked import Asked

FULL = f"One visit takes at most {MOST_SERVICES} services."
GONE = "A service you had chosen can no longer be booked online, so it is left out."


@dataclass(frozen=True)
class Draft:
    """The services in order, for each who performs it, and who performs all of it.

    `asked` names only what can be had. `problem` is a sentence about what was left out, else empty. `path` is the
    page's own address where that is not the first service's times.
    """

    business: object
    now: datetime
    asked: Asked
    services: tuple
    teams: tuple
    everything: list
    party: int = 1
    together: bool = False
    problem: str = ""
    path: str | None = None

    @property
    def today(self):
        return self.now.astimezone(self.business.zone).date()

    @cached_property
    def last(self):
        """The furthest date on which all of it can be booked."""
        return queries.last_day(business=self.business, basket=self.basket, now=self.now)

    @cached_property
    def day(self):
        """The day that was asked for, where it is on offer."""
        return self.asked.day if self.asked.day and self.today <= self.asked.day <= self.last else None

    @cached_property
    def basket(self):
        # A visit that moves keeps its shape; a new one takes the shape its people can work in.
        together = self.together and (bool(self.path) or self.can_run_together)
        return Basket(self._wanted, party_size=self.party, together=together)

    @cached_property
    def _wanted(self):
        return tuple(Wanted(service, self.person(position)) for position, service in enumerate(self.services))

    def person(self, position):
        """Who was asked for, or the only one there is; None for anyone."""
        team = self.teams[position]
        if len(team) == 1:
            return team[0]
        people = self.asked.people
        wished = people[position] if people else self.asked.member
        return next((member for member in team if member.pk == wished), None)

    @property
    def named(self):
        """{position: person} of those who were asked for by name."""
        places = range(len(self.services))
        return {place: self.person(place) for place in places if len(self.teams[place]) > 1 and self.person(place)}

    @property
    def people_differ(self):
        """Whether there is anybody to choose from."""
        return any(len(team) > 1 for team in self.teams)

    @property
    def must_choose(self):
        """Whether a service is booked with somebody in particular who is not named yet."""
        return any(each.service.requires_team_member_selection and not each.team_member for each in self._wanted)

    @cached_property
    def can_run_together(self):
        """Whether neighbouring services may run at the same time: they allow it, and nobody is wanted twice for it."""
        stages = stages_of(Basket(self._wanted, together=True))
        return any(len(stage) > 1 for stage in stages) and all(self._different(stage) for stage in stages)

    def _different(self, stage):
        named = [self._wanted[position].team_member for position in stage if self._wanted[position].team_member]
        return len(set(named)) == len(named)

    def likely(self, position):
        """The people a service may end up with: the named one, else all."""
        person = self.person(position)
        return [person] if person else self.teams[position]

    @property
    def cents(self):
        """(least, most) for the whole visit and everybody who comes."""
        ranges = [_range(self.likely(position), "price_cents") for position in range(len(self.services))]
        return tuple(sum(ends) * self.party for ends in zip(*ranges, strict=True))

    @property
    def minutes(self):
        """(shortest, longest) from the first start to the last end, waits left out."""
        ranges = [_range(self.likely(position), "duration_min") for position in range(len(self.services))]
        stages = [[ranges[position] for position in stage] for stage in stages_of(self.basket)]
        return tuple(sum(max(ends[side] for ends in stage) for stage in stages) for side in (0, 1))

    @property
    def here(self):
        """What this page shows, as an address asks for it."""
        return replace(self.asked, day=self.day, month=None)

    @property
    def pairs_without_people(self):
        return replace(self.here, member=None, people=()).pairs

    @property
    def may_bring_others(self):
        """Whether somebody else's visit may be booked with it: a class is booked on its own."""
        return not (self.path or self.must_choose or self.services[0].shared_session)

    @property
    def asks_person_by_person(self):
        """Whether the choice of a person for each service is needed or already made."""
        return bool(self.asked.people) or self.must_choose

    def url(self, **changes):
        """The same page with something else asked for; no day unless one is given."""
        return replace(self.here, **({"day": None} | changes)).url(self.path)


def draft_for_new(*, business, now, asked, catalogue):
    """The draft of a visit that is not yet booked; None where its first service cannot be booked."""
    known = {service.pk: service for part in catalogue for service in part.services}
    services = [known.get(service) for service in asked.services]
    if services[0] is None:
        return None
    kept, problem = _that_go_together(services)
    asked = asked.picked(kept)
    services = tuple(services[position] for position in kept)
    party = min(asked.party, *(service.largest_party for service in services))
    teams, everything = _teams(services)
    asked = replace(asked, **_people(asked, services, teams), party=party)
    return Draft(business, now, asked, services, teams, everything, party, asked.together, problem)


def draft_for_move(*, business, now, asked, booked, present, path):
    """The draft of a visit that moves: the services and guests of its basket, `booked`.

    A service that is booked with somebody in particular stays with that person (`present`, ids in order) unless
    another one is asked for.
    """
    services = tuple(booked.services)
    teams, everything = _teams(services)
    asked = replace(asked, **_people(asked, services, teams, present), party=1, together=False)
    return Draft(business, now, asked, services, teams, everything, booked.party_size, booked.together, path=path)


def _teams(services):
    teams = tuple(queries.team_for(service) for service in services)
    if len(services) == 1:
        return teams, teams[0]
    return teams, queries.people_for(Basket(tuple(Wanted(service) for service in services)))


def _that_go_together(services):
    """The positions of what can be one visit, and a sentence where something was left out."""
    found = [position for position, service in enumerate(services) if service]
    classes = [services[position] for position in found if services[position].shared_session]
    if classes and len(services) > 1:
        kept = [p for p in found if not services[p].shared_session] if services[0] is not classes[0] else [0]
        return kept[:MOST_SERVICES], f"{classes[0].name} is a class and is booked on its own."
    if len(found) < len(services):
        return found[:MOST_SERVICES], GONE
    return found[:MOST_SERVICES], FULL if len(found) > MOST_SERVICES else ""


def _people(asked, services, teams, present=()):
    """Who was asked for, without those who cannot be had: `member` where it is one person for everything."""
    wished = asked.people or (asked.member,) * len(services)
    wished = (*wished, *[None] * len(services))[: len(services)]
    named = tuple(map(_had, wished, services, teams, present or [None] * len(services)))
    chosen = {person for person, team in zip(named, teams, strict=True) if len(team) > 1}
    if len(chosen) == 1 and all(_has(team, *chosen) for team in teams):
        return {"member": chosen.pop(), "people": ()}
    return {"member": None, "people": named if any(named) else ()}


def _had(wished, service, team, present):
    """Who of the team was asked for; nobody where there is no choice."""
    if len(team) < 2:
        return None
    if wished is None and service.requires_team_member_selection:
        wished = present
    return wished if _has(team, wished) else None


def _has(team, member_id):
    return any(member.pk == member_id for member in team)


def stages_of(basket):
    """The positions of a basket in groups that start together."""
    stages = []
    for position in range(len(basket.wanted)):
        if basket.runs_with_previous(position):
            stages[-1].append(position)
        else:
            stages.append([position])
    return stages


def _range(people, name):
    values = [getattr(member, name) for member in people]
    return min(values, default=0), max(values, default=0)
