"""Looks at the current schema alone, without touching the session's search path as django-tenants' own does."""

from contextlib import contextmanager

from django.db.backends.postgresql.introspection import DatabaseIntrospection as PostgresIntrospection

from tenants.db import path


class DatabaseIntrospection(PostgresIntrospection):
    """Django's introspection, with `public` out of sight while a salon's schema is chosen."""

    @contextmanager
    def _alone(self):
        connection = self.connection
        before = connection.local_path
        connection.local_path = path.local(connection.schema_name)
        try:
            yield
        finally:
            connection.local_path = before

    def get_table_list(self, cursor):
        with self._alone():
            return super().get_table_list(cursor)

    def get_table_description(self, cursor, table_name):
        with self._alone():
            return super().get_table_description(cursor, table_name)

    def get_sequences(self, cursor, table_name, table_fields=()):
        with self._alone():
            return super().get_sequences(cursor, table_name, table_fields)

    def get_relations(self, cursor, table_name):
        with self._alone():
            return super().get_relations(cursor, table_name)

    def get_constraints(self, cursor, table_name):
        with self._alone():
            return super().get_constraints(cursor, table_name)
