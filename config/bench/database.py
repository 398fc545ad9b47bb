"""Databases of the benchmark's own: a developer's salons are neither read nor slowed by what it leaves behind."""

import os
from contextlib import contextmanager

from django.core.management import call_command
from django.db import OperationalError, connection

from config.local import files, processes
from tenants import hosts

PREFIX = "tithi_bench_"
PRISTINE = f"{PREFIX}{os.getpid()}"


@contextmanager
def prepared():
    """Inside, `fresh` has something to copy: an empty database with all tables and the salon template.

    One run at a time in a checkout: a second one waits, as it would spoil the figures and empty the queues of the first.
    """
    original = connection.settings_dict["NAME"]
    with files.locked("bench.lock"):
        _drop_leftovers()
        _on_server(f'CREATE DATABASE "{PRISTINE}"')
        try:
            use(PRISTINE)
            call_command("prepare", demo=False, verbosity=0)
            yield
        finally:
            use(original)
            _drop(PRISTINE)


@contextmanager
def fresh(label):
    """An empty, prepared database that Django's connection is on until the end, when it is dropped; yields its name."""
    name, before = f"{PRISTINE}_{label}", connection.settings_dict["NAME"]
    use(PRISTINE)
    connection.close_pool()
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{PRISTINE}"')
    try:
        use(name)
        yield name
    finally:
        use(before)
        _drop(name)


def use(name):
    """Point Django's connection at another database of the same server."""
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()
    hosts.forget()


def settle():
    """Give Django's database the statistics that autovacuum gives it in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _drop_leftovers():
    """Databases of a killed run: their names carry the id of a process that is gone."""
    for (name,) in _on_server("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX]):
        pid = name.removeprefix(PREFIX).partition("_")[0]
        if processes.started_at(int(pid)) is None:
            _drop(name)


def _drop(name):
    try:
        # Sends autovacuum away, which FORCE, run by a role that is no superuser, stumbles over.
        _on_server(f'DROP DATABASE IF EXISTS "{name}"')
    except OperationalError:  # sessions that a killed process left behind
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(sql, params=None):
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
