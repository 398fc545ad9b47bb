"""A pressed slot is kept for a few minutes: long enough to type a name and a card."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from audit.actors import SYSTEM
from bookings import availability, diary, queries, signals, terms, words
from bookings.basket import MOST_SERVICES
from bookings.models import Booking, BookingItem, Source, Status
from bookings.services import agreed, locks, placing, storing
from bookings.services.errors import HoldExpired, Lost, NotAllowed, NotBookable, SlotTaken, TooManyHolds
from bookings.services.status import move
from tenants.clock import database_now

REF_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
EXTENSION = timedelta(minutes=5)
LONGEST_HOLD = timedelta(minutes=30)
HELD = (Status.HOLD, Status.PENDING)
#: What staff write down or bring along asks for no card.
ASKED_FOR_A_CARD = (Source.ONLINE, Source.DEMO)
TRIES = 3
MOST_GIVEN_UP = 100


def hold_slot(
    *,
    business,
    basket,
    start,
    now,
    browser_key="",
    address=None,
    source=Source.ONLINE,
    override=frozenset(),
):
    """Keep `start` (an aware instant) for a visitor and what they want (a `Basket`). What staff write down
    (`source=staff`) asks for no card.

    A visitor's earlier hold (same `browser_key`) is given up for it. Returns a Booking in state hold whose
    price, people and lengths are the ones promised. Raises SlotTaken with three alternatives, RuleBroken,
    NotBookable or TooManyHolds; nothing is written then.
    """
    check_basket(basket)
    try:
        with locks.deadlocks_lose():
            return _hold(
                business=business,
                basket=basket,
                start=start,
                now=now,
                browser_key=browser_key,
                address=address,
                source=source,
                override=override,
            )
    except SlotTaken as exc:
        asked = {"business": business, "basket": basket, "start": start, "now": now}
        exc.alternatives = queries.alternatives(**asked, online=source == Source.ONLINE)
        raise


def check_basket(basket):
    """Refuse what cannot be one visit, whatever the time. Raises NotBookable."""
    services = basket.services
    if not services:
        raise NotBookable("Please choose a service.")
    if len(services) > MOST_SERVICES:
        raise NotBookable(f"One visit holds at most {MOST_SERVICES} services.")
    if any(not service.active or service.deleted_at for service in services):
        raise NotBookable
    if len(services) > 1 and any(service.shared_session for service in services):
        raise NotBookable("A class is booked on its own.")
    most = basket.narrowest.largest_party
    if not 1 <= basket.party_size <= most:
        raise NotBookable(f"This can be booked for at most {words.count(most, 'person', 'people')} at once.")
    if any(wanted.team_member is None and wanted.service.requires_team_member_selection for wanted in basket.wanted):
        raise NotBookable("Please choose a person for this service.")


@transaction.atomic
def _hold(*, business, basket, start, now, browser_key, address, source, override):
    candidates = diary.candidates_for(basket)
    if not candidates.complete:
        raise NotBookable
    clock = locks.lock(people=candidates.members, resources=candidates.needs)
    make_room(browser_key=browser_key, address=address, clock=clock)
    return place(
        business=business,
        basket=basket,
        candidates=candidates,
        start=start,
        now=now,
        clock=clock,
        override=override,
        browser_key=browser_key,
        client_address=address,
        source=source,
    )


def make_room(*, browser_key, address, clock):
    """Give up what this visitor held, and what has run out by `clock`, the database's. Raises TooManyHolds."""
    _give_up(browser_key=browser_key, clock=clock)
    _check_address(address, clock)


def place(*, business, basket, candidates, start, now, clock, source=Source.ONLINE, override=frozenset(), **fields):
    """Write the hold of one visit whose people and resources its caller has locked; it runs from `clock` on."""
    seconds = availability.epoch(start)
    asked = {"start": seconds, "now": availability.epoch(now), "override": override}
    for _ in range(TRIES):
        loaded = placing.load(business=business, basket=basket, candidates=candidates, start=seconds, now=now)
        plan = placing.find_plan(loaded=loaded, **asked)
        booking = Booking(
            ref=new_ref(),
            attendee_count=basket.party_size,
            price_cents=plan.price_cents * basket.party_size,
            currency_code=business.currency_code,
            card_required=source in ASKED_FOR_A_CARD and _asks_for_card(business, candidates, plan),
            status=Status.HOLD,
            hold_expires_at=clock + timedelta(minutes=settings.HOLD_MINUTES),
            source=source,
            overrides=placing.set_aside(loaded=loaded, **asked),
            **fields,
        )
        try:
            _write(booking, business=business, loaded=loaded, plan=plan, now=now)
        except Lost:
            continue
        return booking
    raise SlotTaken


def _asks_for_card(business, candidates, plan):
    """Where the salon wants cards; and where a deposit may apply, from everybody who books this.

    Asking only those who pay a deposit would tell a stranger who is a customer.
    """
    if not plan.price_cents or not business.billing.charges_enabled:
        return False
    parts = [(one.service, part.price_cents) for one, part in zip(candidates.staffing, plan.parts, strict=True)]
    return business.asks_for_card or terms.deposit(business=business, parts=parts) > 0


