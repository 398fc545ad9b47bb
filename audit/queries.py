"""Reads of the trail that stay quick however long it is: by an index, from one place onwards, never counted."""

import base64
import binascii
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Q

from audit.actors import SYSTEM
from audit.models import AuditEntry

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
#: Who acted without a login.
CUSTOMERS = Q(actor_id=None) & ~Q(actor_label__in=["", SYSTEM.label])
PRODUCT = Q(actor_id=None, actor_label__in=["", SYSTEM.label])


def is_by_customer(entry):
    """Whether a line is of CUSTOMERS."""
    return entry.actor_id is None and entry.actor_label not in ("", SYSTEM.label)


#: Every action there is, each found by one step of the index.
ACTIONS = """
WITH RECURSIVE found AS (
    (SELECT action FROM audit_auditentry ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (SELECT next.action FROM audit_auditentry next WHERE next.action > found.action ORDER BY next.action LIMIT 1)
    FROM found WHERE found.action IS NOT NULL
)
SELECT action FROM found WHERE action IS NOT NULL
"""


def actions():
    """The actions that occur in the trail of this salon, by name."""
    with connection.cursor() as cursor:
        cursor.execute(ACTIONS)
        return [action for (action,) in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the trail, newest first. `newer` and `older` are the places its neighbours begin at, or ""."""

    entries: list
    newer: str
    older: str


def page(entries, *, size, older_than="", newer_than=""):
    """The `size` entries after a place in the trail, or before it; the newest without one. A place that is none is none."""
    if place := _place(newer_than):
        rows = list(_newer(entries, place).order_by("at", "id")[: size + 1])
        if len(rows) > size:
            return _page(rows[:size][::-1], newer=True, older=True)
        return page(entries, size=size)  # so near the newest that these are shown
    place = _place(older_than)
    rows = list((_older(entries, place) if place else entries).order_by("-at", "-id")[: size + 1])
    return _page(rows[:size], newer=place is not None, older=len(rows) > size)


def _page(rows, *, newer, older):
    return Page(
        entries=rows,
        newer=place_of(rows[0]) if rows and newer else "",
        older=place_of(rows[-1]) if rows and older else "",
    )


def place_of(entry):
    """Where an entry stands, as a word for an address."""
    at = (entry.at - EPOCH) // MICROSECOND
    return base64.urlsafe_b64encode(at.to_bytes(8, "big") + entry.pk.bytes).decode()


def _place(text):
    """(instant, id) of a word `place_of` made, None for any other text."""
    try:
        raw = base64.urlsafe_b64decode(text)
    except (ValueError, binascii.Error):
        return None
    if len(raw) != 24:
        return None
    try:
        at = EPOCH + int.from_bytes(raw[:8], "big") * MICROSECOND
    except OverflowError:
        return None
    return at, uuid.UUID(bytes=raw[8:])


# The first condition alone is what the index is entered by.


def _older(entries, place):
    at, pk = place
    return entries.filter(at__lte=at).filter(Q(at__lt=at) | Q(pk__lt=pk))


def _newer(entries, place):
    at, pk = place
    return entries.filter(at__gte=at).filter(Q(at__gt=at) | Q(pk__gt=pk))


def entries():
    return AuditEntry.objects.all()


def lines_since(at, *, about, most):
    """The first `most` lines after an instant about models with one of these labels ("bookings.booking"), oldest first."""
    rows = AuditEntry.objects.filter(at__gt=at, subject_type__in=about).exclude(action__startswith="support.")
    return rows.order_by("at", "id").only("at", "action", "subject_type", "subject_id")[:most]
