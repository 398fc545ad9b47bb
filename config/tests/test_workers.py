"""What a real worker does with real messages: killed in the middle, given nobody's, let run too long; and without a broker."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import redis
from celery import Celery
from django.db import connection, transaction
from django_tenants.utils import tenant_context

from config.local import paths, processes
from config.testing import redis_url
from operators.models import FailedTask
from tenants.tasks import HEADER, MOST_DEATHS, NIGHTLY, SalonTask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATIENCE = 60


@pytest.fixture
def broker():
    """A database of Valkey's own, empty before and after."""
    url = redis_url(1)
    client = redis.Redis.from_url(url)
    client.flushdb()
    yield url
    client.flushdb()
    client.close()


@pytest.fixture
def queue(broker):
    """`queue("testing.pause", schema="t_x", queue="nightly", endpoint_id="1")` puts a message there, as it is."""
    app = Celery("outside", broker=broker, set_as_current=False)

    def put(name, *, schema=None, queue="celery", **kwargs):
        headers = {HEADER: schema} if schema else {}
        app.send_task(name, kwargs=kwargs, headers=headers, queue=queue)

    yield put
    app.close()


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def worker(broker, log):
    """`worker()` starts a worker process with one child; all are ended with the test."""
    started = []
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    env = dict(os.environ) | {"DATABASE_URL": database, "REDIS_URL": broker, "TESTING_TASKS_LOG": str(log)}
    command = [sys.executable, "-m", "celery", "-A", "config.testing_tasks", "worker", "--concurrency", "1"]

    def start():
        process = processes.launch(
            [*command, "--loglevel", "ERROR", "--without-gossip", "--without-mingle"],
            env=env,
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        processes.kill_group(process.pid)
        process.wait()


def lines(log):
    """[word, pid, parent's pid] of what tasks wrote down."""
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


def words(log):
    return [line[0] for line in lines(log)]


def until(reached):
    assert processes.wait_until(reached, PATIENCE), "not within a minute"


def test_a_task_whose_process_is_killed_is_run_again(queue, worker, log):
    queue("testing.pause", schema="public")
    worker()
    until(lambda: words(log) == ["begun"])

    os.kill(int(lines(log)[0][1]), signal.SIGKILL)

    until(lambda: words(log) == ["begun", "begun", "done"])
    assert lines(log)[0][1] != lines(log)[1][1]
    assert FailedTask.objects.count() == 0


def test_a_task_that_kills_every_worker_is_a_dead_letter(queue, worker, log):
    queue("testing.deadly", schema="public")
    worker()

    until(lambda: FailedTask.objects.exists())

    assert words(log) == ["begun"] * (1 + MOST_DEATHS)
    assert FailedTask.objects.values_list("name", "error").get() == ("testing.deadly", "KillsItsWorker")
    queue("testing.note", schema="public")
    until(lambda: "noted" in words(log))


def test_a_task_whose_worker_is_killed_whole_is_run_by_the_next(queue, worker, log):
    queue("testing.pause", schema="public")
    first = worker()
    until(lambda: words(log) == ["begun"])

    processes.kill_group(first.pid)
    first.wait()
    worker()

    until(lambda: words(log) == ["begun", "begun", "done"])
    assert lines(log)[0][2] != lines(log)[1][2]


def test_a_task_without_a_salon_fails_and_is_a_dead_letter(queue, worker, log):
    queue("testing.of_a_salon")
    queue("testing.of_a_salon", schema="t_never_was")
    queue("testing.note", schema="public")
    worker()

    until(lambda: words(log) == ["noted"])
    failed = FailedTask.objects.order_by("failed_at").values_list("name", "schema_name", "error")
    assert list(failed) == [
        ("testing.of_a_salon", "", "TaskWithoutSalon"),
        ("testing.of_a_salon", "t_never_was", "SalonGone"),
    ]


def test_a_task_over_its_limit_ends_and_the_worker_goes_on(queue, worker, log, rosa):
    queue("testing.too_long", schema=rosa.schema_name)
    queue("testing.deaf", schema=rosa.schema_name, endpoint_id=str(uuid4()))
    queue("testing.note", schema="public")
    worker()

    until(lambda: words(log) == ["noted"])
    until(lambda: FailedTask.objects.count() == 2)
    failed = FailedTask.objects.order_by("failed_at").values_list("name", "schema_name", "error")
    assert list(failed) == [
        ("testing.too_long", rosa.schema_name, "SoftTimeLimitExceeded"),
        ("testing.deaf", rosa.schema_name, "TimeLimitExceeded"),
    ]


def test_what_is_due_does_not_wait_behind_the_night(queue, worker, log):
    for _ in range(40):
        queue("testing.of_a_salon", schema="t_never_was", queue=NIGHTLY)
    queue("testing.note", schema="public")
    worker()

    until(lambda: words(log) == ["noted"])
    assert FailedTask.objects.count() < 10


def test_a_worker_takes_one_task_at_a_time(queue, worker, log, broker):
    for _ in range(5):
        queue("testing.pause", schema="public")
    worker()
    until(lambda: words(log) == ["begun"])
    time.sleep(1)

    client = redis.Redis.from_url(broker)
    in_hand, waiting = client.hlen("unacked"), client.llen("celery")
    client.close()

    assert in_hand <= 2  # one it runs, one it has fetched
    assert in_hand + waiting == 5


# Without a broker ----------------------------------------------------------------------------------


@pytest.fixture
def deaf():
    """An address that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def gone():
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def queued_at():
    """`queued_at(broker)`: seconds that ten commits took which each had something to queue there."""

    def measure(broker, business):
        app = Celery("tests", task_cls=SalonTask, broker=broker, set_as_current=False)

        @app.task(name="look", shared=False)
        def task():
            """Nobody runs it."""

        began = time.monotonic()
        for _ in range(10):
            with tenant_context(business), transaction.atomic():
                task.delay_on_commit()
        app.close()
        return time.monotonic() - began

    return measure


@pytest.mark.parametrize(("where", "most"), [("gone", 0.5), ("deaf", 1.5)])
def test_a_broker_that_is_away_neither_breaks_nor_holds_up_what_was_committed(
    where, most, request, queued_at, rosa, caplog
):
    """Ten times: the first finds out, the others do not ask."""
    took = queued_at(request.getfixturevalue(where), rosa)

    assert took < most
    assert [record.levelname for record in caplog.records] == ["ERROR"] + ["WARNING"] * 9


def test_what_is_committed_is_queued_where_the_broker_answers(queued_at, rosa, broker):
    queued_at(broker, rosa)

    client = redis.Redis.from_url(broker)
    assert client.llen("celery") == 10
    client.close()
