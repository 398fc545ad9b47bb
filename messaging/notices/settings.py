"""Writes of who is told what and how: by each for themselves, by the owner for the salon. All of it is in the trail."""

from django.db import transaction

from audit import services as audit
from messaging.models import NoticeSettings
from messaging.notices.events import EVENTS


@transaction.atomic
def change(*, reader_id, rules, by, now, **fields):
    """Write what somebody is told, or with no id what the salon's people are where they say nothing; returns it.

    `rules` is {event: How}; `fields` are of NoticeSettings. What is as it was changes nothing and leaves no line.
    """
    row = _locked(reader_id)
    wanted = {"rules": {name: how.as_json() for name, how in rules.items() if name in EVENTS}, **fields}
    before = {name: getattr(row, name) for name in wanted}
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    old = {name: audit.plain(before[name]) for name in changed}
    new = {name: audit.plain(value) for name, value in changed.items()}
    audit.record(actor=by, action="notices.changed", subject=row, at=now, before=old, after=new)
    return row


@transaction.atomic
def reset(*, reader_id, by, now):
    """Somebody is told what the salon says again."""
    row = NoticeSettings.objects.select_for_update().filter(reader_id=reader_id).first()
    if row is not None:
        before = {"rules": row.rules, "only_mine": row.only_mine}
        audit.record(actor=by, action="notices.reset", subject=row, at=now, before=before)
        row.delete()


def _locked(reader_id):
    row, _ = NoticeSettings.objects.get_or_create(reader_id=reader_id)
    return NoticeSettings.objects.select_for_update().get(pk=row.pk)
