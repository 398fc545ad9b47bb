"""Migrations reach every salon that can take them; one that cannot is named and stops nobody."""

import threading
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, ProgrammingError, connection, transaction
from django_tenants.utils import schema_context

from tenants import rollout, services, template
from tenants.models import SchemaRollout
from tenants.tests.catalogue import describe

#: What a salon behind lacks: all of the trail's.
PENDING = [("audit", "0001_initial"), ("audit", "0002_reading")]
DONE = ("done", 1, "")


@pytest.fixture
def behind(rosa):
    """A salon that lacks the trail."""
    business = services.open_business(slug="behind", name="Behind")
    _take_back(business, "DROP TABLE audit_auditentry")
    return business


@pytest.fixture
def broken(rosa):
    """A salon in which that cannot be made: its table is there already."""
    business = services.open_business(slug="broken", name="Broken")
    _take_back(business, "")
    return business


def _take_back(business, sql):
    with schema_context(business.schema_name), connection.cursor() as cursor:
        cursor.execute(f"{sql}; DELETE FROM django_migrations WHERE app = 'audit'")


def rows(business):
    found = SchemaRollout.objects.filter(business=business).order_by("migration")
    return list(found.values_list("status", "attempts", "error"))


@pytest.mark.parametrize("as_sql", [True, False], ids=["replayed SQL", "executor"])
def test_a_salon_behind_is_brought_up_to_date(behind, rosa, monkeypatch, as_sql):
    monkeypatch.setattr(rollout, "_is_plain_sql", lambda operations: as_sql)

    assert rollout.run() == {}

    assert describe(behind.schema_name) == describe(rosa.schema_name)
    assert rows(behind) == [DONE, DONE]
    assert rows(rosa) == []


def test_a_second_run_does_nothing(behind):
    rollout.run()

    assert rollout.run() == {}
    assert rows(behind) == [DONE, DONE]


def test_the_caller_stays_where_he_was(behind, rosa):
    with schema_context(rosa.schema_name):
        rollout.run()
        assert connection.schema_name == rosa.schema_name


def test_the_sql_is_made_once_for_all_salons(behind, rosa, monkeypatch):
    second = services.open_business(slug="second", name="x")
    _take_back(second, "DROP TABLE audit_auditentry")
    made, collect = [], rollout.Plans._collect
    monkeypatch.setattr(
        rollout.Plans, "_collect", lambda self, key, schema: made.append(key) or collect(self, key, schema)
    )

    assert rollout.run() == {}

    assert made == PENDING
    assert describe(second.schema_name) == describe(rosa.schema_name)


def test_a_bad_salon_is_named_and_the_others_are_served(broken, behind, rosa):
    before = describe(broken.schema_name)
    complaint = StringIO()

    with pytest.raises(CommandError, match=r"^1 salon\(s\) could not be brought up to date\.$"):
        call_command("migrate_salons", stderr=complaint)

    assert f"broken ({broken.schema_name}): relation" in complaint.getvalue()
    assert describe(behind.schema_name) == describe(rosa.schema_name)
    assert describe(broken.schema_name) == before
    ((status, attempts, error),) = rows(broken)
    assert (status, attempts, error[:8]) == ("failed", 1, "relation")


def test_a_salon_without_its_schema_is_named_and_the_others_are_served(behind, rosa):
    gone = services.open_business(slug="gone", name="x")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{gone.schema_name}" CASCADE')

    failed = rollout.run()

    assert {business.slug: type(error) for business, error in failed.items()} == {"gone": ProgrammingError}
    assert rows(behind) == [DONE, DONE]


def test_a_repaired_salon_is_served_by_the_next_run(broken, rosa):
    rollout.run()
    with schema_context(broken.schema_name), connection.cursor() as cursor:
        cursor.execute("DROP TABLE audit_auditentry")

    assert rollout.run() == {}
    assert rows(broken) == [("done", 2, ""), DONE]


