"""Who may send what now. Every function is called within the transaction of the message it is about, but `claim`.

Locks: a message's row first, then its dispatch.
"""

import hmac
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from messaging.dispatch.models import Dispatch, TextedNumber

#: A worker that died loses what it had in hand after this long. Longer than any task may run.
CLAIM = timedelta(minutes=3)
#: Reads the messages' own rows: what a conflict has kept from being written is not sent, and needs no question of its own.
PLAN = """
    INSERT INTO dispatch_dispatch (id, schema_name, message_id, kind, due_at, created_at, reason)
    SELECT gen_random_uuid(), %s, id, kind, coalesce(%s, due_at), now(), '' FROM {box} WHERE id = ANY(%s::uuid[])
    ON CONFLICT (schema_name, message_id)
    DO UPDATE SET due_at = excluded.due_at, claim = NULL, gave_up_at = NULL, reason = ''
    RETURNING message_id
"""
FORGET = "DELETE FROM dispatch_dispatch WHERE schema_name = %s AND message_id = ANY(%s::uuid[])"


def plan(*, message, at):
    """The message has to leave at this instant, whatever was planned for it before."""
    _plan([message], at)


def plan_new(*, messages):
    """Messages that were written just now have to leave when they are due. Returns the ids of those that were: of one
    that was there already another row stands in the outbox."""
    return _plan(messages, None)


def _plan(messages, at):
    with connection.cursor() as cursor:
        box = connection.ops.quote_name(messages[0]._meta.db_table)
        cursor.execute(PLAN.format(box=box), [connection.schema_name, at, [each.pk for each in messages]])
        return {pk for (pk,) in cursor.fetchall()}


def forget(message_ids):
    """They do not leave any more, or have left."""
    with connection.cursor() as cursor:  # nothing hangs on these rows: the ORM would read them first
        cursor.execute(FORGET, [connection.schema_name, list(message_ids)])


def give_up(*, message, reason, now):
    """It does not leave by itself any more, and operators see that."""
    Dispatch.objects.filter(schema_name=connection.schema_name, message_id=message.pk).update(
        gave_up_at=now, reason=reason[:80], claim=None
    )


@transaction.atomic
def claim(*, now, size, schema_name=None):
    """Up to `size` Dispatches that are due, oldest first, in nobody else's hand until `now` + CLAIM.

    Of one salon (or of `public`, the accounts' outbox), or without a name of all salons.
    """
    due = Dispatch.objects.filter(due_at__lte=now, gave_up_at=None)
    due = due.filter(schema_name=schema_name) if schema_name else due.exclude(schema_name="public")
    taken = list(due.select_for_update(skip_locked=True).order_by("due_at")[:size])
    mine = uuid.uuid4()
    Dispatch.objects.filter(pk__in=[each.pk for each in taken]).update(claim=mine, due_at=now + CLAIM)
    for each in taken:
        each.claim, each.due_at = mine, now + CLAIM
    return taken


def keep(dispatch, *, now):
    """Whether it is still in the hand that claimed it, for another CLAIM from now on. Locks it."""
    held = Dispatch.objects.filter(pk=dispatch.pk, claim=dispatch.claim, gave_up_at=None)
    return held.update(due_at=now + CLAIM) == 1


def drop_salon(schema_name):
    """The salon is gone, and what it had to say with it."""
    Dispatch.objects.filter(schema_name=schema_name).delete()
    TextedNumber.objects.filter(schema_name=schema_name).delete()


def note_texted(number):
    """The current salon sends this number a text."""
    row = TextedNumber(schema_name=connection.schema_name, digest=_digest(number))
    TextedNumber.objects.bulk_create([row], ignore_conflicts=True)


def forget_texted(numbers):
    """The current salon knows these numbers no more."""
    found = TextedNumber.objects.filter(schema_name=connection.schema_name)
    found.filter(digest__in=[_digest(number) for number in numbers]).delete()


def salons_that_texted(number):
    """The schemas of the salons that have sent a text to this number, sorted."""
    found = TextedNumber.objects.filter(digest=_digest(number))
    return sorted(found.values_list("schema_name", flat=True))


def _digest(number):
    return hmac.new(settings.SECRET_KEY.encode(), f"texted:{number}".encode(), "sha256").hexdigest()
