"""Puts a visit into the diary: the same check that offered the slot, then rows, then the constraint."""

from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from bookings import availability, diary
from bookings.models import BookingItem, Occupancy
from bookings.services.errors import RuleBroken, SlotTaken

#: Reasons that mean "somebody has it" rather than "it was never on offer".
TAKEN_CODES = {availability.Code.BUSY, availability.Code.BUFFER, availability.Code.BLOCK}


def find_place(*, loaded, start, now, prefer=None, override=frozenset()):
    """The people who can take a visit at `start` (epoch seconds), best first: `prefer`, then by fairness (D10).

    Raises SlotTaken or RuleBroken where nobody can.
    """
    options, refusals = [], []
    for able, person in loaded.candidates:
        found = availability.check(
            able=able, person=person, rules=loaded.rules, start=start, now=now, override=override
        )
        if found:
            refusals.append(found)
        else:
            end = start + able.duration_min * 60
            options.append(availability.Option(person.id, person.name, able.price_cents, able.duration_min, end))
    if not options:
        raise _refusal(refusals)
    day = availability.local_date(start, loaded.rules.zone)
    order = availability.choose(options=options, persons=loaded.persons, day=day)
    return sorted(order, key=lambda member_id: member_id != prefer)


def _refusal(refusals):
    """Taken where time alone stands in the way of at least one person; else the first broken rule."""
    for found in refusals:
        if all(reason.code in TAKEN_CODES for reason in found):
            return SlotTaken()
    return RuleBroken(min(refusals, key=len))


def occupy(*, item, able, person, start, expires_at):
    """Write the occupancy rows of one item; returns False where the constraint says the time is taken after all."""
    lane = availability.free_lane(able=able, person=person, start=start)
    rows = [
        Occupancy(
            item=item,
            team_member_id=person.id,
            lane=lane,
            starts_at=datetime.fromtimestamp(begin, UTC),
            ends_at=datetime.fromtimestamp(end, UTC),
            expires_at=expires_at,
        )
        for begin, end in availability.occupied(able=able, start=start)
    ]
    try:
        with transaction.atomic():
            Occupancy.objects.bulk_create(rows)
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name.startswith("no_overlap"):
            return False
        raise
    return True


def item_for(*, booking, service, able, position=0):
    """The BookingItem, unsaved, with the service as agreed."""
    return BookingItem(
        booking=booking,
        position=position,
        service=service,
        team_member_id=able.person_id,
        start_at=booking.start_at,
        end_at=booking.end_at,
        price_cents=able.price_cents,
        snapshot=snapshot(service, able, booking.currency_code),
    )


def snapshot(service, able, currency_code):
    """What was agreed, so that editing the service never rewrites history."""
    return {
        "service_id": str(service.pk),
        "name": service.name,
        "duration_min": able.duration_min,
        "price_cents": able.price_cents,
        "currency_code": currency_code,
        "phases": [{"kind": phase.kind, "minutes": phase.minutes} for phase in able.phases],
        "buffer_before_min": able.buffer_before_min,
        "buffer_after_min": able.buffer_after_min,
        "instructions": service.instructions,
    }


def load_day(*, business, service, assignments, start, now, without=None):
    """The diary of the local date on which a visit at `start` begins, with what the fair choice needs."""
    day = availability.local_date(start, business.zone)
    return diary.load(
        business=business,
        service=service,
        assignments=assignments,
        first=day,
        last=day,
        now=now,
        without=without,
        for_choice=len(assignments) > 1,
    )
