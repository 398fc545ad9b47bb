"""When each sweep of the clock last ran, how long it took, and when it is due: kept in Valkey by the workers."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from celery import states
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django_tenants.utils import schema_context
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = structlog.get_logger("tithi.operators")

#: How Valkey is missed: by the cache, and by Celery.
AWAY = (OSError, RedisError, OperationalError)
KEPT = 8 * 24 * 60 * 60
KEY = "operators:sweep"
#: A sweep is overdue when half its time more has gone by, and no sooner or later than this.
LEAST_GRACE, MOST_GRACE = timedelta(minutes=2), timedelta(minutes=30)
_began = {}


@dataclass(frozen=True, slots=True)
class Sweep:
    """One line of the clock's plan. `at` is None where no run is known."""

    name: str
    task: str
    at: datetime | None = None
    seconds: float = 0
    failed: bool = False
    due: datetime | None = None
    overdue: bool = False


def begun(sender, task_id, **kwargs):
    if sender.name in _planned():
        _began[task_id] = timezone.now(), time.monotonic()


def ended(sender, task_id, state=None, **kwargs):
    """Remember the run; where Valkey is away nobody asks."""
    at, began = _began.pop(task_id, (None, None))
    if at is None:
        return
    run = {"at": at.isoformat(), "seconds": time.monotonic() - began, "failed": state == states.FAILURE}
    try:
        with schema_context("public"):
            cache.set(_key(sender.name), run, KEPT)
    except AWAY as exc:
        logger.warning("run_not_remembered", task=sender.name, error=type(exc).__name__)


def sweeps(*, now):
    """Every line of the clock's plan, those that are overdue first."""
    try:
        with schema_context("public"):
            found = cache.get_many([_key(task) for task in _planned()])
    except AWAY:
        found = {}
    plan = settings.CELERY_BEAT_SCHEDULE.items()
    lines = [_line(name, row["task"], row["schedule"], found.get(_key(row["task"])), now) for name, row in plan]
    return sorted(lines, key=lambda line: (not line.overdue, line.name))


def _line(name, task, schedule, run, now):
    if run is None:
        return Sweep(name, task)
    at = datetime.fromisoformat(run["at"])
    due = _next(schedule, at)
    grace = min(max((due - at) / 2, LEAST_GRACE), MOST_GRACE)
    return Sweep(name, task, at, run["seconds"], run["failed"], due, now > due + grace)


def _next(schedule, at):
    if isinstance(schedule, (int, float)):
        return at + timedelta(seconds=schedule)
    last, ahead, _ = schedule.remaining_delta(at)
    return last + ahead


def _planned():
    return {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}


def _key(task):
    return f"{KEY}:{task}"
