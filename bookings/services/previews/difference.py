"""What is different after a change: visits that fall outside, starts that appear and vanish. Pure."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from bookings import availability


@dataclass(frozen=True, slots=True)
class Period:
    """The local dates that are looked at, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Shift:
    """Starts of one service on one local date that are new, and that are gone: epoch seconds, in order."""

    appear: tuple = ()
    vanish: tuple = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """`outside` are visits (pk, start) that are left without their time; `starts` is {(service id, date): Shift}."""

    outside: tuple = ()
    starts: dict = field(default_factory=dict)

    def __bool__(self):
        return bool(self.outside or self.starts)

    @property
    def appear(self):
        """How many starts are new."""
        return sum(len(shift.appear) for shift in self.starts.values())

    @property
    def vanish(self):
        """How many starts are gone."""
        return sum(len(shift.vanish) for shift in self.starts.values())

    def digest(self, *about):
        """The same for the same difference, and for no other; `about` says of what."""
        starts = sorted((str(service), str(day), *_lists(shift)) for (service, day), shift in self.starts.items())
        outside = sorted((str(pk), str(start)) for pk, start in self.outside)
        return hashlib.sha256(repr((about, outside, starts)).encode()).hexdigest()


def between(*, before, after, outside_before, outside_after, zone):
    """The Difference of two offers ({service id: starts}) and of the visits outside, {pk: start}."""
    starts = {}
    for service in before.keys() | after.keys():
        old, new = (frozenset(offer.get(service, ())) for offer in (before, after))
        for name, changed in (("appear", new - old), ("vanish", old - new)):
            for start in sorted(changed):
                day = availability.local_date(start, zone)
                starts.setdefault((service, day), {"appear": [], "vanish": []})[name].append(start)
    outside = [(pk, start) for pk, start in outside_after.items() if pk not in outside_before]
    return Difference(
        tuple(sorted(outside, key=lambda each: (each[1], str(each[0])))),
        {key: Shift(tuple(found["appear"]), tuple(found["vanish"])) for key, found in starts.items()},
    )


def _lists(shift):
    return list(shift.appear), list(shift.vanish)
