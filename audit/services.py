"""The only writer of the audit trail."""

from datetime import date, datetime, time

import structlog

from audit.models import AuditEntry


def record(*, actor, action, subject, at, before=None, after=None):
    """Write one line of the trail inside the caller's transaction.

    `subject` is a saved model instance; `before` and `after` are small JSON-ready dictionaries of what changed.
    """
    return AuditEntry.objects.create(
        at=at,
        actor_id=actor.id,
        actor_label=actor.label[:200],
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(subject)[:200],
        before=before or {},
        after=after or {},
        address=actor.address,
        request_id=structlog.contextvars.get_contextvars().get("request_id", "")[:64],
    )


def plain(value):
    """A column's value as JSON: what the trail keeps."""
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
