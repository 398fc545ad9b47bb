"""Closing a salon for good."""

from django.db import connection, transaction
from django_tenants.utils import schema_context

from tenants.models import ReleasedSlug
from tenants.services import names


def close_for_good(*, business, now):
    """Drop a salon with its schema, rows and addresses. Its name stays blocked for slugs.BLOCKED_FOR."""
    with schema_context("public"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "{business.schema_name}" CASCADE')
        ReleasedSlug.objects.update_or_create(slug=business.slug, defaults={"released_at": now})
        names.forget_on_commit(*business.domains.values_list("domain", flat=True))
        business.delete()
