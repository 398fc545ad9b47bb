"""Advisory locks belong to the database: those of a salon's people go through the one module that mixes in the schema."""

import re

import pytest
from django.db import connection, transaction
from django_tenants.utils import tenant_context

from bookings.services import locks
from config.tests.diary_writes import modules
from waitlist.services import turns

ADVISORY = re.compile(r"\bpg_(?:try_)?advisory_(?:xact_)?lock(?:_shared)?\s*\(")
#: Who takes one, and of what.
TAKERS = {
    "bookings/services/locks.py": "the days of a salon's people and resources, its lists, the schema in every key",
    "tenants/services/names.py": "a name on the web, which is one salon's of all",
    "tenants/template.py": "the template of all schemas",
    "tenants/management/commands/prepare.py": "the tables of the whole database",
    "tenants/db/creation.py": "the databases of tests",
}


def takers(texts):
    return {path for path, text in texts if ADVISORY.search(text)}


def test_locks_are_taken_in_these_modules_only():
    assert takers(modules()) == set(TAKERS)


@pytest.mark.parametrize(
    "line",
    [
        'cursor.execute("SELECT pg_advisory_lock(%s)", [pk])',
        'cursor.execute("SELECT pg_try_advisory_xact_lock (1, 2)")',
        'RawSQL("pg_advisory_xact_lock_shared(%s)", [pk])',
    ],
)
def test_a_lock_taken_elsewhere_is_found(line):
    assert takers([("one.py", line), ("two.py", "locks.lock(people=[pk])")]) == {"one.py"}


def test_one_id_is_another_lock_in_every_salon_and_for_every_kind(rosa, nora):
    held = []
    with transaction.atomic():
        for business in (rosa, nora, rosa):
            with tenant_context(business):
                locks.lock(people=[1])
                held.append(_held())
        with tenant_context(nora):
            locks.lock(people=[], resources=[1])
            held.append(_held())

    assert held == [1, 2, 2, 3]


def test_every_salon_has_a_waiting_list_of_its_own(rosa, nora):
    held = []
    with transaction.atomic():
        for business in (rosa, nora, rosa):
            with tenant_context(business):
                turns.take()
                held.append(_held())

    assert held == [1, 2, 2]


def _held():
    """How many advisory locks this connection holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return cursor.fetchone()[0]
