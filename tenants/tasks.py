"""Background work that knows whose it is."""

import structlog
from celery import shared_task
from celery.contrib.django.task import DjangoTask
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context
from redis.exceptions import RedisError

from tenants import publishing, services, sweeping
from tenants.models import Business

logger = structlog.get_logger("tithi.tasks")

HEADER = "salon_schema"
#: A queue of its own for what is done for every salon at night: workers take turns between it and the other.
NIGHTLY = "nightly"
PUBLIC = "public"
#: A deployment, or a machine that is short of memory, ends a few workers; more than that is the task's own doing.
MOST_DEATHS = 5
DEATHS_KEPT = 24 * 60 * 60


class TaskWithoutSalon(RuntimeError):
    """A task was queued or run without saying for whom: it fails instead of running in `public`."""


class SalonGone(RuntimeError):
    """A task came for a salon that does not exist any more."""


class KillsItsWorker(RuntimeError):
    """A message under which one worker after the other died: it is put aside, so that the others' work goes on."""


class SalonTask(DjangoTask):
    """A task for the salon it was queued in: the schema travels in the message's headers.

    A task for the platform says so: `@shared_task(public=True)`. Called directly, a task runs where the caller is.
    """

    abstract = True
    public = False

    def apply_async(self, args=None, kwargs=None, **options):
        """Queue it for the salon chosen now. Raises TaskWithoutSalon outside a salon."""
        return super().apply_async(args, kwargs, **self._stamped(options))

    def apply(self, args=None, kwargs=None, **options):
        return super().apply(args, kwargs, **self._stamped(options))

    def delay_on_commit(self, *args, **kwargs):
        self.apply_async_on_commit(args, kwargs)

    def apply_async_on_commit(self, args=None, kwargs=None, **options):
        """Queue it when the transaction has committed, for the salon chosen now.

        A broker that is away is logged, not raised, and not asked again for a while: the work is written down, and a
        sweep will find it.
        """
        options = self._stamped({"retry": False, **options})  # by the time of the commit another salon may be chosen

        def queue():  # not a partial: Django looks for a name when it logs the failure
            if publishing.is_resting():
                logger.warning("task_left_to_the_sweep", task=self.name)
            else:
                publishing.publish(self, args, kwargs, options)

        transaction.on_commit(queue, robust=True)

    def __call__(self, *args, **kwargs):
        _count_deaths(self)
        schema_name = self._schema()
        with structlog.contextvars.bound_contextvars(salon=schema_name), _entered(schema_name, self.name):
            return super().__call__(*args, **kwargs)

    def _stamped(self, options):
        headers = dict(options.get("headers") or {})
        headers.setdefault(HEADER, PUBLIC if self.public else connection.schema_name)
        if headers[HEADER] == PUBLIC and not self.public:
            raise TaskWithoutSalon(f"{self.name} was queued outside a salon")
        return options | {"headers": headers}

    def _schema(self):
        if self.public:
            return PUBLIC
        direct = self.request.called_directly
        schema_name = connection.schema_name if direct else (self.request.headers or {}).get(HEADER)
        if not schema_name or schema_name == PUBLIC:
            logger.error("task_without_salon", task=self.name)
            raise TaskWithoutSalon(f"{self.name} came without a salon")
        return schema_name


def _count_deaths(task):
    """A message that comes again lost its worker before. Raises KillsItsWorker when that has happened too often."""
    if not (task.request.delivery_info or {}).get("redelivered"):
        return
    key = f"tasks:deaths:{task.request.id}"
    try:
        cache.add(key, 0, DEATHS_KEPT)
        deaths = cache.incr(key)
    except (OSError, RedisError, ValueError):  # a count that is lost is worth no task
        return
    if deaths > MOST_DEATHS:
        logger.error("task_kills_its_worker", task=task.name)
        raise KillsItsWorker(f"{task.name} lost {deaths} workers")


def _entered(schema_name, task):
    if schema_name == PUBLIC:
        return schema_context(PUBLIC)
    with schema_context(PUBLIC):
        business = Business.objects.select_related("billing").filter(schema_name=schema_name).first()
    if business is None:
        logger.error("task_for_a_salon_that_is_gone", task=task, salon=schema_name)
        raise SalonGone(f"{task} came for {schema_name}, which does not exist")
    return tenant_context(business)


def for_each_salon(task):
    """Queue `task` once for every salon, ended ones too, where nothing that is due waits behind thousands of them.

    For what is done once a night; whatever runs more often asks first who has work (`where_work`).
    """
    with schema_context(PUBLIC):
        names = list(Business.objects.values_list("schema_name", flat=True).order_by("pk"))
    for schema_name in names:
        task.apply_async(headers={HEADER: schema_name}, queue=NIGHTLY)


def where_work(task, work, **how):
    """Queue `task` for the salons that have work for it (`sweeping.salons_with_work`), ended ones too: what was begun
    there, a payment or a mail, is finished. Returns how many.
    """
    names = sweeping.salons_with_work(work, **how)
    for schema_name in names:
        task.apply_async(headers={HEADER: schema_name})
    return len(names)


@shared_task(public=True)
def forget_ended_tokens():
    """Refresh tokens that have run out need no blacklist any more."""
    call_command("flushexpiredtokens")


@shared_task(public=True)
def drop_old_addresses():
    services.drop_old_addresses(now=timezone.now())
