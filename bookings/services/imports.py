"""Visits taken over from elsewhere. Each row takes the steps everybody takes: a hold, details, a confirmation."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from itertools import groupby

from django.db import transaction

from bookings.availability import OVERRIDABLE
from bookings.models import Booking, Resource, Source, TeamMember
from bookings.services import locks
from bookings.services.checkout import confirm_booking, submit_details
from bookings.services.holds import hold_slot
from bookings.services.import_rows import Row, RowReader
from bookings.services.requests import digest, find_by_key, remember_key
from tenants.errors import DomainError


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: `refusal` is the sentence that says why it was not taken, `known` that it already had been."""

    row: Row
    booking: Booking | None = None
    known: bool = False
    refusal: str = ""


def import_bookings(*, business, rows, by, now, dry_run=False, submit=submit_details):
    """Take over `rows` (`import_rows.Row`); returns one `Result` a row, in their order. Nobody is told by mail.

    A row that breaks a rule is refused with its sentence and nothing of it is written; the others stand. Notice and
    furthest date are set aside and recorded; the past stays closed. A row taken before is found again by its digest
    and changes nothing. A dry run answers alike and writes nothing: it tries the rows of one date together, and
    whoever books meanwhile waits for that date alone.

    `submit` is `submit_details`, or what stands in for it where there is something to pay.
    """
    reader = RowReader(business)
    results = {}
    for _, numbered in groupby(sorted(enumerate(rows), key=_when), key=_day):
        with _tried() if dry_run else nullcontext():
            for number, row in numbered:
                results[number] = _take(business=business, reader=reader, row=row, by=by, now=now, submit=submit)
    return [results[number] for number in sorted(results)]


def _when(numbered):
    return numbered[1].start


def _day(numbered):
    return numbered[1].start[:10]


@contextmanager
def _tried() -> Iterator[None]:
    """A transaction that leaves nothing behind. It takes everybody's locks at once: one by one they could deadlock."""
    with transaction.atomic():
        people = TeamMember.objects.filter(is_active=True).values_list("pk", flat=True)
        locks.lock(people=people, resources=Resource.objects.values_list("pk", flat=True))
        yield
        transaction.set_rollback(True)


def _take(*, business, reader, row, by, now, submit):
    params = asdict(row)
    key = f"import:{digest(params)}"
    try:
        if earlier := find_by_key(key=key, params=params):
            return Result(row, earlier, known=True)
        visit = reader.read(row)
        booking = _write(business=business, visit=visit, key=key, params=params, by=by, now=now, submit=submit)
    except DomainError as exc:
        return Result(row, refusal=str(exc))
    return Result(row, booking)


@transaction.atomic
def _write(*, business, visit, key, params, by, now, submit):
    """All of it or nothing."""
    booking = hold_slot(
        business=business,
        basket=visit.basket,
        start=visit.start,
        now=now,
        source=Source.IMPORT,
        override=OVERRIDABLE,
    )
    remember_key(booking=booking, key=key, params=params)
    booking = submit(business=business, booking=booking, details=visit.details, address=None, now=now, by=by)
    return confirm_booking(business=business, booking=booking, now=now, by=by, notify=False)
