"""The salon's own row, changed column by column: under its lock, with a line in the trail, and known to every process."""

from django.db import transaction

from audit import services as audit
from tenants import hosts
from tenants.models import Business


def with_changes(*, business, columns, changes):
    """(the locked row with `changes` in memory, column → (before, after) of what differs).

    Only `columns` may be changed.
    """
    unknown = changes.keys() - set(columns)
    if unknown:
        raise ValueError(f"not to be changed here: {sorted(unknown)}")
    row = Business.objects.select_for_update().get(pk=business.pk)
    changed = {name: (getattr(row, name), value) for name, value in changes.items() if getattr(row, name) != value}
    for name, (_, value) in changed.items():
        setattr(row, name, value)
    return row, changed


def clean(row, changed):
    """Raises Django's ValidationError for a value its column does not take."""
    row.clean_fields(exclude=[field.name for field in Business._meta.fields if field.name not in changed])


def write(*, row, changed, business, action, by, now, more=None):
    """Save what differs. The caller's `business` gets the new values too, so that it goes on with them."""
    row.save(update_fields=list(changed))
    audit.record(
        actor=by,
        action=action,
        subject=row,
        at=now,
        before={name: _plain(before) for name, (before, _) in changed.items()},
        after={name: _plain(after) for name, (_, after) in changed.items()} | (more or {}),
    )
    # Earlier, another request could look it up again before the commit and remember the old values.
    transaction.on_commit(lambda host=row.host: hosts.forget(host))
    for name in changed:
        setattr(business, name, getattr(row, name))


def _plain(value):
    return value if isinstance(value, bool | int | str) else str(value)
