"""Behind PgBouncer in transaction mode, where the stock backend of django-tenants reads other salons' rows."""

import copy
import getpass
import shutil
import socket
import subprocess
import threading
import time

import psycopg
import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone
from django_tenants.postgresql_backend.base import DatabaseWrapper as StockWrapper
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from tenants.db.base import DatabaseWrapper

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
THREADS, ROUNDS = 6, 1000

pytestmark = [
    pytest.mark.skipif(PGBOUNCER is None, reason="pgbouncer is not installed"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def pooler(tmp_path):
    """A PgBouncer with two server connections in front of the test database; its port."""
    port = _free_port()
    config = tmp_path / "pgbouncer.ini"
    database = connection.settings_dict
    config.write_text(
        "[databases]\n"
        f"pooled = host={database['HOST']} port={database['PORT'] or 5432} dbname={database['NAME']}"
        f" user={database['USER']} password={database['PASSWORD']}\n"
        "[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        "pool_mode = transaction\ndefault_pool_size = 2\nmax_client_conn = 100\nlogfile =\npidfile =\n"
    )
    command = [PGBOUNCER, "-q", str(config)]
    if getpass.getuser() == "root":  # it refuses to run as root
        command[1:1] = ["-u", "nobody"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(port):
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("pgbouncer did not start")


@pytest.fixture
def marked(rosa, nora):
    for business in (rosa, nora):
        with tenant_context(business):
            AuditEntry.objects.create(
                at=timezone.now(), actor_label=business.slug, action="x", subject_type="x", subject_id="1"
            )
    return rosa, nora


def read(wrapper_class, port, businesses, *, in_transaction):
    """Every thread reads both salons in turn; (reads, reads of the wrong salon or of none)."""
    settings = copy.deepcopy(connection.settings_dict) | {
        "HOST": "127.0.0.1",
        "PORT": port,
        "NAME": "pooled",
        "OPTIONS": {},
    }
    answers, start = [], threading.Barrier(THREADS)

    def work(shift):
        wrapper = wrapper_class(settings, alias="default")
        wrapper.inc_thread_sharing()
        start.wait()
        try:
            for number in range(ROUNDS):
                business = businesses[(number + shift) % 2]
                wrapper.set_schema(business.schema_name)
                answers.append((business.slug, _label(wrapper, in_transaction)))
        finally:
            wrapper.close()

    threads = [threading.Thread(target=work, args=(shift,)) for shift in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(answers), sum(expected != found for expected, found in answers)


def _label(wrapper, in_transaction):
    if in_transaction:
        wrapper.set_autocommit(False)
    try:
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT actor_label FROM audit_auditentry")
            found = cursor.fetchall()
    except ProgrammingError:
        found = []  # a session that is in no salon at all
    finally:
        if in_transaction:
            wrapper.commit()
            wrapper.set_autocommit(True)
    return found[0][0] if len(found) == 1 else found


@pytest.mark.parametrize("in_transaction", [False, True], ids=["autocommit", "transaction"])
def test_our_backend_reads_its_own_salon_only(pooler, marked, in_transaction):
    reads, foreign = read(DatabaseWrapper, pooler, marked, in_transaction=in_transaction)

    assert (reads, foreign) == (THREADS * ROUNDS, 0)


def test_the_stock_backend_reads_other_salons_so_this_test_can_see(pooler, marked):
    reads, foreign = read(StockWrapper, pooler, marked, in_transaction=False)

    assert reads == THREADS * ROUNDS
    assert foreign > reads // 20


def test_a_session_path_left_by_somebody_else_changes_nothing(pooler, marked):
    _, nora = marked
    with psycopg.connect(
        host="127.0.0.1", port=pooler, dbname="pooled", user="x", autocommit=True, prepare_threshold=None
    ) as stranger:
        for _ in range(20):
            stranger.execute(f'SET search_path TO "{nora.schema_name}"')
        reads, foreign = read(DatabaseWrapper, pooler, marked, in_transaction=False)

    assert (reads, foreign) == (THREADS * ROUNDS, 0)
