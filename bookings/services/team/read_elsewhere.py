"""Time blocks that were read from a person's other calendar: kept in step with it, and changed there alone."""

from django.db import transaction

from bookings import signals
from bookings.models import TimeBlock
from bookings.services import records
from bookings.services.team.time_off import LONGEST_BLOCK

MOST_READ = 2000


class TooMuch(records.NoRoom):
    """More busy times than a person may have blocked."""


@transaction.atomic
def replace_read_blocks(*, member, source_id, spans, reason, by, now):
    """Let the person's blocks of one source be exactly `spans`, disjoint (start, end); returns (added, removed) in number.

    Blocks of others, and those written down by hand, stay. Visits in them stay, too. The line in the trail is the
    caller's. Raises records.Gone, TooMuch; nothing is written then.
    """
    spans = {(max(start, end - LONGEST_BLOCK), end) for start, end in spans}
    if len(spans) > MOST_READ:
        raise TooMuch(f"There are more than {MOST_READ:,} busy times in it, too many to block.")
    records.lock()
    member = records.fresh(member)
    there = {(block.starts_at, block.ends_at): block.pk for block in TimeBlock.objects.filter(source_id=source_id)}
    gone = [pk for span, pk in there.items() if span not in spans]
    _let_go(TimeBlock.objects.filter(pk__in=gone), now)
    new = spans - there.keys()
    TimeBlock.objects.bulk_create(
        TimeBlock(
            team_member=member, starts_at=start, ends_at=end, reason=reason, created_by=by.id, source_id=source_id
        )
        for start, end in sorted(new)
    )
    return len(new), len(gone)


def remove_read_blocks(*, source_id, now):
    """The source is gone, and what was read from it; returns how many. Call within a transaction."""
    return _let_go(TimeBlock.objects.filter(source_id=source_id), now)


def _let_go(blocks, now):
    """Delete them, and tell of those that were still to come; returns how many."""
    spans = list(blocks.filter(ends_at__gt=now).order_by("starts_at").values_list("starts_at", "ends_at"))
    removed = blocks.delete()[0]
    if spans:
        signals.busy_let_go.send(sender=TimeBlock, spans=spans, at=now)
    return removed
