"""Background work that failed: written down where it happens, run again or laid down by an operator."""

import re
import traceback
from datetime import timedelta
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least
from django_tenants.utils import schema_context
from kombu.exceptions import OperationalError

from operators.models import FailedTask
from operators.services.writing import check_reason, record
from tenants.errors import DomainError
from tenants.tasks import HEADER, PUBLIC

KEPT = timedelta(days=30)
MOST_TIMES = 32_000
FRAMES = 40
#: Ids of ours and of Stripe's. Anything else a task was given may be somebody's words, and is left out.
ID = re.compile(r"\A([0-9a-f]{8}-[0-9a-f-]{27}|[a-z]{2,12}_\w{1,100}|[0-9]{1,18})\Z")


class NotOpen(DomainError):
    code = "not_open"
    status = 409
    message = "Somebody has dealt with this one already."


class NotRunnable(DomainError):
    code = "not_runnable"
    status = 409
    message = "This cannot be run again: it names no salon, or not all it was given could be kept."


class QueueAway(DomainError):
    code = "queue_away"
    status = 503
    message = "The queue does not answer. Nothing was changed: try again when Valkey is back."


def note_failure(*, task_id, name, schema_name, arguments, error, now):
    """Write a failure down; the same message failing once more is the same row, open again."""
    row = {
        "name": name[:120],
        "schema_name": schema_name[:63],
        "arguments": {key[:40]: _id_or_none(value) for key, value in arguments.items()},
        "error": type(error).__name__[:120],
        "traceback": places(error),
        "failed_at": now,
    }
    with schema_context(PUBLIC), transaction.atomic():
        _, created = FailedTask.objects.get_or_create(task_id=task_id[:64], defaults=row)
        if not created:
            again = {"times": Least(F("times") + 1, MOST_TIMES), "state": FailedTask.State.OPEN, "ended_at": None}
            FailedTask.objects.filter(task_id=task_id[:64]).update(**row | again)


def places(error):
    """Where in the code an error came from: files, lines and functions, innermost last, and nothing of what they held."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return "\n".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)


def can_run_again(failed):
    """Whether all that the task was given is known, and for whom."""
    task = current_app.tasks.get(failed.name)
    if task is None or None in failed.arguments.values():
        return False
    return bool(failed.schema_name) and (failed.schema_name == PUBLIC) == task.public


@transaction.atomic
def run_again(*, failed, by, reason, now):
    """Queue it once more, for the same salon, with the same ids. Raises ReasonTooShort, NotOpen, NotRunnable, QueueAway."""
    reason = check_reason(reason)
    failed = _open(failed)
    if not can_run_again(failed):
        raise NotRunnable
    _end(failed, FailedTask.State.AGAIN, now)
    record(by=by, action="failed_task.run_again", subject=failed, at=now, reason=reason, schema=failed.schema_name)
    try:  # last: where this transaction fails nevertheless, the task runs once too often, which every task may
        current_app.tasks[failed.name].apply_async(
            kwargs=failed.arguments, headers={HEADER: failed.schema_name}, retry=False
        )
    except (OperationalError, OSError) as exc:
        raise QueueAway from exc
    return failed


@transaction.atomic
def lay_down(*, failed, by, reason, now):
    """It needs nothing more. Raises ReasonTooShort, NotOpen."""
    reason = check_reason(reason)
    failed = _open(failed)
    _end(failed, FailedTask.State.DONE, now)
    record(by=by, action="failed_task.laid_down", subject=failed, at=now, reason=reason, schema=failed.schema_name)
    return failed


def forget_old_failures(*, now):
    """After 30 days nobody runs them again; returns how many went."""
    return FailedTask.objects.filter(failed_at__lt=now - KEPT).delete()[0]


def _open(failed):
    failed = FailedTask.objects.select_for_update().get(pk=failed.pk)
    if failed.state != FailedTask.State.OPEN:
        raise NotOpen
    return failed


def _end(failed, state, now):
    failed.state, failed.ended_at = state, now
    failed.save(update_fields=["state", "ended_at"])


def _id_or_none(value):
    return str(value) if ID.match(str(value)) else None


def _short(filename):
    """From the project's folder, or from the library's, onwards."""
    path = Path(filename)
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return str(path.relative_to(settings.BASE_DIR)) if path.is_relative_to(settings.BASE_DIR) else path.name
