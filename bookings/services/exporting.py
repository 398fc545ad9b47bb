"""Visits that leave as a file."""

from django.db import transaction

from audit import services as audit


@transaction.atomic
def record_visits_export(*, business, count, asked, by, now):
    """Write down that so many visits were taken along, and which were asked for. Called before the first one leaves."""
    audit.record(actor=by, action="visits.exported", subject=business, at=now, after={"count": count, **asked})
