"""Visits for several people in one go: held all or none, kept together until they are booked.

Each is an ordinary visit. See docs/decisions/0048-families.md.
"""

from dataclasses import replace

from django.db import transaction

from bookings import availability, diary, mail, queries, words
from bookings.families import FEWEST_GUESTS, MOST_GUESTS, Order
from bookings.models import Booking, Family, Source, Status
from bookings.services import holds, locks, placing
from bookings.services.changes import cancel_booking
from bookings.services.errors import NotBookable, SlotTaken


def hold_family(
    *,
    business,
    baskets,
    start,
    order,
    now,
    browser_key="",
    address=None,
    source=Source.ONLINE,
    override=frozenset(),
):
    """Keep a visit for each of `baskets`, the first at `start` (an aware instant), the others with it or after it (`Order`).

    All or none, by the ordinary hold of each; they run out at one instant. What staff write down (`source`) asks for no
    card; `override` names rules they set aside. Returns the Bookings in that order, each with
    its family. Raises SlotTaken where not all of them fit any more, RuleBroken, NotBookable, TooManyHolds; nothing is
    written then.
    """
    check_family(baskets)
    with locks.deadlocks_lose():
        return _hold(
            business=business,
            baskets=baskets,
            start=start,
            order=order,
            now=now,
            browser_key=browser_key,
            address=address,
            source=source,
            override=override,
        )


def check_family(baskets):
    """Refuse what cannot be booked in one go, whatever the time. Raises NotBookable."""
    if not FEWEST_GUESTS <= len(baskets) <= MOST_GUESTS:
        raise NotBookable(f"From {FEWEST_GUESTS} to {MOST_GUESTS} people can be booked in one go.")
    for basket in baskets:
        _check_guest(basket)


def _check_guest(basket):
    """Says which service it is: there may be five people, with eight each."""
    shared = next((service for service in basket.services if service.shared_session), None)
    if shared:
        raise NotBookable(f"{shared.name} is a class and is booked on its own, for as many people as come.")
    if basket.services and basket.party_size > basket.narrowest.largest_party:
        raise NotBookable(words.too_many(basket.narrowest))
    holds.check_basket(basket)


@transaction.atomic
def _hold(*, business, baskets, start, order, now, browser_key, address, source, override):
    candidates = diary.candidates_for(diary.joined(baskets))
    if not candidates.complete:
        raise NotBookable
    # Everybody any of them may need, at once and in one order: two families never wait for each other.
    clock = locks.lock(people=candidates.members, resources=candidates.needs)
    holds.make_room(browser_key=browser_key, address=address, clock=clock)
    day = start.astimezone(business.zone).date()
    loaded = diary.load_guests(
        business=business, baskets=baskets, candidates=candidates, first=day, last=day, now=now, for_choice=True
    )
    plans = _plans(loaded, availability.epoch(start), order, now, override)
    family = Family.objects.create(order=order)
    return [
        _place(
            basket,
            plan,
            each.candidates,
            business=business,
            now=now,
            clock=clock,
            browser_key=browser_key,
            client_address=address,
            source=source,
            override=override,
            family=family,
            family_number=number,
        )
        for number, (basket, plan, each) in enumerate(zip(baskets, plans, loaded, strict=True), 1)
    ]


def _plans(loaded, start, order, now, override):
    """The plan of each guest. Raises SlotTaken, or what stands in the way of one of them alone."""
    persons = {pk: person for each in loaded for pk, person in each.persons.items()}
    day = availability.local_date(start, loaded[0].rules.zone)
    plans = availability.group_plans(
        guests=queries.guests_of(loaded),
        start=start,
        now=availability.epoch(now),
        together=order == Order.TOGETHER,
        rank=availability.ranks(persons=persons.values(), day=day),
        override=override,
    )
    if plans is None:
        for each in loaded if order == Order.TOGETHER else loaded[:1]:
            placing.find_plan(loaded=each, start=start, now=availability.epoch(now), override=override)
        raise SlotTaken("That time is no longer free for all of you. Please choose another one.")
    return plans


def _place(basket, plan, candidates, **how):
    """The ordinary hold of one of them, with the people of its plan. Raises SlotTaken where it would be another visit."""
    people = {part.segment: part.person_id for part in plan.parts}
    staffing = tuple(
        replace(each, assignments=[one for one in each.assignments if one.team_member_id == people[position]])
        for position, each in enumerate(candidates.staffing)
    )
    start = availability.instant(plan.start)
    booking = holds.place(basket=basket, candidates=diary.Candidates(staffing), start=start, **how)
    if (booking.start_at, booking.end_at) != (start, availability.instant(plan.end)):
        raise SlotTaken
    return booking


def locked_family(family):
    """Its visits as they are now, locked, in order."""
    rows = Booking.objects.select_for_update(of=("self",)).select_related("team_member")
    return sorted(rows.filter(family=family).order_by("pk"), key=lambda booking: booking.family_number)


@transaction.atomic
def extend_family(*, family):
    """Five minutes more for all of them, as `extend_hold`."""
    for booking in locked_family(family):
        holds.extend_hold(booking=booking)
    keep_in_step(family=family)


@transaction.atomic
def release_family(*, family):
    """Give all of them up; what is booked already stays."""
    for booking in locked_family(family):
        holds.release_hold(booking=booking)


@transaction.atomic
def keep_in_step(*, family):
    """Let what is still held run out at one instant: the earliest."""
    running = [booking for booking in locked_family(family) if booking.hold_expires_at]
    for booking in running:
        holds.set_expiry(booking, min(each.hold_expires_at for each in running))


@transaction.atomic
def cancel_family(*, business, family, pks, by, now, reason=""):
    """Call off those visits of a family with these ids, all or none, each as `cancel_booking` does; the customer is told once.

    Raises NotAllowed where one of them has been called off or has begun; nothing is written then.
    """
    chosen = [booking for booking in locked_family(family) if booking.pk in pks and booking.status != Status.CANCELED]
    visits = [
        cancel_booking(business=business, booking=booking, by=by, now=now, reason=reason, notify=False)
        for booking in chosen
    ]
    if visits:
        mail.queue_cancellations(business=business, bookings=visits, now=now)
    return visits
