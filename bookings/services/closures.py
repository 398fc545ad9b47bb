"""Closures that come from elsewhere: a country's public holidays."""

from django.db import connection, transaction

from audit import services as audit
from bookings.models import Closure, SpecialOpening


@transaction.atomic
def import_closures(*, days, by, now):
    """Close the salon on each of `days` (objects with a `date` and a `name`); returns the closures made.

    Days that are closed already, or have special hours, are left as they are: imported twice, nothing is there twice.
    """
    with connection.cursor() as cursor:  # a second import waits for this one and then finds its days
        cursor.execute("LOCK TABLE bookings_closure IN SHARE ROW EXCLUSIVE MODE")
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