@transaction.atomic
def _write(booking, *, business, loaded, plan, now):
    set_time(booking, plan=plan, zone_name=business.timezone)
    items = agreed.items_for(booking=booking, loaded=loaded, plan=plan, now=now)
    agreed.describe(booking, items=items)
    booking.team_member = items[0].team_member
    booking.save(force_insert=True)
    BookingItem.objects.bulk_create(items)
    storing.write(
        business=business, booking=booking, items=items, loaded=loaded, plan=plan, expires_at=booking.hold_expires_at
    )


def set_time(booking, *, plan, zone_name):
    """Write a booking's instants and, beside them, what the salon's wall showed."""
    booking.start_at, booking.end_at = availability.instant(plan.start), availability.instant(plan.end)
    booking.booking_tz = zone_name
    wall = booking.local_start
    booking.local_date, booking.local_time = wall.date(), wall.time().replace(fold=0)


def new_ref():
    """Eight characters people can read out; 40 bits, unique by constraint."""
    return "".join(secrets.choice(REF_ALPHABET) for _ in range(8))


def _give_up(*, browser_key, clock):
    """Free this visitor's earlier hold, and what has run out: the engine counts that as free already.

    Rows somebody is working on are skipped: waiting for them while holding advisory locks could deadlock.
    """
    stale = Q(status__in=HELD, hold_expires_at__lte=clock)
    mine = Q(status=Status.HOLD, browser_key=browser_key) if browser_key else Q(pk=None)
    rows = Booking.objects.select_for_update(skip_locked=True, of=("self",))
    _lapse(rows.filter(stale | mine).order_by("pk")[:MOST_GIVEN_UP])


def _lapse(bookings):
    count = 0
    for booking in bookings:
        to = Status.EXPIRED if booking.status == Status.HOLD else Status.FAILED
        move(booking, to=to, by=SYSTEM, at=booking.hold_expires_at)
        storing.free(booking)
        signals.booking_lapsed.send(sender=Booking, booking=booking)
        count += 1
    return count


def _check_address(address, clock):
    """One address holds at most five slots at a time."""
    if not address or (address in ("127.0.0.1", "::1") and not settings.LIMIT_LOOPBACK):
        return
    held = Booking.objects.filter(status=Status.HOLD, client_address=address, hold_expires_at__gt=clock)
    if held.count() >= settings.HOLDS_PER_ADDRESS:
        raise TooManyHolds


def locked(booking):
    """The booking as it is now, locked, with its person."""
    return Booking.objects.select_for_update(of=("self",)).select_related("team_member").get(pk=booking.pk)


def locked_hold(booking, *, states=(Status.HOLD,)):
    """The booking, locked, while its hold still runs. Raises HoldExpired or NotAllowed."""
    booking = locked(booking)
    check_hold(booking, states=states)
    return booking


def check_hold(booking, *, states):
    """Refuse a locked booking whose hold no longer runs; the instant at the database. Raises HoldExpired or NotAllowed."""
    if booking.status in (Status.EXPIRED, Status.FAILED):
        raise HoldExpired
    if booking.status not in states:
        raise NotAllowed(status_now=booking.status)
    clock = database_now()
    if booking.hold_expires_at and booking.hold_expires_at <= clock:
        raise HoldExpired
    return clock


@transaction.atomic
def extend_hold(*, booking):
    """Five minutes more, up to half an hour in all (WCAG 2.2.1). Raises HoldExpired when it is too late."""
    booking = locked_hold(booking, states=HELD)
    if booking.hold_expires_at is None:
        return booking
    expires_at = min(booking.hold_expires_at + EXTENSION, booking.created_at + LONGEST_HOLD)
    if expires_at > booking.hold_expires_at:
        set_expiry(booking, expires_at)
    return booking


def set_expiry(booking, expires_at):
    """Move the end of a hold its caller has locked, on the booking and on the time it occupies."""
    booking.hold_expires_at = expires_at
    booking.save(update_fields=["hold_expires_at", "updated_at"])
    storing.keep_until(booking, expires_at)


def hand_over(booking, *, browser_key):
    """Let another browser go on with a hold its caller has locked: from now on it is that visitor's."""
    booking.browser_key = browser_key
    booking.save(update_fields=["browser_key", "updated_at"])


@transaction.atomic
def release_hold(*, booking):
    """Give a hold up; the time is free at once. A hold that has already ended stays ended."""
    _lapse(
        Booking.objects.select_for_update(of=("self",)).filter(
            pk=booking.pk, status__in=HELD, hold_expires_at__isnull=False
        )
    )


def expire_holds():
    """End every hold and every unconfirmed booking whose time has run out; returns how many.

    Each in a transaction of its own: a sweep holds the rows of one visit at a time, and is in nobody's way.
    """
    over = run_out(now=database_now()).order_by("pk")
    return sum(_expire(pk) for pk in over.values_list("pk", flat=True)[:500])


def run_out(*, now):
    """The bookings `expire_holds` would end."""
    return Booking.objects.filter(status__in=HELD, hold_expires_at__lte=now)


@transaction.atomic
def _expire(pk):
    rows = Booking.objects.select_for_update(skip_locked=True, of=("self",))
    return _lapse(rows.filter(pk=pk, status__in=HELD, hold_expires_at__lte=database_now()))
