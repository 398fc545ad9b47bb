"""Is everything in the diary explained, and every cent? What is not is said in a sentence; a sound salon has none.

The diary is read from its rows, not asked of the code that wrote them.
"""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

from django.db.models import Prefetch

from bookings import integrity
from bookings.models import Booking, BookingItem, Occupancy, Status, TimeBlock
from payments.models import LedgerEntry, LedgerKind, Payment, PaymentStatus
from payments.services import reconciling

OVER = (Status.CANCELED, Status.EXPIRED, Status.FAILED)
CLOSED = (Status.COMPLETED, Status.NO_SHOW, Status.CANCELED)


def faults(*, business, now, at_stripe=False):
    """Sentences about the current salon. `at_stripe` compares its ledger with what Stripe moved, too."""
    occupied = Occupancy.objects.select_related("item__booking", "session", "team_member", "resource")
    rows = list(occupied.prefetch_related("item__booking__items"))
    found = [finding.sentence for finding in integrity.verify(business=business).errors]
    found += [*_meeting(rows), *_unexplained(rows), *_not_kept(rows), *_within_blocks(rows)]
    found += [*_uneven(), *_unexplained_money()]
    if at_stripe:
        found += [
            difference.text for difference in reconciling.reconcile(business=business, now=now, days=400).differences
        ]
    return found


def _meeting(rows):
    """Two rows of one person, or of one chair, at the same instant."""
    lanes = defaultdict(list)
    for row in rows:
        lanes[row.team_member_id, row.resource_id, row.lane].append(row)
    for taken in lanes.values():
        taken.sort(key=lambda row: row.starts_at)
        for before, after in pairwise(taken):
            if after.starts_at < before.ends_at:
                yield f"{after.team_member or after.resource} is taken twice at {after.starts_at:%Y-%m-%d %H:%M} UTC."


def _unexplained(rows):
    """Time that no visit needs, or more of it than its visit agreed."""
    for row in rows:
        if row.session_id:
            continue
        item = row.item
        if item.booking.status in OVER:
            yield f"{item.booking.ref} is {item.booking.get_status_display().lower()}, and its time is kept."
        # What two services of a visit need is kept in one piece, with the first of them.
        agreed = [_agreed(each) for each in ([item] if row.team_member_id else item.booking.items.all())]
        if not min(low for low, _ in agreed) <= row.starts_at < row.ends_at <= max(high for _, high in agreed):
            yield f"{item.booking.ref} keeps time outside itself."
        if row.team_member_id not in (None, item.team_member_id):
            yield f"{item.booking.ref} keeps the time of somebody else."


def _agreed(item):
    """From when to when a service keeps somebody, with the time around it."""
    snapshot = item.snapshot
    before, after = (timedelta(minutes=snapshot.get(f"buffer_{side}_min", 0)) for side in ("before", "after"))
    return item.start_at - before, item.end_at + after


def _not_kept(rows):
    """Visits whose person is not kept from their start to their end, the pauses agreed aside."""
    kept = defaultdict(list)
    for row in rows:
        if row.item_id and row.team_member_id:
            kept[row.item_id].append(row)
    items = BookingItem.objects.exclude(booking__status__in=OVER).filter(session=None).select_related("booking")
    for item in items:
        own = kept[item.pk]
        if (
            not own
            or min(row.starts_at for row in own) > item.start_at
            or max(row.ends_at for row in own) < item.end_at
        ):
            yield f"{item.booking.ref} is not kept free."


def _within_blocks(rows):
    """Who is away is with nobody; a visit that had begun when the block was made goes on."""
    for block in TimeBlock.objects.exclude(team_member=None).select_related("team_member"):
        for row in rows:
            meets = row.team_member_id == block.team_member_id and block.starts_at < row.ends_at
            if meets and block.starts_at < row.starts_at < block.ends_at:
                yield f"{block.team_member} is away and has a visit at {row.starts_at:%Y-%m-%d %H:%M} UTC."


def _uneven():
    """Payments that are settled and whose parts do not add up, or that are settled before their visit is closed."""
    settled = Payment.objects.exclude(status=PaymentStatus.REQUIRES_ACTION).select_related("booking")
    for payment in settled:
        if payment.status == PaymentStatus.CANCELED:
            if payment.captured_cents or payment.cash_cents or payment.gift_cents:
                yield f"The payment of {payment.booking.ref} is called off, and something was taken."
            continue
        paid = payment.gift_cents + payment.discount_cents + payment.captured_cents
        if paid + payment.cash_cents + payment.waived_cents != payment.due_cents:
            yield f"The payment of {payment.booking.ref} does not add up to {payment.due_cents}."
        if payment.booking.status not in CLOSED:
            yield f"{payment.booking.ref} is paid before it is over."
        if payment.booking.status == Status.COMPLETED and payment.amount_cents != payment.booking.price_cents:
            yield f"{payment.booking.ref} was agreed at {payment.booking.price_cents} and closed at {payment.amount_cents}."


def _unexplained_money():
    """Lines of the ledger behind which no visit stands, and visits with another sum than their lines."""
    moved = Prefetch("ledger_entries", queryset=LedgerEntry.objects.order_by("at"))
    for line in LedgerEntry.objects.filter(booking=None, order=None):
        yield f"{line.amount} moved for no visit ({line.stripe_id})."
    for payment in Payment.objects.select_related("booking").prefetch_related(moved):
        taken = sum(line.amount_cents for line in payment.ledger_entries.all() if line.kind == LedgerKind.CAPTURE)
        if taken != payment.captured_cents:
            yield f"{payment.booking.ref} says {payment.captured_cents} taken, the ledger {taken}."
    closed = Booking.objects.filter(status__in=(Status.COMPLETED, Status.NO_SHOW))
    for booking in closed.exclude(payments__is_current=True):
        yield f"{booking.ref} is closed, and no payment stands for it."
