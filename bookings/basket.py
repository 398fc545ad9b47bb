"""What a customer asks for: services in order, with whom, for how many."""

from dataclasses import dataclass, replace

from bookings.models import Service, TeamMember

MOST_SERVICES = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """One service of a visit and with whom; None is anyone."""

    service: Service
    team_member: TeamMember | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """The services of one visit, in order. `together`: those that allow it run at the same time (`parallel_ok`)."""

    wanted: tuple[Wanted, ...]
    party_size: int = 1
    together: bool = False

    @classmethod
    def of(cls, service, team_member=None, *, party_size=1):
        """A visit of one service."""
        return cls((Wanted(service, team_member),), party_size)

    @property
    def services(self):
        return [each.service for each in self.wanted]

    @property
    def first(self):
        return self.wanted[0].service

    @property
    def narrowest(self):
        """The service that is booked for the fewest at once."""
        return min(self.services, key=lambda service: service.largest_party)

    def runs_with_previous(self, position):
        """Whether the service at `position` starts together with the one before it."""
        return (
            self.together
            and position > 0
            and self.wanted[position].service.parallel_ok
            and self.wanted[position - 1].service.parallel_ok
        )

    def with_person(self, team_member):
        """The same visit with one person for everything."""
        return replace(self, wanted=tuple(Wanted(each.service, team_member) for each in self.wanted))
