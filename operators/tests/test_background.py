"""What the background does, and what it gave up: seen by operators, tried again for a reason, never with anybody's words."""

import uuid
from datetime import timedelta

import pytest
from celery import Celery
from django.core.cache import cache
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context
from kombu.exceptions import OperationalError
from prometheus_client import REGISTRY

from bookings.tasks import expire_holds, sweep_holds
from config.celery import app
from messaging import services as messaging
from messaging.dispatch.models import Dispatch
from messaging.models import Message
from operators import background, runs, services
from operators.models import FailedTask, OperatorEntry
from operators.tests.conftest import REASON
from operators.tests.test_site import desk
from tenants.tasks import HEADER, SalonGone
from tenants.tests.api import NO_STATIC

__all__ = ["desk"]
pytestmark = NO_STATIC
SECRET = "anna@example.com"


BREAK_IT = "operators.tests.break_it"


@pytest.fixture(autouse=True, scope="module")
def _breaking_task():
    """Gone again afterwards, so that nobody who goes through all tasks meets it."""

    @app.task(name=BREAK_IT, shared=False)
    def break_it(*, booking_id, note=""):
        raise ValueError(f"could not write to {SECRET}, {note}")

    yield
    app.tasks.unregister(BREAK_IT)


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(
        Celery, "send_task", lambda self, name, *args, **how: messages.append((name, args[1], how["headers"][HEADER]))
    )
    return messages


def fail(business, **kwargs):
    """The task fails in a worker, for that salon; its row."""
    ids = {"booking_id": str(uuid.uuid4())} | kwargs
    app.tasks[BREAK_IT].apply(kwargs=ids, headers={HEADER: business.schema_name}, task_id=str(uuid.uuid4()))
    return FailedTask.objects.first(), ids


def by(operator):
    return services.By(operator, "203.0.113.9")


# Failed tasks ------------------------------------------------------------------------------------


def test_a_task_that_fails_is_written_down_without_words(rosa):
    failed, ids = fail(rosa, note=SECRET)

    assert (failed.name, failed.schema_name, failed.error) == (BREAK_IT, rosa.schema_name, "ValueError")
    assert failed.arguments == {"booking_id": ids["booking_id"], "note": None}
    assert failed.traceback.splitlines()[-1].startswith("operators/tests/test_background.py:")
    assert SECRET not in str(FailedTask.objects.values())


def test_a_message_that_fails_once_more_is_the_same_row(rosa):
    task_id = str(uuid.uuid4())
    for _ in range(2):
        app.tasks[BREAK_IT].apply(kwargs={"booking_id": "1"}, headers={HEADER: rosa.schema_name}, task_id=task_id)

    assert FailedTask.objects.values_list("task_id", "times", "state").get() == (task_id, 2, "open")


def test_a_salon_that_is_gone_is_a_failure_too(db):
    expire_holds.apply(headers={HEADER: "t_never_was"})

    assert FailedTask.objects.values_list("error", "schema_name").get() == (SalonGone.__name__, "t_never_was")


def test_what_cannot_be_written_down_fails_nothing_else(rosa, monkeypatch, caplog):
    monkeypatch.setattr(services, "note_failure", lambda **row: 1 / 0)

    assert app.tasks[BREAK_IT].apply(kwargs={"booking_id": "1"}, headers={HEADER: rosa.schema_name}).state == "FAILURE"
    assert "failure_not_written" in caplog.text


def test_run_again_queues_it_for_the_same_salon(rosa, operator, sent):
    failed, ids = fail(rosa)

    services.run_again(failed=failed, by=by(operator), reason=REASON, now=timezone.now())

    assert sent == [(BREAK_IT, ids, rosa.schema_name)]
    failed.refresh_from_db()
    assert failed.state == "again"
    entry = OperatorEntry.objects.get()
    assert (entry.action, entry.reason, entry.details) == (
        "failed_task.run_again",
        REASON,
        {"schema": rosa.schema_name},
    )
    with pytest.raises(services.NotOpen):
        services.run_again(failed=failed, by=by(operator), reason=REASON, now=timezone.now())
    assert len(sent) == 1


