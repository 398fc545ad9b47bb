"""Dates on which a person works differently, and time in which they cannot be booked. Visits in it stay."""

from datetime import timedelta

from django.db import transaction

from bookings.models import SpecialDay, TimeBlock
from bookings.services import records
from tenants.errors import DomainError

MOST_SPECIAL_DAYS, MOST_BLOCKS = 1000, 5000
LONGEST_BLOCK = timedelta(days=2 * 366)
SPECIAL_DAY = ("shifts", "open_anyway", "reason")
BLOCK = ("team_member", "starts_at", "ends_at", "reason")


class ChangedSince(DomainError):
    code = "changed_since"
    status = 409
    message = "This block has been changed again since. Look where it is now."


class ReadElsewhere(DomainError):
    code = "read_elsewhere"
    status = 409
    message = "This time comes from another calendar. Change it there, or remove that calendar under “Calendars”."


@transaction.atomic
def set_special_day(*, member, date, shifts, open_anyway=False, reason="", by, now):
    """What the person works on that local date, in place of the weekly plan: [(start_min, end_min)]; [] is a day off.

    `open_anyway` works even where the salon is closed. What was there for the date is replaced. Raises records.Refused,
    records.NoRoom, records.Gone.
    """
    records.lock()
    member = records.fresh(member)
    day = SpecialDay.objects.filter(team_member=member, date=date).first()
    added = day is None
    if added:
        records.check_room(member.special_days, MOST_SPECIAL_DAYS, "special days")
        day = SpecialDay(team_member=member, date=date)
    values = {"shifts": sorted(list(shift) for shift in shifts), "open_anyway": open_anyway, "reason": reason}
    changed = records.put(day, values, SPECIAL_DAY)
    records.check(day)
    day.save()
    if added:
        records.note_added(day, by=by, now=now, date=date, **values)
    elif changed:
        records.note_changed(day, changed, by=by, now=now)
    return day


@transaction.atomic
def remove_special_day(*, special_day, by, now):
    """The weekly plan counts again on its date. Raises records.Gone."""
    _remove(special_day, by, now)


@transaction.atomic
def add_time_block(*, member, starts_at, ends_at, reason="", by, now):
    """Nobody books the person between these instants any more. Raises records.Refused, records.NoRoom, records.Gone."""
    records.lock()
    member = records.fresh(member)
    records.check_room(member.time_blocks.filter(source_id=None), MOST_BLOCKS, "time blocks of this person")
    block = TimeBlock(team_member=member, starts_at=starts_at, ends_at=ends_at, reason=reason.strip(), created_by=by.id)
    records.check(block, _length)
    block.save()
    values = {"starts_at": starts_at, "ends_at": ends_at, "reason": block.reason}
    records.note_added(block, by=by, now=now, team_member=member, **values)
    return block


@transaction.atomic
def change_time_block(*, time_block, fields, by, now, seen=""):
    """Set `fields` (of BLOCK) of a person's block: another time, another person, another reason.

    `seen` is the `mark_of` the block whose change is meant. Raises ChangedSince where it is another by now, ReadElsewhere,
    records.Refused, records.NoRoom, records.Gone; nothing is written where nothing changes.
    """
    records.lock()
    block = records.fresh(time_block, team_member__isnull=False)
    _check_own(block)
    if seen and seen != mark_of(block):
        raise ChangedSince
    was_of = block.team_member_id
    changed = records.put(block, fields, BLOCK)
    member = records.fresh(block.team_member)
    if member.pk != was_of:
        records.check_room(member.time_blocks, MOST_BLOCKS, "time blocks of this person")
    records.check(block, _length)
    if changed:
        block.save()
        records.note_changed(block, changed, by=by, now=now)
    return block


def mark_of(block):
    """Whose block it is, and when: what somebody has seen who wants to take a change back."""
    return f"{block.team_member_id} {block.starts_at.timestamp():.0f} {block.ends_at.timestamp():.0f}"


@transaction.atomic
def remove_time_block(*, time_block, by, now):
    """The person can be booked again then. Raises ReadElsewhere, records.Gone."""
    _check_own(time_block)
    _remove(time_block, by, now)


def _check_own(block):
    """What was read from a calendar would be there again with its next reading."""
    if block.source_id is not None:
        raise ReadElsewhere


def _length(block):
    too_long = block.ends_at - block.starts_at > LONGEST_BLOCK
    return {"ends_at": "Block at most two years at once."} if too_long else {}


def _remove(row, by, now):
    records.lock()
    row = records.fresh(row)
    records.note_deleted(row, by=by, now=now)
    row.delete()
