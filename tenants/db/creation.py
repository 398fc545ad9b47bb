"""Test databases as copies of one that is built once: migrated, with two open salons in it."""

import os
import time
from hashlib import sha256
from importlib import import_module
from pathlib import Path

from django.core.management import call_command
from django.db import ProgrammingError
from django.db.backends.postgresql import creation
from django.db.migrations.loader import MigrationLoader
from psycopg.errors import InsufficientPrivilege

LOCK = 0x7465737464620001
MOST_TRIES = 40
SALONS = (
    {"slug": "rosa", "name": "Rosa Studio", "timezone": "America/New_York", "currency_code": "USD", "country": "US"},
    {"slug": "nora", "name": "Maison Nora", "timezone": "Europe/Paris", "currency_code": "EUR", "country": "FR"},
)
#: Tables whose rows every test may count on; the schema `pristine` keeps copies to restore them from.
KEPT = ("tenants_user", "tenants_business", "tenants_domain", "tenants_tenantbilling", "tenants_membership")
#: What shapes a test database besides the migrations.
CODE = (
    Path(__file__),
    *(Path(__file__).parents[1] / name for name in ("template.py", "services/opening.py", "grants.py")),
)


class DatabaseCreation(creation.DatabaseCreation):
    """Builds `tithi_tpl_<digest>` when the migrations are new, then copies it: seconds once, tenths after."""

    def create_test_db(self, verbosity=1, autoclobber=False, serialize=True, keepdb=False):
        template = f"tithi_tpl_{_digest()}"
        name = f"test_tithi_{os.getpid()}"
        with self._nodb_cursor() as cursor:
            # One builder at a time, whichever process it is in; the others wait and then copy.
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                self._ensure_template(cursor, template)
                self._drop_leftovers(cursor, template)
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        self._use(name)
        return name

    def _ensure_template(self, cursor, template):
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone():
            return
        building = f"{template}_new"
        cursor.execute(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{building}"')
        original = self.connection.settings_dict["NAME"]
        self._use(building)
        try:
            call_command("prepare", demo=False, verbosity=0)
            _open_salons()
            self._keep_rows()
        finally:
            self._use(original)
        cursor.execute(f'ALTER DATABASE "{building}" RENAME TO "{template}"')

    def _keep_rows(self):
        with self.connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA pristine")
            for table in KEPT:
                cursor.execute(f"CREATE TABLE pristine.{table} AS TABLE public.{table}")

    def _drop_leftovers(self, cursor, template):
        """Templates of older migrations, and test databases whose process is gone."""
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^(tithi_tpl_|test_tithi_[0-9]+$)'")
        for (name,) in cursor.fetchall():
            stale_test = name.startswith("test_tithi_") and not _alive(int(name.rpartition("_")[2]))
            if stale_test or (name.startswith("tithi_tpl_") and name != template):
                drop(cursor, name)

    def _use(self, name):
        self.connection.close()
        self.connection.close_pool()
        self.connection.settings_dict["NAME"] = name

    def _destroy_test_db(self, test_database_name, verbosity):
        self.connection.close_pool()
        with self._nodb_cursor() as cursor:
            drop(cursor, test_database_name)


def drop(cursor, name, *, pause=0.5):
    """Drop a database that others may still look at.

    Autovacuum, which may be among them, is nobody's, and FORCE refuses to end it. It is over soon: wait for that.
    """
    for left in reversed(range(MOST_TRIES)):
        try:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except ProgrammingError as exc:
            if not left or not isinstance(exc.__cause__, InsufficientPrivilege):
                raise
            time.sleep(pause)
        else:
            return


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _digest():
    parts = sha256(b"".join(path.read_bytes() for path in CODE))
    loader = MigrationLoader(None)
    for key in sorted(loader.disk_migrations):
        module = import_module(type(loader.disk_migrations[key]).__module__)
        parts.update(repr(key).encode() + Path(module.__file__).read_bytes())
    return parts.hexdigest()[:16]


def _open_salons():
    from tenants.models import BusinessStatus, User  # models do not exist yet when the backend is loaded
    from tenants.services import open_business

    for fields in SALONS:
        owner = User.objects.create_user(f"owner@{fields['slug']}.test")
        open_business(owner=owner, status=BusinessStatus.ACTIVE, **fields)
