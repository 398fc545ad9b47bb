"""What an address asks for. It holds the whole choice: nothing is kept on the server until a time is pressed."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from tenants.clock import is_in_reach

ANYONE = "any"


@dataclass(frozen=True, slots=True)
class Asked:
    """The services in order and what goes with them; anything unreadable counts as not asked.

    `member` is one person for everything; `people` are one for each service, None for anyone, and win over `member`.
    Where a visit is moved there are no `services`, and as many `people` as the address names.
    """

    services: tuple[UUID, ...] = ()
    member: UUID | None = None
    people: tuple[UUID | None, ...] = ()
    together: bool = False
    party: int = 1
    day: date | None = None
    month: date | None = None

    @classmethod
    def read(cls, data, *, first=None):
        """From a query or a form; `first` is the service the path names, none where a visit is moved."""
        party = data.get("party", "")
        also = (_parsed(UUID, value) for value in data.getlist("also"))
        services = (first, *filter(None, also)) if first else ()
        people = tuple(_parsed(UUID, value) for value in data.getlist("with"))
        if people and services:
            people = (*people, *[None] * len(services))[: len(services)]
        return cls(
            services=services,
            member=_parsed(UUID, data.get("member")),
            people=people,
            together=data.get("together") == "1",
            party=int(party) if party.isdecimal() and len(party) < 4 and int(party) else 1,
            day=_parsed(date.fromisoformat, data.get("date")),
            month=_parsed(lambda value: date.fromisoformat(f"{value}-01"), data.get("month")),
        )

    @property
    def pairs(self):
        """The choice as form fields: everything but the first service, the day and the month."""
        return [
            *(("also", str(service)) for service in self.services[1:]),
            *([("member", str(self.member))] if self.member and not self.people else []),
            *(("with", str(person or ANYONE)) for person in self.people),
            *([("together", "1")] if self.together else []),
            *([("party", str(self.party))] if self.party > 1 else []),
        ]

    @property
    def path(self):
        """The page of times of the first service."""
        return reverse("bookings:times", args=[self.services[0]])

    def url(self, path=None):
        """The page that asks for this; `path` where it is not the first service's times."""
        query = [
            *self.pairs,
            *([("date", self.day.isoformat())] if self.day else []),
            *([("month", f"{self.month:%Y-%m}")] if self.month else []),
        ]
        path = path or self.path
        return f"{path}?{urlencode(query)}" if query else path

    def and_also(self, service):
        """The same with one service more, with anyone."""
        return replace(self, services=(*self.services, service), people=(*self.people, None) if self.people else ())

    def without(self, position):
        return self.picked([other for other in range(len(self.services)) if other != position])

    def earlier(self, position):
        """The same with the service at `position` before the one it follows."""
        order = list(range(len(self.services)))
        order[position - 1], order[position] = position, position - 1
        return self.picked(order)

    def picked(self, order):
        """The same with the services at these positions, in this order."""
        services = tuple(self.services[position] for position in order)
        people = tuple(self.people[position] for position in order) if self.people else ()
        if len(services) == 1 and people:
            return replace(self, services=services, member=people[0], people=())
        return replace(self, services=services, people=people if any(people) else ())


def read_start(value):
    """The instant a pressed slot stands for; None for anything else, and for one beyond the API's reach."""
    start = _parsed(datetime.fromisoformat, value)
    return start if start and start.tzinfo and is_in_reach(start) else None


def read_id(value):
    """The id somebody sent; None for anything else."""
    return _parsed(UUID, value)


def _parsed(parse, value):
    try:
        return parse(value) if value else None
    except ValueError:
        return None
