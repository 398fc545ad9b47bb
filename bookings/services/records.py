"""How rows of the catalogue and the team are written: by one at a time, checked, with a line in the trail.

The lines are those the admin writes: `service.added`, `teammember.changed`, `closure.deleted`.
"""

from functools import partial

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from audit import services as audit
from bookings import signals
from tenants.errors import DomainError
from tenants.models import Business


class Refused(DomainError):
    """Values that cannot be, or not together. `field` is the first one at fault, `sentences` has all of them.

    What is at fault as a whole stands under "".
    """

    code = "not_accepted"

    def __init__(self, sentences):
        self.field, message = next(iter(sentences.items()))
        self.sentences = sentences
        super().__init__(message)


class Gone(DomainError):
    """Somebody else has removed it meanwhile."""

    code = "not_found"
    status = 404
    message = "This is not there any more."


class NoRoom(DomainError):
    """As many as a salon may have."""

    code = "limit_reached"
    status = 409


def lock():
    """The row of the connection's salon, locked: whoever writes the catalogue, the team or the rules waits here."""
    return Business.objects.select_for_update(no_key=True).get(schema_name=connection.schema_name)


def fresh(row, **still):
    """The row as it is now, if it is there and `still` holds. Raises Gone."""
    found = type(row).objects.filter(pk=row.pk, **still).first()
    if found is None:
        raise Gone
    return found


def delete(row):
    """Delete the row unless it must stay for what refers to it; returns whether it is gone.

    A visit that arrives at this very moment counts: references are checked here and not only at the end, and from then on
    whoever wants to refer to the row waits, and finds it gone.
    """
    try:
        with transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()
            connection.check_constraints()
    except (ProtectedError, IntegrityError):
        return False
    return True


def check_room(rows, most, called):
    """Raises NoRoom where there are `most` rows already."""
    if rows.count() >= most:
        raise NoRoom(f"There are {most} {called} already, as many as there may be. Remove one first.")


def put(row, fields, columns):
    """Set columns of the row in memory; returns what differs, column → (before, after). Only `columns` may be set."""
    unknown = fields.keys() - set(columns)
    if unknown:
        raise ValueError(f"not to be set here: {sorted(unknown)}")
    changed = {}
    for name, value in fields.items():
        value = value.strip() if isinstance(value, str) else value
        if getattr(row, name) != value:
            changed[name] = (getattr(row, name), value)
            setattr(row, name, value)
    return changed


def difference(name, before, after):
    """One more entry of what `put` returns; none where both are the same."""
    return {} if before == after else {name: (before, after)}


def check(row, *rules, exclude=()):
    """Raises Refused with a sentence for every value its column does not take, then for every rule that is broken.

    `rules` take the row and give field → sentence; they see valid columns only.
    """
    refuse(_faults(partial(row.clean_fields, exclude=exclude)))
    found = _faults(row.clean)
    for rule in rules:
        found = rule(row) | found
    refuse(found)


def refuse(sentences):
    """Raises Refused if there are any."""
    if sentences:
        raise Refused(sentences)


def _faults(clean):
    try:
        clean()
    except ValidationError as exc:
        found = exc.message_dict if hasattr(exc, "error_dict") else {NON_FIELD_ERRORS: exc.messages}
        return {"" if name == NON_FIELD_ERRORS else name: " ".join(said) for name, said in found.items()}
    return {}


def note_added(row, *, by, now, **after):
    """`after` are the values worth keeping."""
    _note(row, "added", by, now, after=after)


def note_changed(row, changed, *, by, now):
    """`changed` is name → (before, after)."""
    before, after = ({name: pair[side] for name, pair in changed.items()} for side in (0, 1))
    _note(row, "changed", by, now, before=before, after=after)


def note_deleted(row, *, by, now):
    values = {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}
    _note(row, "deleted", by, now, before=values)


def _note(row, verb, by, now, before=None, after=None):
    kept = [{name: audit.plain(value) for name, value in (values or {}).items()} for values in (before, after)]
    audit.record(
        actor=by,
        action=f"{row._meta.model_name}.{verb}",
        subject=row,
        at=now,
        before=kept[0],
        after=kept[1],
    )
    signals.arranged.send(sender=type(row), row=row, at=now)
