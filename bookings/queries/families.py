"""Visits that are booked in one go for several people: when all fit, and which there are."""

from datetime import timedelta
from functools import partial

from bookings import availability, diary
from bookings.families import Order
from bookings.models import Booking, Status
from bookings.queries.calendar import MAX_DAYS, nearest

#: So many days are looked through at a time.
AT_ONCE = timedelta(days=31)


def family_days(*, business, baskets, order, first, last, now, most=None, override=frozenset()):
    """When all of `baskets` fit, in that `Order`, on the local dates `first` to `last`: a list of `availability.Day` with
    `availability.GroupSlot`s, at `most` so many a date. `override` names rules that staff set aside.

    At most 62 days; raises ValueError beyond. Two queries, whatever the guests, the dates or the bookings.
    """
    if (last - first).days >= MAX_DAYS:
        raise ValueError(f"ask for at most {MAX_DAYS} days")
    loaded = diary.load_guests(
        business=business,
        baskets=baskets,
        candidates=diary.candidates_for(diary.joined(baskets)),
        first=first,
        last=last,
        now=now,
    )
    return availability.group_days(
        guests=guests_of(loaded),
        first=first,
        last=last,
        now=availability.epoch(now),
        together=order == Order.TOGETHER,
        most=most,
        override=override,
    )


def first_open_family_day(*, after, last, **asked):
    """The first `availability.Day` from local date `after` to `last` on which all fit, with its first time; None if there
    is none. `asked` as in `family_days`.
    """
    while after <= last:
        until = min(after + AT_ONCE, last)
        found = family_days(**asked, first=after, last=until, most=1)
        if opened := next((day for day in found if day.slots), None):
            return opened
        after = until + timedelta(days=1)
    return None


def family_alternatives(*, business, start, **asked):
    """The three starts nearest to `start` at which all fit; `asked` as in `family_days`."""
    return nearest(ask=partial(family_days, business=business, **asked), business=business, start=start)


def guests_of(loaded):
    """Diaries as `availability` takes those who come together; who wants the same is one and the same guest."""
    known = {
        id(each): availability.Guest(segments=each.segments, rules=each.rules, max_wait_min=each.max_wait_min)
        for each in loaded
    }
    return [known[id(each)] for each in loaded]


def visits_of_family(family):
    """Its visits in order, whatever has become of them."""
    return Booking.objects.filter(family=family).order_by("family_number")


def relatives(booking):
    """The other visits of its family, booked and still its customer's, in order; nothing where it has none."""
    if booking.family_id is None:
        return Booking.objects.none()
    others = visits_of_family(booking.family_id).filter(customer=booking.customer_id, hold_expires_at=None)
    return others.exclude(pk=booking.pk).exclude(status__in=[Status.HOLD, Status.EXPIRED, Status.FAILED])
