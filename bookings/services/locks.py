"""Who may write to whose day.

Writers of one person's or one resource's time take its advisory lock first, then look, then write; the exclusion
constraint judges last. Without the locks the constraint alone is right too, but racers deadlock on it and
wait for seconds. A transaction that needs both takes booking rows first, then advisory locks; nothing waits
for a booking row while it holds an advisory lock (giving up old holds skips locked rows). A customer's row comes last.
"""

from contextlib import contextmanager
from hashlib import blake2b

from django.db import IntegrityError, OperationalError, connection
from psycopg.errors import DeadlockDetected, ForeignKeyViolation, LockNotAvailable

from bookings.services.errors import NotAllowed, NotBookable, SlotTaken

WAIT = "2500ms"


def lock(*, people, resources=()):
    """Take the advisory locks of these people and resources (ids) until the transaction ends, in one sorted order.

    The key mixes in the schema: advisory locks belong to the database, not to a schema. Returns the instant at the
    database at which they were taken. Raises SlotTaken after 2.5 s of waiting: that many people want the same time.
    """
    schema = connection.schema_name
    keys = sorted({_key(schema, "person", pk) for pk in people} | {_key(schema, "resource", pk) for pk in resources})
    with connection.cursor() as cursor:
        try:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true); "
                "SELECT pg_advisory_xact_lock(k) FROM unnest(%s::bigint[]) AS k; "
                "SELECT clock_timestamp()",
                [WAIT, keys],
            )
            while cursor.nextset():
                pass
            return cursor.fetchone()[0]
        except OperationalError as exc:
            if isinstance(exc.__cause__, LockNotAvailable):
                raise SlotTaken from exc
            raise


def one_at_a_time(what):
    """Wait for the salon's lock of that name, however long, and have it until the transaction ends; before any other lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_key(connection.schema_name, "salon", what)])


@contextmanager
def deadlocks_lose():
    """Around a whole attempt, outside its transaction: whom the database sacrifices in a deadlock is told "taken".

    What is known to deadlock is avoided by order; two guests who swap seats of two classes at one moment still can. Whoever
    books what is removed at that moment is told that it cannot be booked: references are checked when all is written.
    """
    try:
        yield
    except IntegrityError as exc:
        if isinstance(exc.__cause__, ForeignKeyViolation):
            raise NotBookable from exc
        raise
    except OperationalError as exc:
        if isinstance(exc.__cause__, DeadlockDetected):
            raise SlotTaken from exc
        raise


@contextmanager
def long_waits_lose(booking):
    """Around a row that others may keep for long, after `lock`, whose limit holds here too: whoever waits too long is told so."""
    try:
        yield
    except OperationalError as exc:
        if isinstance(exc.__cause__, LockNotAvailable):
            sentence = "This visit is being changed right now. Please try again in a moment."
            raise NotAllowed(sentence, status_now=booking.status) from exc
        raise


def _key(schema_name, kind, pk):
    digest = blake2b(f"{schema_name}:{kind}:{pk}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
