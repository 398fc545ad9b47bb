"""Moves: another time, another person, and back again. One transaction, and the engine's rules at every door."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction

from audit import services as audit
from bookings import availability, diary, mail, queries, signals, terms
from bookings.basket import Wanted
from bookings.models import Booking, Customer, Status
from bookings.services import agreed, lasting, locks, placing, reminders, storing
from bookings.services.checkout import refuse_own_overlap
from bookings.services.errors import Lost, NotAllowed, NotBookable, RuleBroken, SlotTaken
from bookings.services.holds import TRIES, set_time

MOVABLE = (Status.CONFIRMED, Status.PENDING)
#: Whose length may still change: a visit that goes on may take longer than was thought.
LENGTHENABLE = (*MOVABLE, Status.CHECKED_IN)


@dataclass(frozen=True, slots=True)
class Wish:
    """Where to, and who must be there: {item position: TeamMember}; nobody named for everything else.

    `lengths` is {item position: minutes} for what is to take another time than the diary says; `lasts` where nothing else
    is meant. Without `notify` the customer is not written to. `seen` is the visit's `sequence` as somebody saw it, where
    only that visit is meant.
    """

    start: datetime
    named: dict = field(default_factory=dict)
    override: frozenset = frozenset()
    lengths: dict = field(default_factory=dict)
    lasts: bool = False
    notify: bool = True
    seen: int | None = None

    def only_lasts(self, booking):
        """Whether it leaves the visit where it starts and changes how long it takes."""
        return self.lasts and self.start == booking.start_at


def reschedule_booking(
    *, business, booking, start, by, now, team_member=None, people=None, override=frozenset(), notify=True, seen=None
):
    """Move a visit to `start` in one transaction: never zero, never two bookings, the old time free at once.

    People are kept unless they cannot; `team_member` is exactly that person for everything, `people` (item
    position → TeamMember) for some of it. The same start with other people is a change of person; where nothing would
    change, nothing is written. The agreed price stays. `notify=False` tells nobody. Where `seen`, a `sequence`, is not the
    visit's any more, it was moved meanwhile and stays.
    Raises SlotTaken with alternatives, RuleBroken, OwnTimesOverlap, NotAllowed or NotBookable; nothing is written then.
    """
    named = dict(people or {})
    if team_member is not None:
        named = dict.fromkeys(booking.items.values_list("position", flat=True), team_member)
    wish = Wish(start, named, frozenset(override), notify=notify, seen=seen)
    try:
        with locks.deadlocks_lose():
            return _move(business=business, booking=booking, wish=wish, by=by, now=now)
    except SlotTaken as exc:
        basket = _named(queries.basket_of(booking), named)
        asked = {"business": business, "basket": basket, "start": start, "now": now, "without": booking}
        exc.alternatives = queries.alternatives(**asked, online=by.id is None)
        raise


def change_length(*, business, booking, minutes, by, now, position=0):
    """Let a part of a visit take `minutes`, with the people it has; what follows it moves along, also while it goes on.

    The agreed price stays, and the customer, who comes when they were to come, is not written to. Undone like a move.
    Raises SlotTaken, RuleBroken, OwnTimesOverlap, NotAllowed or NotBookable; nothing is written then.
    """
    try:
        with locks.deadlocks_lose():
            return _last(business=business, booking=booking, lengths={position: minutes}, by=by, now=now)
    except SlotTaken as exc:
        raise SlotTaken("There is not that much time: something else follows.") from exc


@transaction.atomic
def _last(*, business, booking, lengths, by, now):
    """Where the visit stands is read behind its lock: somebody may have moved it since the page was drawn."""
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    named = {item.position: item.team_member for item in booking.items.select_related("team_member")}
    wish = Wish(booking.start_at, named, availability.OVERRIDABLE, lengths, lasts=True)
    return _move(business=business, booking=booking, wish=wish, by=by, now=now)


def undo_move(*, business, booking, by, now, seen=""):
    """Take a visit back to where it was before its last move, by the same rules as any move.

    The time was agreed to once, so notice and furthest date are not asked again; free cancelling ends when it did then.
    `seen` is the visit's `sequence` after the move that is meant: another move since is not taken back for it.
    Raises NotAllowed where there is no such move, SlotTaken, RuleBroken, OwnTimesOverlap or NotBookable.
    """
    with locks.deadlocks_lose():
        return _undo(business=business, booking=booking, by=by, now=now, seen=seen)


@transaction.atomic
def _undo(*, business, booking, by, now, seen):
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    before = booking.moved_from
    if not before:
        raise NotAllowed("There is no move to undo.")
    if seen and seen != str(booking.sequence):
        raise NotAllowed("This visit has been moved again since. Look where it is now.", status_now=booking.status)
    performers = {
        str(assignment.team_member_id): assignment.team_member
        for item in booking.items.select_related("service")
        for assignment in diary.assignments_for(item.service)
    }
    named = {each["position"]: performers.get(each["team_member"]) for each in before["people"]}
    if None in named.values():
        raise NotAllowed("The person of that time no longer performs this service.")
    start, lasts = datetime.fromisoformat(before["start_at"]), "minutes" in before
    wish = Wish(start, named, availability.OVERRIDABLE, _lengths(booking, before, named), lasts)
    booking = _move(business=business, booking=booking, wish=wish, by=by, now=now)
    booking.moved_from = None
    if before["free_until"]:
        booking.consent = terms.moved_back(
            consent=booking.consent,
            start_at=booking.start_at,
            free_until=datetime.fromisoformat(before["free_until"]),
        )
    booking.save(update_fields=["moved_from", "consent", "updated_at"])
    reminders.keep_up(booking=booking, now=now)  # once more: free cancelling ends at another time than after the move
    return booking


def _lengths(booking, before, named):
    """{position: minutes} that are not as they were: by a change of length, or because somebody else has it since."""
    lengths = {int(position): minutes for position, minutes in before.get("minutes", {}).items()}
    if booking.is_class or "lasted" not in before:
        return lengths
    given = [item.position for item in booking.items.all() if item.team_member_id != named[item.position].pk]
    return {position: before["lasted"][position] for position in given} | lengths


@transaction.atomic
def _move(*, business, booking, wish, by, now):
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    _refuse_late(booking, wish, now)
    if wish.seen not in (None, booking.sequence):
        raise NotAllowed("This visit has been moved since. Look where it is now.", status_now=booking.status)
    items = list(booking.items.select_related("service", "team_member").order_by("position"))
    basket = _named(queries.basket_of(booking), wish.named)
    candidates = diary.candidates_for(basket)
    if not candidates.complete:
        raise NotBookable("Nobody on the team performs this any more.")
    locks.lock(people=[*candidates.members, *(item.team_member_id for item in items)], resources=candidates.needs)
    seconds, clock = availability.epoch(wish.start), availability.epoch(now)
    if wish.only_lasts(booking):
        clock = min(clock, seconds)  # it has begun, and takes longer
    for _ in range(TRIES):
        loaded = placing.load(
            business=business, basket=basket, candidates=candidates, start=seconds, now=now, without=booking
        )
        loaded = lasting.apply(loaded, wish.lengths)
        if wish.only_lasts(booking):
            loaded = lasting.any_start(loaded)
        plan = _find(loaded, items, wish, start=seconds, now=clock)
        if _stays(items, plan):
            return booking
        _keep_apart(business, booking, plan)
        try:
            # A start that stays was allowed when it was agreed.
            override = frozenset() if wish.only_lasts(booking) else wish.override
            overrides = placing.set_aside(loaded=loaded, start=seconds, now=clock, override=override)
            return _write(
                booking, items, wish, business=business, loaded=loaded, plan=plan, overrides=overrides, by=by, now=now
            )
        except Lost:
            booking.refresh_from_db()
    raise SlotTaken


def _refuse_late(booking, wish, now):
    """Raises NotAllowed where the visit is over, called off, or not yet taken; a class keeps its length."""
    stays = wish.only_lasts(booking)
    late = booking.end_at <= now if stays else booking.start_at <= now
    if booking.status not in (LENGTHENABLE if stays else MOVABLE) or booking.hold_expires_at or late:
        raise NotAllowed("This booking can no longer be moved.", status_now=booking.status)
    if wish.lengths and booking.is_class:
        raise NotAllowed("A class takes as long as it was put up for.")
    if any(position >= booking.items.count() for position in wish.lengths):
        raise NotAllowed("This visit has no such service.")


def _named(basket, named):
    """The basket with these people asked for by name."""
    if any(position >= len(basket.wanted) for position in named):
        raise NotAllowed("This visit has no such service.")
    wanted = (Wanted(each.service, named.get(position)) for position, each in enumerate(basket.wanted))
    return replace(basket, wanted=tuple(wanted))


def _find(loaded, items, wish, **when):
    """The plan that keeps everybody nobody was named for; else all of them but one; else present people first.

    Raises SlotTaken or RuleBroken.
    """
    free = [item for item in items if item.position not in wish.named]
    attempts = [free, *([kept for kept in free if kept != changed] for changed in free)] if len(free) > 1 else [free]
    for kept in attempts:
        try:
            return placing.find_plan(loaded=_keeping(loaded, kept), **when, override=wish.override)
        except (SlotTaken, RuleBroken):
            continue
    present = {item.team_member_id for item in items}
    return placing.find_plan(loaded=loaded, **when, override=wish.override, prefer=present)


def _keeping(loaded, kept):
    """The diary with nobody but the present person for these items."""
    segments = list(loaded.segments)
    for item in kept:
        segment = segments[item.position]
        theirs = tuple(pair for pair in segment.candidates if pair[1].id == item.team_member_id)
        segments[item.position] = replace(segment, candidates=theirs)
    return replace(loaded, segments=segments)


def _keep_apart(business, booking, plan):
    """Refuse another time that meets a visit of the same customer, as checkout does. Raises OwnTimesOverlap, NotAllowed."""
    start_at, end_at = availability.instant(plan.start), availability.instant(plan.end)
    if business.allow_double_visits or (start_at, end_at) == (booking.start_at, booking.end_at):
        return
    # The customer's row, so that two visits moved at once do not miss each other.
    with locks.long_waits_lose(booking):
        customer = Customer.objects.select_for_update().filter(pk=booking.customer_id).first()
    if customer is not None:
        refuse_own_overlap(
            booking=booking, customer=customer, phone=booking.contact_phone, start_at=start_at, end_at=end_at
        )


def _stays(items, plan):
    """Whether the plan is what already stands."""
    return all(
        item.start_at == part.start_at and item.end_at == part.end_at and item.team_member_id == part.person_id
        for item, part in zip(items, plan.parts, strict=True)
    )


@transaction.atomic
def _write(booking, items, wish, *, business, loaded, plan, overrides, by, now):
    before, was = _place(booking, items), _told(booking, items)
    if wish.lengths:
        before["minutes"] = {item.position: _minutes(item) for item in items if item.position in wish.lengths}
        was["end_at"] = booking.end_at.isoformat()
    silent = wish.only_lasts(booking) or not wish.notify
    storing.free(booking)
    old_start_at = booking.start_at
    set_time(booking, plan=plan, zone_name=booking.booking_tz)
    for item, part in zip(items, plan.parts, strict=True):
        _write_item(item, part, loaded=loaded, now=now)
    booking.moved_from = before | {"at": now.isoformat(), "free_until": (booking.consent or {}).get("free_until")}
    booking.team_member = items[0].team_member
    booking.overrides = sorted({*booking.overrides, *overrides})
    booking.sequence += 1
    booking.consent = terms.moved(
        consent=booking.consent, old_start_at=old_start_at, new_start_at=booking.start_at, now=now
    )
    booking.service_snapshot = agreed.marked(booking.service_snapshot, items[0].service)
    if wish.lengths:
        booking.service_snapshot |= {"duration_min": booking.duration_min}
    booking.save()
    storing.write(business=business, booking=booking, items=items, loaded=loaded, plan=plan, expires_at=None)
    after = _told(booking, items) | ({"overrides": overrides} if overrides else {})
    if wish.lengths:
        after["end_at"] = booking.end_at.isoformat()
    audit.record(actor=by, action="booking.rescheduled", subject=booking, at=now, before=was, after=after)
    reminders.keep_up(booking=booking, now=now)
    signals.booking_changed.send(sender=Booking, booking=booking, what="rescheduled", at=now)
    if not silent:
        mail.queue_moved(business=business, booking=booking, now=now)
    return booking


def _place(booking, items):
    """When the visit is and who does what, for going back."""
    return {
        "start_at": booking.start_at.isoformat(),
        "lasted": [_minutes(item) for item in items],
        "people": [
            {"position": item.position, "team_member": str(item.team_member_id), "name": item.team_member.name}
            for item in items
        ],
    }


def _told(booking, items):
    """The same as the trail tells it: names stay readable when people have left."""
    return {"start_at": booking.start_at.isoformat(), "team_member": ", ".join(item.team_member.name for item in items)}


def _minutes(item):
    return int((item.end_at - item.start_at) / timedelta(minutes=1))


def _write_item(item, part, *, loaded, now):
    how = agreed.snapshot(item.service, agreed.able_of(loaded, part), item.snapshot["currency_code"])
    changed = ("duration_min", "phases", "buffer_before_min", "buffer_after_min", "resources")
    item.snapshot = item.snapshot | {name: how[name] for name in changed}
    if item.team_member_id != part.person_id:
        item.team_member, item.assigned_at = loaded.members[part.person_id], now
    item.start_at, item.end_at, item.session = part.start_at, part.end_at, None
    item.save()
