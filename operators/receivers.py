"""What support looks at through a socket stands in the trail like a page: no line, no socket. And what the workers do:
every task that fails is written down, every run of a sweep remembered.
"""

from weakref import WeakValueDictionary

import structlog
from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from celery import signals
from django.db import connection
from django.dispatch import receiver
from django.utils import timezone

from dashboard.live.signals import opened
from operators import runs, services
from tenants.tasks import HEADER

logger = structlog.get_logger("tithi.operators")

SWITCHING_PROTOCOLS = 101
#: Messages a worker's first process has in hand: it hears of tasks that were ended from outside.
_received = WeakValueDictionary()


@receiver(opened)
def note_socket(sender, access, path, address, at, **kwargs):
    services.note_request(access=access, path=path, method="GET", status=SWITCHING_PROTOCOLS, address=address, now=at)


@signals.task_received.connect
def remember_message(sender, request, **kwargs):
    _received[request.id] = request


@signals.task_failure.connect
def note_failure(sender, task_id, exception, args=(), kwargs=None, **more):
    """A failure that cannot be written down is in the log; it fails nothing else."""
    arguments = dict(kwargs or {}) | {str(position): None for position, _ in enumerate(args or ())}
    try:
        services.note_failure(
            task_id=task_id,
            name=sender.name,
            schema_name=_schema(sender, task_id),
            arguments=arguments,
            error=exception,
            now=timezone.now(),
        )
    except Exception:  # an outer edge: whatever is wrong here, the worker goes on
        logger.exception("failure_not_written", task=sender.name)
    finally:
        if isinstance(exception, (TimeLimitExceeded, WorkerLostError)):
            # Told by the worker's first process, whose children must not inherit its connections.
            connection.close()
            connection.close_pool()


def _schema(task, task_id):
    if task.public:
        return "public"
    headers = task.request.headers if task.request.id == task_id else None
    if headers is None and (message := _received.get(task_id)):
        headers = message._context.headers
    return (headers or {}).get(HEADER) or ""


signals.task_prerun.connect(runs.begun)
signals.task_postrun.connect(runs.ended)
