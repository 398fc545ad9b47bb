"""The search path belongs to the transaction: no statement reads another salon's rows, no session remembers one."""

import contextlib
import random
import threading

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context
from psycopg import sql

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
    with tenant_context(nora), contextlib.suppress(LookupError), transaction.atomic():
        write("nora")
        raise LookupError
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


def test_a_salon_chosen_within_a_savepoint_does_not_outlive_it(rosa, nora):
    for business in (rosa, nora):
        with tenant_context(business):
            write(business.slug)

    with tenant_context(rosa), transaction.atomic():
        with tenant_context(nora), contextlib.suppress(LookupError), transaction.atomic():
            assert labels() == ["nora"]
            raise LookupError
        assert labels() == ["rosa"]


@pytest.mark.django_db(transaction=True)
def test_a_path_first_sent_within_a_savepoint_is_sent_again_after_its_rollback(salon):
    write("a")

    with transaction.atomic():
        with contextlib.suppress(LookupError), transaction.atomic():
            labels()
            raise LookupError
        assert labels() == ["a"]


def rolled_back():
    with contextlib.suppress(LookupError), transaction.atomic():
        labels()
        raise LookupError


def lost():
    with contextlib.suppress(InterfaceError, OperationalError), transaction.atomic():
        labels()
        connection.connection.close()
    connection.close()
    connection.ensure_connection()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "before", [transaction.atomic(labels), rolled_back, labels, lost], ids=["committed", "rolled back", "bare", "lost"]
)
def test_a_transaction_of_the_drivers_own_has_the_path_whatever_came_before(salon, before):
    write("a")
    before()

    with connection.connection.transaction():
        assert labels() == ["a"]


@pytest.mark.django_db(transaction=True)
def test_executemany_is_all_or_nothing(salon):
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', now())",
            [("a" * 32,), ("a" * 32,)],
        )

    assert Session.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_error_outside_a_transaction_quotes_the_statement_and_the_next_one_works(salon):
    with pytest.raises(ProgrammingError, match=r"column \"nonsense\" does not exist\nLINE 2: SELECT nonsense\n"):
        connection.cursor().execute("SELECT nonsense")

    assert labels() == []


@pytest.mark.django_db(transaction=True)
def test_a_broken_constraint_outside_a_transaction_is_named_and_changes_nothing(salon):
    entry = write("a")
    with pytest.raises(IntegrityError) as refusal:
        AuditEntry.objects.bulk_create([AuditEntry(pk=entry.pk, at=entry.at, action="x")])

    assert refusal.value.__cause__.diag.constraint_name == "audit_auditentry_pkey"
    assert labels() == ["a"]


@pytest.mark.django_db(transaction=True)
def test_returning_description_and_rowcount_are_those_of_the_statement(salon):
    write("a")
    write("b")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET action = %s RETURNING actor_label AS label, 1 AS one", ["50%"])
        assert ([column.name for column in cursor.description], cursor.rowcount) == (["label", "one"], 2)
        assert sorted(cursor.fetchall()) == [("a", 1), ("b", 1)]
        cursor.execute("DELETE FROM audit_auditentry")
        assert (cursor.description, cursor.rowcount) == (None, 2)
        cursor.execute("SELECT 1 WHERE false")
        assert (cursor.fetchall(), cursor.rowcount, cursor.nextset()) == ([], 0, None)


@pytest.mark.django_db(transaction=True)
def test_composed_statements_bytes_and_functions_run_in_the_salon(salon):
    write("a")
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {} FROM audit_auditentry").format(sql.Identifier("actor_label")))
        assert cursor.fetchall() == [("a",)]
        cursor.execute(b"SELECT count(*) FROM audit_auditentry")
        assert cursor.fetchall() == [(1,)]
        cursor.callproc("current_schema")
        assert cursor.fetchall() == [(salon.schema_name,)]


@pytest.mark.django_db(transaction=True)
def test_iterating_in_chunks_reads_the_salon(salon):
    write("a")
    write("b")

    assert sorted(entry.actor_label for entry in AuditEntry.objects.iterator(chunk_size=1)) == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_copy_needs_a_transaction_and_runs_in_the_salon(salon):
    write("a")
    statement = "COPY audit_auditentry (actor_label) TO STDOUT"
    with pytest.raises(NotSupportedError), connection.cursor() as cursor:
        cursor.copy(statement).__enter__()

    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as copy:
        assert [bytes(line) for line in copy] == [b"a\n"]


@pytest.mark.django_db(transaction=True)
def test_statements_that_refuse_transactions_are_sent_alone(salon):
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS tithi_never_was")
        cursor.execute(f'VACUUM "{salon.schema_name}".audit_auditentry')


@pytest.mark.django_db(transaction=True)
def test_a_transaction_steered_by_hand_keeps_the_path(salon):
    connection.set_autocommit(False)
    try:
        write("a")
        connection.rollback()
        write("b")
        connection.commit()
        assert labels() == ["b"]
        connection.rollback()
    finally:
        connection.set_autocommit(True)


