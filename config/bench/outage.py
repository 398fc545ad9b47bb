"""Booking while the broker and cache are away, and while the mail server is: how long an answer takes, and whether every
message leaves, once, when they are back."""

import tempfile
from itertools import count, islice
from pathlib import Path
from statistics import median

from django.db.models import Sum
from django.test.utils import override_settings
from django.utils import timezone
from django_tenants.utils import tenant_context

from config.bench import data, orders, server
from config.bench.results import Result
from messaging import services as messaging
from messaging.models import Message, MessageStatus

#: Nobody listens there.
AWAY = {"REDIS_URL": "redis://127.0.0.1:1/0", "EMAIL_URL": "smtp://127.0.0.1:1"}
REQUESTS, QUICK_REQUESTS = 40, 8
ROUNDS, QUICK_ROUNDS = 5, 2
SMTP = "django.core.mail.backends.smtp.EmailBackend"
RECORDING = "messaging.local_mail.RecordingBackend"


def run(*, quick=False):
    """Yield the results. Raises RuntimeError where a booking is refused."""
    salon = data.open_salon("outage", now=timezone.now(), fields={"horizon_days": 730})
    data.settle(salon)
    requests, rounds = (QUICK_REQUESTS, QUICK_ROUNDS) if quick else (REQUESTS, ROUNDS)
    starts, numbers = orders.free_starts(salon), count()
    with server.serving() as well, server.serving(**AWAY) as alone:
        turns = [
            [_book(salon, side, list(islice(starts, requests)), numbers) for side in (well, alone)]
            for _ in range(rounds + 1)
        ][1:]
    with_all, without = ([seconds for turn in turns for seconds in turn[side]] for side in (0, 1))
    yield Result("outage: booking with broker and mail server, p50", median(with_all) * 1000, "ms")
    yield Result("outage: booking without them, p50", median(without) * 1000, "ms")
    yield Result("outage: without ÷ with, p50", median(without) / median(with_all), "×", at_most=1.2)
    yield Result("outage: booking without them, slowest", max(without) * 1000, "ms")
    with tenant_context(salon.business):
        yield from _leaving()


def _book(salon, running, wanted, numbers):
    bodies = [orders.order(salon, people, start, next(numbers)) for people, start in wanted]
    answers = running.send([orders.message(salon, running, "/booking/create", body) for body in bodies], connections=1)
    if wrong := [answer for answer in answers if answer.status != 201]:
        raise RuntimeError(f"{len(wrong)} answers like {wrong[0].status}: {wrong[0].body[:500]!r}")
    return [answer.seconds for answer in answers]


def _leaving():
    """What was written meanwhile, tried in vain, and then sent."""
    now = timezone.now()
    # Reminders of visits far ahead are due when those come.
    due = list(Message.objects.filter(status=MessageStatus.QUEUED, due_at__lte=now).values_list("pk", flat=True))
    waiting, written = Message.objects.filter(pk__in=due), len(due)
    with override_settings(EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=1):
        left = messaging.send_due(now=now)
    yield Result("outage: messages written", written, "messages", at_least=1)
    yield Result("outage: left while the mail server was away", left, "messages", at_most=0)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder)
        with override_settings(EMAIL_BACKEND=RECORDING, EMAIL_FILE_PATH=kept, EMAIL_RELAY_BACKEND=""):
            after = max(waiting.values_list("due_at", flat=True), default=now)
            while messaging.send_due(now=after):
                pass
        ids = [_id_of(path) for path in kept.glob("*.eml")]
    repeats = Message.objects.aggregate(found=Sum("repeats"))["found"]
    yield Result("outage: left when it was back", len(set(ids)), "messages", at_most=written, at_least=written)
    yield Result("outage: left more than once", len(ids) - len(set(ids)) + repeats, "messages", at_most=0)


def _id_of(path):
    lines = path.read_text("utf-8", "replace").splitlines()
    [found] = [line for line in lines if line.startswith("X-Entity-Ref-ID:")]
    return found