class Lock:
    """Somebody at work in a table that the migration needs, until `release`."""

    def __init__(self, schema):
        self._ready, self._leave = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold, args=(schema,))
        self._thread.start()
        assert self._ready.wait(5)

    def _hold(self, schema):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{schema}".bookings_customer IN SHARE MODE')
            self._ready.set()
            self._leave.wait(20)
        connection.close()

    def release(self):
        self._leave.set()
        self._thread.join()


@pytest.fixture
def altering(monkeypatch):
    """The first pending migration needs a table for itself."""
    alter = "ALTER TABLE bookings_customer ADD COLUMN extra int"
    monkeypatch.setattr(rollout.Plans, "_collect", lambda self, key, schema: alter if key == PENDING[0] else "SELECT 1")
    monkeypatch.setattr(rollout, "LOCK_TIMEOUT", "50ms")


@pytest.mark.django_db(transaction=True)
def test_a_table_at_work_is_waited_for_briefly_and_tried_again(broken, altering):
    lock = Lock(broken.schema_name)
    pauses = []

    def sleep(seconds):
        pauses.append(seconds)
        lock.release()

    assert rollout.run(sleep=sleep) == {}

    assert pauses == [0.4]
    assert rows(broken) == [("done", 2, ""), DONE]


@pytest.mark.django_db(transaction=True)
def test_a_table_that_stays_at_work_is_left_alone_in_the_end(broken, altering):
    lock = Lock(broken.schema_name)
    pauses = []
    try:
        failed = rollout.run(sleep=pauses.append)
    finally:
        lock.release()

    assert [type(error) for error in failed.values()] == [OperationalError]
    assert pauses == [0.4, 0.8]
    ((status, attempts, error),) = rows(broken)
    assert (status, attempts) == ("failed", 3)
    assert "lock timeout" in error


def test_new_tables_are_opened_to_the_webs_role(behind, settings):
    settings.DATABASE_WEB_ROLE = "pg_monitor"  # a role every server has

    rollout.run()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('pg_monitor', t, 'INSERT'), has_table_privilege('pg_monitor', t, 'DELETE')"
            " FROM (SELECT %s AS t) AS one",
            [f'"{behind.schema_name}".audit_auditentry'],
        )
        assert cursor.fetchone() == (True, False)


def test_a_salon_from_before_a_ledger_gets_its_first_tables_and_then_the_ledger(behind, rosa, settings):
    """Rights are given after each migration; the ledger's table comes with a later one than the trail's."""
    settings.DATABASE_WEB_ROLE = "pg_monitor"
    with schema_context(behind.schema_name), connection.cursor() as cursor:
        cursor.execute("DROP TABLE giftcards_giftcardentry")

    assert rollout.run() == {}

    with connection.cursor() as cursor:
        trail, gone = (f'"{behind.schema_name}".{name}' for name in ("audit_auditentry", "giftcards_giftcardentry"))
        cursor.execute("SELECT to_regclass(%s) IS NULL, has_table_privilege('pg_monitor', %s, 'DELETE')", [gone, trail])
        assert cursor.fetchone() == (True, False)


def test_prepare_has_nothing_to_do_and_opens_older_salons_to_the_role(rosa, settings, django_assert_num_queries):
    settings.DATABASE_WEB_ROLE = "pg_monitor"
    call_command("prepare", demo=False)

    with django_assert_num_queries(9):
        call_command("prepare", demo=False)

    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('pg_monitor', %s, 'USAGE')", [rosa.schema_name])
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db(transaction=True)
def test_two_prepares_at_once_follow_each_other(rosa, monkeypatch):
    running, most = [], []

    def build():
        running.append(1)
        most.append(len(running))
        time.sleep(0.3)
        running.pop()

    monkeypatch.setattr(template, "build", build)

    def work():
        call_command("prepare", demo=False)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == [1, 1]