@pytest.mark.django_db(transaction=True)
def test_a_connection_back_in_the_pool_knows_no_salon(salon):
    with transaction.atomic():
        write("a")
    labels()
    pool = connection.pool
    connection.close()

    with pool.connection() as raw:
        assert raw.execute("SHOW search_path").fetchone() == ('"$user", public',)


@pytest.mark.parametrize("name", ["", None, 'x"; DROP', "T_UPPER", "t_" + "x" * 80])
def test_what_is_no_schema_name_is_refused(db, name):
    with pytest.raises(ImproperlyConfigured):
        connection.set_schema(name)

    assert connection.schema_name == "public"


def test_the_log_of_queries_shows_one_message_with_its_path(salon):
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert [query["sql"] for query in queries] == [
        f'SET LOCAL search_path TO "{salon.schema_name}", "public";\nSELECT 1'
    ]


def test_choosing_a_salon_keeps_the_content_types_in_memory(rosa, django_assert_num_queries):
    ContentType.objects.get_for_model(AuditEntry)

    with tenant_context(rosa), django_assert_num_queries(0):
        ContentType.objects.get_for_model(AuditEntry)


def test_introspection_sees_the_salons_own_tables_only(salon):
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)

    assert "audit_auditentry" in tables
    assert "tenants_business" not in tables
    assert labels() == []


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


# Savepoints --------------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch):
    """What reaches the server, message by message, from here on."""
    messages = []
    execute = psycopg.Cursor.execute

    def noting(self, query, *args, **kwargs):
        messages.append(str(query))
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "execute", noting)
    return messages


def fail(*, after=()):
    """A block within a savepoint that writes these and is taken back."""
    with contextlib.suppress(LookupError), transaction.atomic():
        for label in after:
            write(label)
        raise LookupError


@pytest.mark.django_db(transaction=True)
def test_a_savepoint_travels_with_the_statements_around_it(salon, sent):
    with transaction.atomic():
        write("a")
        with transaction.atomic():
            write("b")
        write("c")

    assert len(sent) == 3
    assert [text.count("SAVEPOINT") for text in sent] == [0, 1, 1]
    assert ["search_path" in text for text in sent] == [True, False, False]
    assert labels() == ["a", "b", "c"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("block", [transaction.atomic, contextlib.nullcontext])
def test_a_savepoint_around_nothing_is_never_sent(salon, sent, block):
    with transaction.atomic():
        with block():
            with transaction.atomic(), transaction.atomic():
                pass
            fail()
        write("a")

    assert len(sent) == 1
    assert sent[0].count("SAVEPOINT") == 0
    assert labels() == ["a"]


@pytest.mark.django_db(transaction=True)
def test_an_error_in_the_first_statement_after_a_savepoint_is_recovered_from(salon):
    with transaction.atomic():
        write("a")
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT nonsense")
        write("b")

    assert labels() == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_never_left_takes_no_savepoint_with_it(salon):
    with transaction.atomic(), transaction.atomic():
        with pytest.raises(DataError), transaction.atomic():
            write("\x00")
        write("a")
        fail(after=["b"])

    assert labels() == ["a"]


@pytest.mark.django_db(transaction=True)
def test_many_statements_at_once_bring_the_savepoint_along(salon):
    with transaction.atomic():
        with contextlib.suppress(LookupError), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO audit_auditentry (id, at, actor_label, action, subject_type, subject_id, subject_label,"
                    " before, after, request_id) VALUES (gen_random_uuid(), now(), %s, 'x', 'x', '1', '', '{}', '{}', '')",
                    [("a",), ("b",)],
                )
            assert labels() == ["a", "b"]
            raise LookupError
        write("c")

    assert labels() == ["c"]


@pytest.mark.django_db(transaction=True)
def test_a_release_in_a_transaction_that_has_failed_says_so(salon):
    suppressed = contextlib.suppress(ProgrammingError)
    with (
        pytest.raises(InternalError),
        transaction.atomic(),
        transaction.atomic(),
        suppressed,
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT nonsense")
    assert labels() == []


class Life:
    """Blocks within blocks, by chance, as the database should see them: `kept` is what a block would leave."""

    def __init__(self, seed):
        self.lots = random.Random(seed)
        self.number = 0

    def block(self, depth=0):
        kept = []
        for _ in range(self.lots.randrange(1, 5)):
            what = self.lots.choice(["write", "write", "block", "block", "taken back", "error"])
            if what == "write":
                self.number += 1
                write(f"{self.number:04}")
                kept.append(f"{self.number:04}")
            elif what == "error":
                with contextlib.suppress(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT nonsense")
            elif depth < 5 and what == "taken back":
                with contextlib.suppress(LookupError), transaction.atomic():
                    self.block(depth + 1)
                    raise LookupError
            elif depth < 5 and what == "block":
                with transaction.atomic():
                    kept += self.block(depth + 1)
        return kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(40))
def test_blocks_within_blocks_leave_what_they_should(salon, seed):
    with transaction.atomic():
        kept = Life(seed).block()

    assert labels() == kept