@pytest.mark.parametrize("change", [{"arguments": {"note": None}}, {"schema_name": ""}, {"name": "no.such.task"}])
def test_what_is_not_wholly_known_is_not_run_again(rosa, operator, sent, change):
    failed, _ = fail(rosa)
    FailedTask.objects.update(**change)

    with pytest.raises(services.NotRunnable):
        services.run_again(failed=failed, by=by(operator), reason=REASON, now=timezone.now())

    assert (sent, FailedTask.objects.get().state, OperatorEntry.objects.count()) == ([], "open", 0)


def test_while_the_queue_is_away_nothing_is_changed(rosa, operator, monkeypatch):
    def away(self, *args, **options):
        raise OperationalError("away")

    failed, _ = fail(rosa)
    monkeypatch.setattr(Celery, "send_task", away)

    with pytest.raises(services.QueueAway):
        services.run_again(failed=failed, by=by(operator), reason=REASON, now=timezone.now())

    assert (FailedTask.objects.get().state, OperatorEntry.objects.count()) == ("open", 0)


def test_an_operator_deals_with_it_on_its_page(rosa, desk, sent):
    failed, _ = fail(rosa)
    page = f"/operators/operators/failedtask/{failed.pk}/"

    assert desk.get(page + "change/").status_code == 200
    assert desk.post(page + "again/", {"reason": "short"}).status_code == 200
    assert sent == []
    assert desk.post(page + "done/", {"reason": REASON}).status_code == 302

    assert FailedTask.objects.get().state == "done"
    assert OperatorEntry.objects.get().action == "failed_task.laid_down"


def test_after_thirty_days_they_are_forgotten(rosa):
    for days in (31, 29):
        failed, _ = fail(rosa)
        FailedTask.objects.filter(pk=failed.pk).update(failed_at=timezone.now() - timedelta(days=days))

    assert services.forget_old_failures(now=timezone.now()) == 1
    assert FailedTask.objects.count() == 1


# Messages given up -------------------------------------------------------------------------------


def given_up(business, status="dead"):
    with tenant_context(business):
        message = messaging.queue(kind="hello", recipient=SECRET, subject="Hi", text="Hello", now=timezone.now())
        Message.objects.filter(pk=message.pk).update(status=status)
        Dispatch.objects.filter(message_id=message.pk).update(
            gave_up_at=timezone.now(), reason="SMTPServerDisconnected"
        )
    with schema_context("public"):
        return Dispatch.objects.get(message_id=message.pk)


def test_a_message_that_was_given_up_is_sent_again_for_a_reason(rosa, nora, desk, mailoutbox):
    letter, other = given_up(rosa), given_up(nora)
    listed = desk.get("/operators/dispatch/dispatch/").content.decode()
    page = desk.get(f"/operators/dispatch/dispatch/{letter.pk}/change/").content.decode()

    assert [f">{slug}<" in listed for slug in ("rosa", "nora")] == [True, True]
    assert SECRET not in listed + page
    assert desk.post(f"/operators/dispatch/dispatch/{letter.pk}/again/", {"reason": REASON}).status_code == 302

    assert messaging.send_due_of_all(now=timezone.now()) == 1
    assert [mail.to for mail in mailoutbox] == [[SECRET]]
    assert list(background.given_up()) == [other]
    entry = OperatorEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.details) == ("message.sent_again", str(rosa.pk), {"kind": "hello"})


def test_a_message_that_is_not_there_any_more_is_not_sent(rosa, operator):
    letter = given_up(rosa)
    with tenant_context(rosa):
        Message.objects.all().delete()

    with pytest.raises(services.LetterGone):
        services.send_again(letter=letter, by=by(operator), reason=REASON, now=timezone.now())
    assert OperatorEntry.objects.count() == 0


