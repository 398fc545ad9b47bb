"""What happens to a booking after it was made: moves, cancellations, arrivals."""

from django.db import transaction

from audit import services as audit
from bookings import availability, diary, mail, queries, signals, terms
from bookings.models import Booking, Occupancy, Status
from bookings.services import locks, placing
from bookings.services.errors import NotAllowed, SlotTaken
from bookings.services.holds import set_time
from bookings.services.status import move

MOVABLE = (Status.CONFIRMED, Status.PENDING)


def reschedule_booking(*, business, booking, start, by, now, team_member=None, override=frozenset()):
    """Move a visit to `start` in one transaction: never zero, never two bookings, the old time free at once.

    The person is kept unless they cannot; with `team_member` it is exactly that person. The agreed price stays.
    Raises SlotTaken with alternatives, RuleBroken or NotAllowed; nothing is written then.
    """
    try:
        return _reschedule(
            business=business,
            booking=booking,
            start=start,
            by=by,
            now=now,
            member_id=team_member.pk if team_member else None,
            override=override,
        )
    except SlotTaken as exc:
        exc.alternatives = queries.alternatives(
            business=business,
            service=booking.items.select_related("service").get(position=0).service,
            member_id=team_member.pk if team_member else None,
            start=start,
            now=now,
            without=booking,
        )
        raise


@transaction.atomic
def _reschedule(*, business, booking, start, by, now, member_id, override):
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if booking.status not in MOVABLE or booking.hold_expires_at or booking.start_at <= now:
        raise NotAllowed("This booking can no longer be moved.", status_now=booking.status)
    item = booking.items.select_related("service").get(position=0)
    assignments = diary.assignments_for(item.service, member_id)
    locks.lock_people([booking.team_member_id, *(assignment.team_member_id for assignment in assignments)])
    seconds = availability.epoch(start)
    loaded = placing.load_day(
        business=business, service=item.service, assignments=assignments, start=seconds, now=now, without=booking
    )
    loaded = _as_agreed(loaded, item, booking.team_member_id)
    before = {"start_at": booking.start_at.isoformat(), "team_member": str(booking.team_member_id)}
    booking.overrides = sorted({*booking.overrides, *override})
    order = placing.find_place(
        loaded=loaded, start=seconds, now=availability.epoch(now), prefer=booking.team_member_id, override=override
    )
    Occupancy.objects.filter(item=item).delete()
    for chosen in order:
        able, person = loaded.candidate(chosen)
        if placing.occupy(item=item, able=able, person=person, start=seconds, expires_at=None):
            break
    else:
        raise SlotTaken
    _write_move(booking, item, start=availability.instant(seconds), able=able, member=loaded.members[chosen], now=now)
    after = {"start_at": booking.start_at.isoformat(), "team_member": str(booking.team_member_id)}
    if override:
        after["overrides"] = sorted(override)
    audit.record(actor=by, action="booking.rescheduled", subject=booking, at=now, before=before, after=after)
    mail.queue_moved(business=business, booking=booking, now=now)
    return booking


def _as_agreed(loaded, item, member_id):
    """The visit keeps the length it was booked with as long as the person stays."""
    agreed = item.snapshot
    candidates = [
        (
            availability.Able(
                person_id=able.person_id,
                phases=tuple(availability.Phase(phase["kind"], phase["minutes"]) for phase in agreed["phases"]),
                price_cents=able.price_cents,
                buffer_before_min=agreed["buffer_before_min"],
                buffer_after_min=agreed["buffer_after_min"],
            )
            if able.person_id == member_id
            else able,
            person,
        )
        for able, person in loaded.candidates
    ]
    return diary.Diary(candidates, loaded.rules, loaded.members)


def _write_move(booking, item, *, start, able, member, now):
    old_start_at = booking.start_at
    set_time(booking, start=start, minutes=able.duration_min, zone_name=booking.booking_tz)
    booking.team_member = member
    booking.sequence += 1
    booking.consent = terms.moved(
        consent=booking.consent, old_start_at=old_start_at, new_start_at=booking.start_at, now=now
    )
    booking.save(
        update_fields=[
            "start_at",
            "end_at",
            "local_date",
            "local_time",
            "team_member",
            "sequence",
            "consent",
            "overrides",
            "updated_at",
        ]
    )
    item.start_at, item.end_at, item.team_member = booking.start_at, booking.end_at, member
    item.save(update_fields=["start_at", "end_at", "team_member"])


@transaction.atomic
def cancel_booking(*, business, booking, by, now, reason="", notify=True):
    """Call a visit off; its time is free at once. A fee the accepted terms ask for is noted, never charged here.

    Cancelled twice, the second changes nothing. Raises NotAllowed once the visit is over.
    """
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if booking.status == Status.CANCELED:
        return booking
    move(
        booking,
        to=Status.CANCELED,
        by=by,
        at=now,
        canceled_at=now,
        hold_expires_at=None,
        cancellation_reason=reason[:500],
        cancellation_fee_cents=terms.cancellation_fee(consent=booking.consent, now=now),
        sequence=booking.sequence + 1,
    )
    Occupancy.objects.filter(item__booking=booking).delete()
    signals.booking_canceled.send(sender=Booking, booking=booking, at=now)
    if notify:
        mail.queue_cancellation(business=business, booking=booking, now=now)
    return booking


@transaction.atomic
def check_in(*, booking, by, now):
    """The customer has arrived."""
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    move(booking, to=Status.CHECKED_IN, by=by, at=now, checked_in_at=now)
    return booking


def complete_booking(*, booking, by, now):
    """The visit took place. The caller has locked the row and owns the transaction: money follows in it."""
    move(booking, to=Status.COMPLETED, by=by, at=now, completed_at=now)
    return booking
