"""Puts the test database back after tests that commit: pytest-django's own flush empties `public` and forgets the salons."""

from django.core import serializers
from django.db import connection, transaction
from django_tenants.utils import schema_context

from tenants.models import Business, Domain, Membership, SchemaTemplate, TenantBilling, User

KEPT = (User, Business, Domain, TenantBilling, Membership, SchemaTemplate)


class Snapshot:
    """The shared rows every test may count on."""

    def __init__(self, rows):
        self.rows = rows

    @classmethod
    def take(cls):
        connection.set_schema_to_public()
        return cls([serializers.serialize("json", model.objects.all()) for model in KEPT])

    def restore(self):
        connection.set_schema_to_public()
        with transaction.atomic():
            _empty("public")
            for rows in self.rows:
                for row in serializers.deserialize("json", rows):
                    row.save()
            for schema_name in _schemas():
                _empty(schema_name)
        self._drop_strays()

    def _drop_strays(self):
        known = set(Business.objects.values_list("schema_name", flat=True))
        with connection.cursor() as cursor:
            for stray in set(_schemas()) - known:
                cursor.execute(f'DROP SCHEMA "{stray}" CASCADE')


def _schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%%'", [])
        return [name for (name,) in cursor.fetchall()]


def _empty(schema_name):
    """Truncate a schema's tables, leaving migrations and content types."""
    with schema_context(schema_name), connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%%I.%%I', schemaname, tablename), ', ') FROM pg_tables"
            " WHERE schemaname = %s AND tablename NOT IN"
            " ('django_migrations', 'django_content_type', 'auth_permission')",
            [schema_name],
        )
        if tables := cursor.fetchone()[0]:
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
