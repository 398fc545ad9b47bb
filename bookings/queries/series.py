"""Visits that come again: where the next ones could be, and which there are."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bookings import availability, diary, recurring
from bookings.basket import Wanted
from bookings.models import Booking, Status
from bookings.queries.visits import basket_of
from bookings.services.placing import TAKEN_CODES

A_DAY = timedelta(days=1)
PROPOSALS = 4
MOVABLE = (Status.CONFIRMED, Status.PENDING)


@dataclass(frozen=True, slots=True)
class Look:
    """A start that is wished for: whether it is free; where it is not, why, and the free starts next to it."""

    start: datetime
    free: bool
    why: str = ""
    near: tuple = ()


def visits_in(series):
    """Its visits in order, those that were called off too."""
    return Booking.objects.filter(series=series).order_by("series_number")


def following(booking):
    """The visits of its series from this one on that can still be moved or called off, in order of time."""
    open_ones = Booking.objects.filter(series=booking.series_id, hold_expires_at=None, status__in=MOVABLE)
    return open_ones.exclude(series=None).filter(start_at__gte=booking.start_at).order_by("start_at", "pk")


def last_of(booking):
    """The visit a repetition goes on from: the last of its series that was not called off, else the visit itself."""
    kept = Booking.objects.filter(series=booking.series_id).exclude(series=None).exclude(status=Status.CANCELED)
    return kept.order_by("start_at").last() or booking


def alike(bookings):
    """Visits in groups of those with the same services, people and lengths: {visit of the group: all of them}. Two queries."""
    groups = {}
    for booking in bookings.prefetch_related("items__service", "items__team_member"):
        lengths = ("phases", "buffer_before_min", "buffer_after_min")
        what = [
            (item.service_id, item.team_member_id, *(str(item.snapshot.get(name)) for name in lengths))
            for item in booking.items.all()
        ]
        groups.setdefault((booking.attendee_count, tuple(what)), []).append(booking)
    return {group[0]: group for group in groups.values()}


def looks_to_move(*, business, bookings, starts, now):
    """{booking: Look} where each of `bookings` (a queryset) would go: to its `starts` ({id: instant}), with its people."""
    found = {}
    everybody = list(bookings)
    for first, group in alike(bookings).items():
        asked = looks(
            business=business,
            basket=same_again(first),
            starts=[starts[booking.pk] for booking in group],
            now=now,
            without=first,
            besides=everybody,
        )
        found |= dict(zip(group, asked, strict=True))
    return {booking: found[booking] for booking in everybody}


def same_again(booking):
    """What a visit consists of, with the people it has."""
    basket = basket_of(booking)
    people = [item.team_member for item in booking.items.select_related("team_member").order_by("position")]
    wanted = (Wanted(each.service, person) for each, person in zip(basket.wanted, people, strict=True))
    return replace(basket, wanted=tuple(wanted))


def looks(*, business, basket, starts, now, without=None, besides=()):
    """A `Look` at each of `starts`, as staff may book them: notice and furthest date set aside. Two queries, whatever the dates.

    `without` is a visit that is to move there, `besides` are others that move with it: their times count as free.
    """
    if not starts:
        return []
    zone = business.zone
    dates = [start.astimezone(zone).date() for start in starts]
    loaded = diary.load(
        business=business,
        basket=basket,
        candidates=diary.candidates_for(basket),
        first=min(dates) - A_DAY,
        last=max(dates) + A_DAY,
        now=now,
        without=without,
        besides=besides,
    )
    return [_look(loaded, start, day, now) for start, day in zip(starts, dates, strict=True)]


def _look(loaded, start, day, now):
    asked = {
        "segments": loaded.segments,
        "rules": loaded.rules,
        "now": availability.epoch(now),
        "max_wait_min": loaded.max_wait_min,
        "override": availability.OVERRIDABLE,
    }
    reasons = availability.visit_reasons(**asked, start=availability.epoch(start))
    if not reasons:
        return Look(start, free=True)
    found = availability.visit_days(**asked, first=day - A_DAY, last=day + A_DAY)
    slots = sorted((slot.start_at for each in found for slot in each.slots), key=lambda slot: abs(slot - start))
    return Look(start, free=False, why=_why(reasons), near=tuple(sorted(slots[:PROPOSALS])))


def _why(reasons):
    """One sentence without names of other customers."""
    if any(reason.code in TAKEN_CODES for reason in reasons):
        return "Taken by something else."
    return reasons[0].text


def next_numbers(series, many):
    """The numbers its next visits get."""
    last = visits_in(series).values_list("series_number", flat=True).last() if series else 1
    return range(last + 1, min(last + many, recurring.MOST_VISITS) + 1)
