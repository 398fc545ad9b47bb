"""Closing a salon for good."""

from django.db import connection, transaction
from django_tenants.utils import schema_context

from tenants.models import ReleasedSlug, slug_of
from tenants.services import names


def close_for_good(*, business, now):
    """Drop a salon with its schema, rows and addresses. Its name, and those it had before, stay blocked for
    slugs.BLOCKED_FOR from now on: mails and print lead there.
    """
    with schema_context("public"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "{business.schema_name}" CASCADE')
        addresses = list(business.domains.values_list("domain", flat=True))
        for slug in {business.slug, *filter(None, map(slug_of, addresses))}:
            ReleasedSlug.objects.update_or_create(slug=slug, defaults={"released_at": now})
        names.forget_on_commit(*addresses)
        business.delete()
