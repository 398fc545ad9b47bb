"""What the background is doing: queues, workers, messages that wait. No names, no words of anybody's."""

from dataclasses import dataclass
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db.models import Count, Min, Q

from messaging.dispatch.models import Dispatch
from operators.models import FailedTask
from operators.runs import AWAY

LATE = timedelta(minutes=10)
RECENT = timedelta(days=7)
#: Workers that have not answered by then are not listed.
PATIENCE = 0.7


@dataclass(frozen=True, slots=True)
class Worker:
    name: str
    #: (task, seconds)
    running: tuple


def queues():
    """Queue → how many tasks wait in it, and `in hand` for those that workers have taken; None where the broker is away."""
    names = [queue.name for queue in settings.CELERY_TASK_QUEUES]
    try:
        with current_app.connection_for_read(connect_timeout=1) as broker:
            asked = broker.default_channel.client.pipeline(transaction=False)
            for name in names:
                asked.llen(name)
            asked.hlen("unacked")
            return dict(zip([*names, "in hand"], asked.execute(), strict=True))
    except AWAY:
        return None


def workers(*, now):
    """The workers that answer, and what each is running."""
    try:
        found = current_app.control.inspect(timeout=PATIENCE).active() or {}
    except AWAY:
        return []
    return [
        Worker(name, tuple((task["name"], _seconds(task.get("time_start"), now)) for task in running))
        for name, running in sorted(found.items())
    ]


def messages(*, now):
    """Of all salons, one query: how many are `due`, `late` by ten minutes, planned for `later`, `given_up` this week."""
    waiting = Q(gave_up_at=None)
    return Dispatch.objects.exclude(schema_name="public").aggregate(
        due=Count("pk", filter=waiting & Q(due_at__lte=now)),
        late=Count("pk", filter=waiting & Q(due_at__lt=now - LATE)),
        later=Count("pk", filter=waiting & Q(due_at__gt=now)),
        given_up=Count("pk", filter=Q(gave_up_at__gt=now - RECENT)),
        oldest=Min("due_at", filter=waiting & Q(due_at__lte=now)),
    )


def given_up():
    """Messages that do not leave by themselves any more, newest first."""
    return Dispatch.objects.filter(gave_up_at__isnull=False)


def open_failures():
    return FailedTask.objects.filter(state=FailedTask.State.OPEN)


def _seconds(started, now):
    return max(0, int(now.timestamp() - started)) if started else 0
