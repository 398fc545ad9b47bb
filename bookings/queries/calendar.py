"""When a basket can be booked."""

from datetime import timedelta
from functools import partial

from bookings import availability, diary
from tenants.models import GapOffers

MAX_DAYS = 62
ALTERNATIVES = 3
SURELY_NEAR = 22 * 60 * 60  # seconds; shorter than any local date, so nothing nearer lies beyond the neighbouring dates


def calendar(*, business, basket, first, last, now, without=None, override=frozenset()):
    """What can be booked on the local dates `first` to `last`: a list of `availability.Day`, empty days included.

    `override` names rules that staff set aside. `without` is a booking that is about to move: its own time counts as free.
    At most 62 days; raises ValueError beyond. Two queries, whatever the dates, the team or the bookings.
    """
    asked = {"business": business, "basket": basket, "first": first, "last": last, "now": now, "without": without}
    return _days(_loaded(**asked), first, last, now, override)


def offers(*, business, basket, first, last, now, without=None, everything=False):
    """`calendar` as the salon offers it online: by its `gap_offers` all of it, with the starts that leave no gaps marked
    (`fits`), or without those that waste time. A date never loses its last start, nor does a person on a date.

    `everything` hides nothing and still marks: for staff. Two queries, as `calendar`. It is about what is shown: whatever
    `calendar` has can be booked.
    """
    asked = {"business": business, "basket": basket, "first": first, "last": last, "now": now, "without": without}
    # Another guest may still join a class: what is beside it says nothing.
    if business.gap_offers == GapOffers.OFF or basket.first.shared_session:
        return calendar(**asked)
    loaded = _loaded(**asked, for_offer=True)
    rule = availability.preferred
    if business.gap_offers == GapOffers.HIDE and not everything:
        rule = availability.thinned
    return rule(
        _days(loaded, first, last, now),
        segments=loaded.segments,
        rules=loaded.rules,
        offerings=loaded.offerings,
        now=availability.epoch(now),
    )


def _loaded(*, business, basket, first, last, now, without, for_offer=False):
    if (last - first).days >= MAX_DAYS:
        raise ValueError(f"ask for at most {MAX_DAYS} days")
    return diary.load(
        business=business,
        basket=basket,
        candidates=diary.candidates_for(basket),
        first=first,
        last=last,
        now=now,
        without=without,
        for_offer=for_offer,
    )


def _days(loaded, first, last, now, override=frozenset()):
    return availability.visit_days(
        segments=loaded.segments,
        rules=loaded.rules,
        first=first,
        last=last,
        now=availability.epoch(now),
        max_wait_min=loaded.max_wait_min,
        override=override,
    )


def last_day(*, business, basket, now):
    """The furthest local date on which all of the basket's services can be booked."""
    days = diary.horizon_days(business, basket.services)
    return now.astimezone(business.zone).date() + timedelta(days=days)


def first_open_day(*, business, basket, after, now, without=None):
    """The first `availability.Day` from local date `after` on that has slots, within the horizon; None if there is none."""
    horizon = last_day(business=business, basket=basket, now=now)
    first = after
    while first <= horizon:
        last = min(first + timedelta(days=MAX_DAYS - 1), horizon)
        for day in calendar(business=business, basket=basket, first=first, last=last, now=now, without=without):
            if day.slots:
                return day
        first = last + timedelta(days=1)
    return None


def alternatives(*, business, basket, start, now, without=None, online=False):
    """The three open starts nearest to `start`, in order of time; from the next two weeks where its own days are full.

    `online`: of `offers`, for a customer.
    """
    ask = partial(offers if online else calendar, business=business, basket=basket, now=now, without=without)
    return nearest(ask=ask, business=business, start=start)


def nearest(*, ask, business, start):
    """The three slots nearest to `start` of what `ask(first=…, last=…)` answers, in order of time, as `alternatives`."""
    day = start.astimezone(business.zone).date()
    asked = availability.epoch(start)
    found = []
    # The neighbouring days first: a crowd that loses one race must not plan two weeks each.
    for days_after in (1, 14):
        days = ask(first=day - timedelta(days=1), last=day + timedelta(days=days_after))
        slots = (slot for day_found in days for slot in day_found.slots)
        found = sorted(slots, key=lambda slot: abs(slot.start - asked))[:ALTERNATIVES]
        if len(found) == ALTERNATIVES and abs(found[-1].start - asked) <= SURELY_NEAR:
            break  # whatever starts on another date is further away than that
    return sorted(found, key=lambda slot: slot.start)
