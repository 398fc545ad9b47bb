"""A pressed slot is kept for a few minutes: long enough to type a name and a card."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from audit.actors import SYSTEM
from bookings import availability, diary, queries, signals
from bookings.models import Booking, Occupancy, Source, Status
from bookings.services import locks, placing
from bookings.services.errors import HoldExpired, NotAllowed, NotBookable, SlotTaken, TooManyHolds
from bookings.services.status import move

REF_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
EXTENSION = timedelta(minutes=5)
LONGEST_HOLD = timedelta(minutes=30)


def hold_slot(
    *,
    business,
    service,
    start,
    now,
    team_member=None,
    party_size=1,
    browser_key="",
    address=None,
    source=Source.ONLINE,
    override=frozenset(),
):
    """Keep `start` (an aware instant) for a visitor; `team_member=None` means anyone. What staff write down
    (`source=staff`) asks for no card.

    A visitor's earlier hold (same `browser_key`) is given up for it. Returns a Booking in state hold whose
    price, person and length are the ones promised. Raises SlotTaken with three alternatives, RuleBroken,
    NotBookable or TooManyHolds; nothing is written then.
    """
    _check_request(service, team_member, party_size)
    try:
        return _hold(
            business=business,
            service=service,
            start=start,
            now=now,
            member_id=team_member.pk if team_member else None,
            party_size=party_size,
            browser_key=browser_key,
            address=address,
            source=source,
            override=override,
        )
    except SlotTaken as exc:
        exc.alternatives = queries.alternatives(
            business=business, service=service, member_id=team_member.pk if team_member else None, start=start, now=now
        )
        raise


def _check_request(service, team_member, party_size):
    if not service.active or service.deleted_at:
        raise NotBookable
    if party_size < 1 or party_size > (service.max_group_size if service.allow_group_booking else 1):
        raise NotBookable(f"This service can be booked for at most {service.max_group_size} at once.")
    if team_member is None and service.requires_team_member_selection:
        raise NotBookable("Please choose a person for this service.")


@transaction.atomic
def _hold(*, business, service, start, now, member_id, party_size, browser_key, address, source, override):
    assignments = diary.assignments_for(service, member_id)
    if not assignments:
        raise NotBookable
    ids = [assignment.team_member_id for assignment in assignments]
    locks.lock_people(ids)
    clock = database_now()
    _give_up(browser_key=browser_key, member_ids=ids, clock=clock)
    _check_address(address, clock)
    seconds = availability.epoch(start)
    loaded = placing.load_day(business=business, service=service, assignments=assignments, start=seconds, now=now)
    now_seconds = availability.epoch(now)
    expires_at = clock + timedelta(minutes=settings.HOLD_MINUTES)
    for chosen in placing.find_place(loaded=loaded, start=seconds, now=now_seconds, override=override):
        able, person = loaded.candidate(chosen)
        booking = Booking(
            ref=new_ref(),
            team_member=loaded.members[chosen],
            attendee_count=party_size,
            price_cents=able.price_cents * party_size,
            currency_code=business.currency_code,
            card_required=source != Source.STAFF and bool(able.price_cents) and business.asks_for_card,
            status=Status.HOLD,
            hold_expires_at=expires_at,
            browser_key=browser_key,
            client_address=address,
            source=source,
            service_snapshot=placing.snapshot(service, able, business.currency_code),
            overrides=sorted(override),
        )
        set_time(booking, start=availability.instant(seconds), minutes=able.duration_min, zone_name=business.timezone)
        booking.save(force_insert=True)
        item = placing.item_for(booking=booking, service=service, able=able)
        item.save(force_insert=True)
        if placing.occupy(item=item, able=able, person=person, start=seconds, expires_at=expires_at):
            return booking
        booking.delete()
    raise SlotTaken


def set_time(booking, *, start, minutes, zone_name):
    """Write a booking's instants and, beside them, what the salon's wall showed."""
    booking.start_at = start
    booking.end_at = start + timedelta(minutes=minutes)
    booking.booking_tz = zone_name
    wall = booking.local_start
    booking.local_date, booking.local_time = wall.date(), wall.time().replace(fold=0)


def new_ref():
    """Eight characters people can read out; 40 bits, unique by constraint."""
    return "".join(secrets.choice(REF_ALPHABET) for _ in range(8))


def _give_up(*, browser_key, member_ids, clock):
    """Free this visitor's earlier hold, and what ran out on these people's days.

    Rows somebody is working on are skipped: waiting for them while holding advisory locks could deadlock.
    """
    stale = Q(status__in=[Status.HOLD, Status.PENDING], hold_expires_at__lte=clock, team_member__in=member_ids)
    mine = Q(status=Status.HOLD, browser_key=browser_key) if browser_key else Q(pk=None)
    _lapse(Booking.objects.select_for_update(skip_locked=True, of=("self",)).filter(stale | mine).order_by("pk"))


def _lapse(bookings):
    count = 0
    for booking in bookings:
        to = Status.EXPIRED if booking.status == Status.HOLD else Status.FAILED
        move(booking, to=to, by=SYSTEM, at=booking.hold_expires_at)
        Occupancy.objects.filter(item__booking=booking).delete()
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


def database_now():
    """The database's clock: holds of all web servers run out by one clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def locked(booking):
    """The booking as it is now, locked, with its person."""
    return Booking.objects.select_for_update(of=("self",)).select_related("team_member").get(pk=booking.pk)


def locked_hold(booking, *, states=(Status.HOLD,)):
    """The booking, locked, while its hold still runs. Raises HoldExpired or NotAllowed."""
    booking = locked(booking)
    check_hold(booking, states=states)
    return booking


def check_hold(booking, *, states):
    """Refuse a locked booking whose hold no longer runs. Raises HoldExpired or NotAllowed."""
    if booking.status in (Status.EXPIRED, Status.FAILED):
        raise HoldExpired
    if booking.status not in states:
        raise NotAllowed(status_now=booking.status)
    if booking.hold_expires_at and booking.hold_expires_at <= database_now():
        raise HoldExpired


@transaction.atomic
def extend_hold(*, booking):
    """Five minutes more, up to half an hour in all (WCAG 2.2.1). Raises HoldExpired when it is too late."""
    booking = locked_hold(booking, states=(Status.HOLD, Status.PENDING))
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
    Occupancy.objects.filter(item__booking=booking).update(expires_at=expires_at)


@transaction.atomic
def release_hold(*, booking):
    """Give a hold up; the time is free at once. A hold that has already ended stays ended."""
    _lapse(
        Booking.objects.select_for_update(of=("self",)).filter(
            pk=booking.pk, status__in=[Status.HOLD, Status.PENDING], hold_expires_at__isnull=False
        )
    )


@transaction.atomic
def expire_holds():
    """End every hold and every unconfirmed booking whose time has run out; returns how many."""
    return _lapse(
        Booking.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(status__in=[Status.HOLD, Status.PENDING], hold_expires_at__lte=database_now())
        .order_by("pk")[:500]
    )
