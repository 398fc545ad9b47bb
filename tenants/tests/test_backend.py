"""The search path belongs to the transaction: no statement reads another salon's rows, no session remembers one."""

import threading

import pytest
from django.contrib.sessions.models import Session
from django.db import NotSupportedError, ProgrammingError, connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry


def write(label):
    return AuditEntry.objects.create(at=timezone.now(), actor_label=label, action="x", subject_type="x", subject_id="1")


def labels():
    return sorted(AuditEntry.objects.values_list("actor_label", flat=True))


def session_path():
    return connection.connection.execute("SHOW search_path").fetchone()[0]


def test_rows_of_two_salons_stay_apart(rosa, nora):
    with tenant_context(rosa):
        write("rosa")
    with tenant_context(nora):
        write("nora")

    with tenant_context(rosa):
        assert labels() == ["rosa"]
    with tenant_context(nora):
        assert labels() == ["nora"]


def test_public_does_not_know_salons_tables(rosa):
    with pytest.raises(ProgrammingError), transaction.atomic():
        AuditEntry.objects.count()


def test_a_rolled_back_savepoint_takes_the_path_along_and_it_comes_back(rosa, nora):
    with tenant_context(rosa):
        write("rosa")
    with tenant_context(nora), pytest.raises(RuntimeError), transaction.atomic():
        write("nora")
        raise RuntimeError
    with tenant_context(rosa):
        assert labels() == ["rosa"]
    with tenant_context(nora):
        assert labels() == []


def test_the_path_survives_an_error_inside_a_savepoint(rosa):
    with tenant_context(rosa):
        write("rosa")
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nonsense")
        assert labels() == ["rosa"]


def test_a_percent_sign_and_parameters_arrive_as_written(salon):
    with connection.cursor() as cursor:
        cursor.execute("SELECT '%d'")
        assert cursor.fetchall() == [("%d",)]
        cursor.execute("SELECT %s, '%%'", ["a"])
        assert cursor.fetchall() == [("a", "%")]


def test_many_statements_at_once_answer_the_first_and_run_all(salon):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1; SELECT 2")
        assert cursor.fetchall() == [(1,)]
        assert cursor.nextset()
        assert cursor.fetchall() == [(2,)]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_every_statement_carries_the_path_and_the_session_none(rosa, nora):
    with tenant_context(rosa):
        write("rosa")
        assert labels() == ["rosa"]
        assert rosa.schema_name not in session_path()
    with tenant_context(nora):
        assert labels() == []
    assert "t_" not in session_path()


@pytest.mark.django_db(transaction=True)
def test_results_are_right_outside_a_transaction(salon):
    created = write("a")

    assert AuditEntry.objects.filter(pk=created.pk).update(actor_label="b") == 1
    assert AuditEntry.objects.filter(pk="00000000-0000-0000-0000-000000000000").update(actor_label="c") == 0
    assert AuditEntry.objects.filter(actor_label="nobody").first() is None
    assert AuditEntry.objects.all().delete()[0] == 1


@pytest.mark.django_db(transaction=True)
def test_executemany_runs_in_the_salon(salon):
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', now())",
            [("a" * 32,), ("b" * 32,)],
        )

    assert Session.objects.count() == 2
    connection.set_schema_to_public()
    assert Session.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_index_building_outside_transactions_is_refused(salon):
    with pytest.raises(NotSupportedError), connection.cursor() as cursor:
        cursor.execute("CREATE INDEX CONCURRENTLY x ON audit_auditentry (action)")


@pytest.mark.django_db(transaction=True)
def test_server_side_cursors_are_refused(salon):
    with pytest.raises(NotSupportedError):
        connection._cursor(name="x")


def test_the_path_costs_no_extra_query(salon, django_assert_num_queries):
    with django_assert_num_queries(1):
        labels()


@pytest.mark.django_db(transaction=True)
def test_threads_of_one_pool_never_see_each_others_salon(rosa, nora):
    for business in (rosa, nora):
        with tenant_context(business):
            write(business.slug)
    wrong, done = [], []

    def read(business):
        try:
            for _ in range(250):
                with tenant_context(business):
                    found = labels()
                    if found != [business.slug]:
                        wrong.append(found)
                    with transaction.atomic():
                        found = labels()
                    if found != [business.slug]:
                        wrong.append(found)
                connection.close()  # back to the pool, so that threads trade connections
            done.append(business.slug)
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=(business,)) for business in (rosa, nora) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert sorted(done) == ["nora"] * 4 + ["rosa"] * 4
