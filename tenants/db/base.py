"""PostgreSQL with the salon's schema in every transaction and in no session.

A session-level `search_path` survives its request: behind a transaction pooler, or after a mistake, the next
request reads another salon's rows without any error. Here each transaction carries its own `SET LOCAL`, sent in
front of its first statement in the same message; a statement outside a transaction always carries one (the message
is then a transaction of its own). Savepoints travel the same way. See docs/decisions/0001-set-local.md.
"""

import re
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError
from django.db.backends.postgresql.base import Cursor
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantDatabaseWrapper
from psycopg import sql
from psycopg.pq import TransactionStatus

from tenants.db import path
from tenants.db.creation import DatabaseCreation
from tenants.db.introspection import DatabaseIntrospection

#: Steer the transaction itself: they must reach the server bare, above all when it is in an error state.
TRANSACTION_CONTROL = re.compile(
    r"\s*(BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|PREPARE\s+TRANSACTION)\b", re.I
)
#: Refuse to run in a transaction block, and name no table that a search path would find.
ALONE = re.compile(r"\s*((CREATE|DROP|ALTER)\s+DATABASE|VACUUM|ALTER\s+SYSTEM)\b", re.I)
CONCURRENTLY = re.compile(r"\s*(CREATE|DROP|REINDEX)\b.*\bCONCURRENTLY\b", re.I | re.S)
SCHEMA_NAME = re.compile(r"\A[a-z_][a-z0-9_]{0,62}\Z")


class SalonCursor(Cursor):
    """A cursor that puts the search path, and savepoints that wait, in front of what it executes."""

    wrapper = None

    def execute(self, query, params=None, **options):
        text = query.as_string(self.connection) if isinstance(query, sql.Composable) else query
        before = self.wrapper.statements_before(text) if self.wrapper else ()
        if not before:
            return super().execute(query, params, **options)
        if isinstance(text, bytes):
            text = text.decode()
        with self.wrapper.sending(before):
            super().execute("".join([*before, text]), params, **options)
        for _ in before:  # past their own empty results
            self.nextset()
        return self

    def executemany(self, query, params_seq, **options):
        """Sent as a pipeline, which knows no compound messages: the path goes first, in the same transaction."""
        if self._is_outside_transaction():
            with self.connection.transaction():
                self._set_path()
                return super().executemany(query, params_seq, **options)
        self._set_path()
        return super().executemany(query, params_seq, **options)

    def copy(self, *args, **kwargs):
        self._require_transaction("COPY")
        return super().copy(*args, **kwargs)

    def stream(self, *args, **kwargs):
        self._require_transaction("A streamed query")
        return super().stream(*args, **kwargs)

    def _is_outside_transaction(self):
        return self.connection.autocommit and self.connection.info.transaction_status == TransactionStatus.IDLE

    def _set_path(self):
        if self.wrapper:
            before = [*self.wrapper.waiting, self.wrapper.local_path]
            with self.wrapper.sending(before):
                super().execute("".join(before))

    def _require_transaction(self, what):
        if self._is_outside_transaction():
            raise NotSupportedError(f"{what} needs a transaction around it, so that the salon's path holds.")
        self._set_path()


class DatabaseWrapper(TenantDatabaseWrapper):
    """django-tenants' wrapper without its session-level `SET search_path`."""

    creation_class = DatabaseCreation

    def __init__(self, *args, **kwargs):
        self._path_now = None
        self.waiting = []
        super().__init__(*args, **kwargs)
        self.introspection = DatabaseIntrospection(self)  # the parent's constructor puts its own there

    def set_tenant(self, tenant, include_public=True):
        """Choose the schema of what follows; nothing is sent until a statement is.

        The content type cache stays: content types exist in `public` only.
        """
        name = tenant.schema_name
        if not SCHEMA_NAME.match(name or ""):
            raise ImproperlyConfigured(f"not a schema name: {name!r}")
        self.tenant = tenant
        self.schema_name = name
        self.include_public_schema = include_public
        schemas = [name] if name == "public" or not include_public else [name, "public"]
        self.local_path = path.local(*schemas)

    def _commit(self):
        self._forget_transaction()
        return super()._commit()

    def _rollback(self):
        self._forget_transaction()
        return super()._rollback()

    def _forget_transaction(self):
        self._path_now = None
        self.waiting = []

    def get_new_connection(self, conn_params):
        self._forget_transaction()
        return super().get_new_connection(conn_params)

    def _savepoint(self, sid):
        self._send_later(self.ops.savepoint_create_sql(sid))

    def _savepoint_commit(self, sid):
        """One that no statement has followed never was; else its release travels with the next statement."""
        where = self._waits_at(sid)
        if where is None:
            self._send_later(self.ops.savepoint_commit_sql(sid))
        else:
            del self.waiting[where:]

    def _savepoint_rollback(self, sid):
        """Nothing is undone where no statement has followed; those that wait within it never were."""
        where = self._waits_at(sid)
        if where is None:
            self.waiting = []
            super()._savepoint_rollback(sid)
        else:
            del self.waiting[where + 1 :]

    def _send_later(self, statement):
        """With the next statement; a transaction in an error state has to say so here and now."""
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            with self.cursor() as cursor:
                cursor.execute(statement)
        else:
            self.waiting.append(f"{statement};\n")

    def _waits_at(self, sid):
        """Its position among what waits; None where the server knows it."""
        create = f"{self.ops.savepoint_create_sql(sid)};\n"
        return self.waiting.index(create) if create in self.waiting else None

    def get_connection_params(self):
        return super().get_connection_params() | {"cursor_factory": SalonCursor}

    def _cursor(self, name=None):
        if name:
            raise NotSupportedError("Server-side cursors outlive the transaction that carries the salon's path.")
        # The parent would send its own session-level SET here.
        return super(TenantDatabaseWrapper, self)._cursor(name)

    def create_cursor(self, name=None):
        cursor = super().create_cursor(name)
        cursor.wrapper = self
        return cursor

    def statements_before(self, text):
        """What has to stand before a statement, in the same message: savepoints that wait, and the SET LOCAL where this
        transaction has not had it."""
        path = self._path_for(text)
        return [*self.waiting, path] if path else [*self.waiting]

    @contextmanager
    def sending(self, before):
        """Around a message with all that waits in it, and perhaps the path."""
        try:
            yield
        except BaseException:
            if self.connection.info.transaction_status == TransactionStatus.INERROR:
                self.waiting = []  # else it was refused on this side, and is still to come
            raise
        self.waiting = []
        # Outside a transaction there is nothing to remember.
        in_transaction = self.connection.info.transaction_status == TransactionStatus.INTRANS
        if self.local_path in before:
            self._path_now = self.local_path if in_transaction else None

    def _path_for(self, text):
        if isinstance(text, bytes):
            text = text.decode()
        if TRANSACTION_CONTROL.match(text):
            self._path_now = None  # a rollback, also to a savepoint, takes the setting back
            return ""
        if self.connection.info.transaction_status == TransactionStatus.IDLE:
            if self.connection.autocommit:
                if ALONE.match(text):
                    return ""
                if CONCURRENTLY.match(text):
                    raise NotSupportedError("CONCURRENTLY runs outside transactions, where no salon's path holds.")
            return self.local_path
        return "" if self._path_now == self.local_path else self.local_path