def test_what_only_waits_is_no_dead_letter(rosa, desk):
    with tenant_context(rosa):
        message = messaging.queue(kind="hello", recipient=SECRET, subject="Hi", text="Hello", now=timezone.now())
    letter = Dispatch.objects.get(message_id=message.pk)

    assert desk.post(f"/operators/dispatch/dispatch/{letter.pk}/again/", {"reason": REASON}).status_code in (302, 404)
    assert OperatorEntry.objects.count() == 0


# The page ----------------------------------------------------------------------------------------


def test_a_sweep_is_on_time_until_it_is_not(db):
    before = timezone.now()
    sweep_holds.apply()

    def line(now):
        return next(sweep for sweep in runs.sweeps(now=now) if sweep.name == "expire holds")

    on_time = line(before + timedelta(seconds=90))
    assert (on_time.overdue, on_time.failed) == (False, False)
    assert on_time.at >= before
    assert on_time.due == on_time.at + timedelta(seconds=60)
    assert line(before + timedelta(minutes=4)).overdue is True
    assert runs.sweeps(now=before + timedelta(minutes=4))[0].name == "expire holds"


def test_a_sweep_that_failed_says_so(db, monkeypatch):
    monkeypatch.setattr("bookings.tasks.where_work", lambda *how: 1 / 0)

    sweep_holds.apply()

    assert next(sweep for sweep in runs.sweeps(now=timezone.now()) if sweep.name == "expire holds").failed is True


def test_every_line_of_the_plan_has_a_next_time(settings, db):
    """Also those that run at an hour of the day."""
    now = timezone.now()
    for row in settings.CELERY_BEAT_SCHEDULE.values():
        cache.set(f"operators:sweep:{row['task']}", {"at": now.isoformat(), "seconds": 0.1, "failed": False})

    lines = runs.sweeps(now=now)

    assert len(lines) == len(settings.CELERY_BEAT_SCHEDULE)
    assert all(now < line.due <= now + timedelta(days=1, seconds=1) and not line.overdue for line in lines)


def test_messages_of_all_salons_are_counted_in_one_query(rosa, nora, django_assert_num_queries):
    now = timezone.now()
    for business, minutes in ((rosa, 11), (nora, 9), (nora, -60)):
        with tenant_context(business):
            at = now - timedelta(minutes=minutes)
            messaging.queue(
                kind="hello", recipient=SECRET, subject="Hi", text="x", version=minutes, send_at=at, now=now
            )
    given_up(rosa)

    with django_assert_num_queries(1):
        counted = background.messages(now=now)

    assert [counted[name] for name in ("due", "late", "later", "given_up")] == [2, 1, 1, 1]
    assert counted["oldest"] == now - timedelta(minutes=11)


def test_the_page_shows_it_all_without_a_worker(rosa, desk):
    given_up(rosa)
    fail(rosa)
    sweep_holds.apply()

    answer = desk.get("/operators/background/")

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "No worker answers" in text
    assert "Expire holds" in text
    assert "On time" in text
    assert SECRET not in text


def test_the_page_opens_while_valkey_is_away(desk, monkeypatch):
    def away(*args, **how):
        raise OperationalError("away")

    monkeypatch.setattr("celery.app.base.Celery.connection_for_read", away)

    text = desk.get("/operators/background/").content.decode()

    assert "Valkey does not answer" in text


def test_figures_for_prometheus(rosa):
    given_up(rosa)
    fail(rosa)

    def figure(name, **labels):
        return REGISTRY.get_sample_value(name, labels)

    assert figure("tithi_messages", state="given_up") == 1
    assert figure("tithi_failed_tasks") == 1
    assert figure("tithi_queue_length", queue="celery") >= 0
    assert figure("tithi_sweep_overdue", sweep="expire holds") == 0
