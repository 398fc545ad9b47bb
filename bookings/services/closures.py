"""Days on which the salon is shut: written down one by one, or taken over from a country's public holidays."""

from datetime import timedelta

from django.db import transaction

from audit import services as audit
from bookings import words
from bookings.models import Closure, SpecialOpening
from bookings.services import records

MOST_CLOSURES = 1000
LONGEST_CLOSURE = timedelta(days=2 * 366)


@transaction.atomic
def add_closure(*, first, last, reason="", by, now):
    """Shut the salon on the local dates `first` to `last`; visits on them stay. Raises records.Refused, records.NoRoom.

    The same closure, sent twice, is one: whoever removes it shall not find the salon shut by its twin.
    """
    records.lock()
    if twin := Closure.objects.filter(start_date=first, end_date=last, reason=reason.strip()).first():
        return twin
    records.check_room(Closure.objects, MOST_CLOSURES, "closures")
    closure = Closure(start_date=first, end_date=last, reason=reason.strip())
    records.check(closure, lambda closure: conflicts(first=closure.start_date, last=closure.end_date))
    closure.save()
    records.note_added(closure, by=by, now=now, start_date=first, end_date=last, reason=closure.reason)
    return closure


@transaction.atomic
def remove_closure(*, closure, by, now):
    """The hours count again. Raises records.Gone."""
    records.lock()
    closure = records.fresh(closure)
    records.note_deleted(closure, by=by, now=now)
    closure.delete()


def conflicts(*, first, last):
    """Field → sentence, for a closure of these dates; special hours on one of them contradict it as a whole ("")."""
    if last - first > LONGEST_CLOSURE:
        return {"end_date": "Close at most two years at once."}
    opening = SpecialOpening.objects.filter(date__range=(first, last)).first()
    if opening is None:
        return {}
    day = words.long_date(opening.date)
    return {"": f"There are special hours on {day}. Delete them first, or leave the day out."}


@transaction.atomic
def import_closures(*, days, by, now):
    """Close the salon on each of `days` (objects with a `date` and a `name`); returns the closures made.

    Days that are closed already, or have special hours, are left as they are: imported twice, nothing is there twice.
    """
    records.lock()  # a second import waits for this one and then finds its days
    made = []
    for day in days:
        if is_closed(day.date) or SpecialOpening.objects.filter(date=day.date).exists():
            continue
        closure = Closure.objects.create(start_date=day.date, end_date=day.date, reason=day.name[:120])
        after = {"start_date": day.date.isoformat(), "end_date": day.date.isoformat(), "reason": closure.reason}
        audit.record(actor=by, action="closure.added", subject=closure, at=now, after=after)
        made.append(closure)
    return made


def is_closed(day):
    """Whether a closure covers the local date."""
    return Closure.objects.filter(start_date__lte=day, end_date__gte=day).exists()
