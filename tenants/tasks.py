"""Background work that knows whose it is."""

from celery.contrib.django.task import DjangoTask
from django.db import connection
from django_tenants.utils import schema_context, tenant_context

from tenants.models import Business, BusinessStatus

HEADER = "salon_schema"
PUBLIC = "public"
AT_WORK = (BusinessStatus.ACTIVE, BusinessStatus.READY, BusinessStatus.PAUSED, BusinessStatus.ONBOARDING)


class TaskWithoutSalon(RuntimeError):
    """A task was sent or run without saying for whom: it fails instead of running in `public`."""


class SalonTask(DjangoTask):
    """A task for the salon it was queued in: the schema travels in the message's headers.

    A task for the platform says so: `@shared_task(public=True)`.
    """

    abstract = True
    public = False

    def apply_async(self, args=None, kwargs=None, headers=None, **options):
        headers = dict(headers or {})
        if self.public:
            headers[HEADER] = PUBLIC
        elif HEADER not in headers:
            if connection.schema_name == PUBLIC:
                raise TaskWithoutSalon(f"{self.name} was queued outside a salon")
            headers[HEADER] = connection.schema_name
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args, **kwargs):
        schema_name = PUBLIC if self.public else self._schema()
        if schema_name == PUBLIC:
            with schema_context(PUBLIC):
                return super().__call__(*args, **kwargs)
        with schema_context(PUBLIC):
            business = Business.objects.get(schema_name=schema_name)
        with tenant_context(business):
            return super().__call__(*args, **kwargs)

    def _schema(self):
        schema_name = (self.request.headers or {}).get(HEADER) or self.request.get(HEADER)
        if not schema_name or schema_name == PUBLIC:
            raise TaskWithoutSalon(f"{self.name} came without a salon")
        return schema_name


def for_each_salon(task, **kwargs):
    """Queue `task` once for every salon that is not cancelled."""
    names = Business.objects.filter(status__in=AT_WORK).values_list("schema_name", flat=True)
    for schema_name in names:
        task.apply_async(kwargs=kwargs, headers={HEADER: schema_name})
