"""A task runs in the salon it was queued in, or not at all."""

import time
from datetime import timedelta

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context
from kombu.exceptions import OperationalError
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from tenants import services
from tenants.models import Business
from tenants.tasks import HEADER, SalonGone, SalonTask, TaskWithoutSalon, for_each_salon, forget_ended_tokens

seen = []


@pytest.fixture
def app():
    seen.clear()
    made = Celery("tests", task_cls=SalonTask, broker="memory://", set_as_current=False)
    made.conf.task_ignore_result = True
    return made


@pytest.fixture
def task(app):
    @app.task(name="look", shared=False)
    def look():
        seen.append(connection.schema_name)

    return look


@pytest.fixture
def public_task(app):
    @app.task(name="look_public", public=True, shared=False)
    def look_public():
        seen.append(connection.schema_name)

    return look_public


@pytest.fixture
def sent(monkeypatch):
    """Messages instead of a broker: (task, headers)."""
    messages = []
    monkeypatch.setattr(
        Celery, "send_task", lambda self, name, *args, **options: messages.append((name, options["headers"]))
    )
    return messages


def test_a_task_is_queued_for_the_salon_chosen(task, sent, rosa, nora):
    for business in (rosa, nora):
        with tenant_context(business):
            task.delay()

    assert sent == [("look", {HEADER: rosa.schema_name}), ("look", {HEADER: nora.schema_name})]


def test_outside_a_salon_nothing_is_queued(task, sent, db):
    with pytest.raises(TaskWithoutSalon):
        task.delay()

    assert sent == []


def test_a_public_task_is_queued_from_anywhere(public_task, sent, rosa):
    public_task.delay()
    with tenant_context(rosa):
        public_task.delay()

    assert sent == [("look_public", {HEADER: "public"})] * 2


def test_what_waits_for_the_commit_belongs_to_the_salon_that_asked(
    task, sent, rosa, nora, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        with tenant_context(rosa):
            task.delay_on_commit()
        with tenant_context(nora):
            task.apply_async_on_commit()

    assert sent == [("look", {HEADER: rosa.schema_name}), ("look", {HEADER: nora.schema_name})]


def test_what_cannot_be_queued_after_the_commit_is_refused_before_it(task, db):
    with pytest.raises(TaskWithoutSalon):
        task.delay_on_commit()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_does_not_undo_the_answer(task, rosa, monkeypatch, caplog):
    def away(self, *args, **options):
        raise OperationalError("away")

    monkeypatch.setattr(Celery, "send_task", away)

    with tenant_context(rosa), transaction.atomic():
        task.delay_on_commit()

    ours = [record.levelname for record in caplog.records if record.name != "kombu.connection"]  # `memory` has no host
    assert ours == ["ERROR"]


def test_a_task_runs_in_the_salon_of_its_header_and_leaves_it(task, rosa):
    task.apply(headers={HEADER: rosa.schema_name}, throw=True)

    assert seen == [rosa.schema_name]
    assert connection.schema_name == "public"


def test_a_direct_call_runs_where_the_caller_is(task, rosa):
    with tenant_context(rosa):
        task()

    assert seen == [rosa.schema_name]
    with pytest.raises(TaskWithoutSalon):
        task()


@pytest.mark.parametrize(
    ("header", "error"),
    [("t_never_was", SalonGone), ("public", TaskWithoutSalon), ("", TaskWithoutSalon)],
)
def test_a_header_that_names_no_salon_stops_the_task(task, db, header, error):
    task.__class__._stamped = lambda self, options: options  # a message somebody else has made
    try:
        with pytest.raises(error):
            task.apply(headers={HEADER: header}, throw=True)
    finally:
        del task.__class__._stamped

    assert seen == []


def test_a_public_task_runs_in_public_whatever_the_connection_was_in(public_task, rosa):
    with tenant_context(rosa):
        public_task.apply(throw=True)
        assert connection.schema_name == rosa.schema_name

    assert seen == ["public"]


def test_every_salon_is_swept_also_from_within_one_and_ended_ones_too(task, sent, rosa, nora):
    services.open_business(slug="gone", name="x", status="canceled")
    with tenant_context(rosa):
        for_each_salon(task)

    names = set(Business.objects.values_list("schema_name", flat=True))
    assert {headers[HEADER] for _, headers in sent} == names
    assert len(sent) == len(names) == 3


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_enters_the_salon_and_refuses_a_bare_message(app, task, public_task, rosa, nora):
    @app.task(name="close", public=True, shared=False)
    def close():
        connection.close()
        seen.append("closed")

    app.set_current()
    try:
        with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=20):
            for business in (rosa, nora):
                with tenant_context(business):
                    task.delay()
            app.send_task("look")
            public_task.delay()
            close.delay()
            _wait_until(
                lambda: seen[-1:] == ["closed"]
            )  # a connection left open would keep the tables from being emptied
    finally:
        from config import celery

        celery.app.set_current()
        celery.app.set_default()  # threads ask for it: `start_worker` had put its own there

    assert seen == [rosa.schema_name, nora.schema_name, "public", "closed"]


def _wait_until(reached):
    for _ in range(100):
        if reached():
            return
        time.sleep(0.1)
    raise TimeoutError(seen)


def test_ended_tokens_are_forgotten(owner, salon):
    _ended, running = (
        OutstandingToken.objects.create(user=owner, jti=str(days), expires_at=timezone.now() + timedelta(days=days))
        for days in (-1, 1)
    )

    forget_ended_tokens()

    assert list(OutstandingToken.objects.all()) == [running]
