"""A series in words, and the rows of its pages: a date, whether it is free, and what can be chosen instead."""

from dataclasses import dataclass

from django.urls import reverse

from bookings import availability, queries, words
from bookings.desk.states import is_movable
from bookings.models import Status
from dashboard import desk


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`key` names it in the form; `was` is where it is now, of a visit that is there already."""

    key: str
    title: str
    free: bool
    why: str
    choices: tuple
    was: str = ""
    seen: str = ""


def moment(instant, zone):
    """`Tue 4 Nov 2026, 10:30`: a series goes on into other years."""
    wall = instant.astimezone(zone)
    day, _, clock = words.moment(wall).partition(", ")
    return f"{day} {wall.year}, {clock}"


def row(key, look, zone, *, take, leave, why="", was="", seen=""):
    """A `Look` with its choices: `take` and `leave` are what they are called; `why` is what stood in the way just now."""
    free = look.free and not why
    offered = [look.start] if free else list(look.near)
    choices = [
        Choice(str(availability.epoch(start)), take if free else moment(start, zone), chosen=free) for start in offered
    ]
    choices.append(Choice("", leave, chosen=not free))
    return Row(str(key), moment(look.start, zone), free, why or look.why, tuple(choices), was, seen)


def is_repeatable(booking):
    return bool(booking.customer_id) and not booking.hold_expires_at and booking.status != Status.CANCELED


def every(series):
    return str(series).capitalize()


def line(booking):
    """`Every 2 weeks, visit 3`; nothing for a visit that stands alone."""
    return f"{every(booking.series)}, visit {booking.series_number}" if booking.series_id else ""


def of_visit(booking):
    """What the visit's page says of its series."""
    if not booking.series_id:
        return None
    visits = list(queries.visits_in(booking.series).order_by("start_at"))
    return {
        "every": every(booking.series),
        "number": booking.series_number,
        "count": len(visits),
        "visits": [
            {
                "url": desk.url_of_visit(each),
                "when": moment(each.start_at, each.zone),
                "here": each.pk == booking.pk,
                "badge": desk.state_badge(each),
            }
            for each in visits
        ],
    }


def addresses(booking, *, may_work, may_close):
    """{repeat, move, cancel}: the pages that can be opened from the visit, "" for the others."""
    together = booking.series_id and is_movable(booking)

    def to(name, allowed):
        return reverse(f"dashboard:visit-{name}", args=[booking.pk]) if allowed else ""

    return {
        "repeat": to("repeat", may_work and is_repeatable(booking)),
        "move": to("move-following", may_work and together),
        "cancel": to("cancel-following", may_close and together),
    }
