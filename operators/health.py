"""Is the platform well? One line a subject: how it is, and what to do about it (docs/runbook-operators.md)."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from accounts.models import AccountMessage
from messaging.models import WAITING, MessageStatus
from onboarding.models import OnboardingProgress, Provisioning
from operators import background, runs
from operators.runs import AWAY
from payments.webhooks.models import EventStatus, StripeEvent
from tenants import template
from tenants.models import (
    Business,
    BusinessStatus,
    Departure,
    Domain,
    RolloutStatus,
    SchemaRollout,
    SchemaTemplate,
)

OK, WARN, BAD = "ok", "warn", "bad"
PULSE = "operators:pulse"
KEPT = 24 * 60 * 60
#: The clock queues `operators.tasks.pulse` every minute.
LATE_PULSE, LOST_PULSE = timedelta(minutes=2), timedelta(minutes=5)
LATE_MAIL = LATE_EVENT = background.LATE
RECENT = background.RECENT


@dataclass(frozen=True, slots=True)
class Line:
    subject: str
    state: str
    sentence: str


def lines(*, now):
    """Every subject in the order to look at them; the same queries whatever the number of salons."""
    return [
        _database(),
        _valkey(),
        _worker(),
        _pulse(now),
        _account_mail(now),
        _salons_mail(now),
        _sweeps(now),
        _failures(),
        _events(now),
        _rollouts(),
        _template(),
        _addresses(),
        _openings(),
        _departures(now),
    ]


def _database():
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    took = (time.monotonic() - began) * 1000
    return Line("Database", OK if took < 100 else WARN, f"Answers in {took:.0f} ms.")


def _valkey():
    try:
        cache.set("operators:here", 1, 10)
        answers = cache.get("operators:here") == 1
    except AWAY:
        answers = False
    if answers:
        return Line("Valkey", OK, "Keeps and gives back what it is told.")
    return Line("Valkey", BAD, "Does not answer. Bookings go on; mail and events wait. Start it again.")


def _worker():
    try:
        answers = current_app.control.ping(timeout=0.5)
    except AWAY:
        answers = []
    if answers:
        return Line("Workers", OK, f"{len(answers)} answered.")
    return Line("Workers", BAD, "None answered. Mail, events and payments wait: start the worker.")


def _pulse(now):
    at = _kept(PULSE)
    age = now - at if at else None
    if age is None or age > LOST_PULSE:
        return Line("Clock", BAD, "No task of the clock has run for five minutes: start the scheduler, and one only.")
    if age > LATE_PULSE:
        return Line("Clock", WARN, f"Last beat {age.seconds} s ago: the workers may be behind.")
    return Line("Clock", OK, f"Last beat {age.seconds} s ago.")


def _account_mail(now):
    late = AccountMessage.objects.filter(_is_late(now)).count()
    dead = AccountMessage.objects.filter(status=MessageStatus.DEAD, created_at__gt=now - RECENT).count()
    return _mail("Mail about accounts", late, dead)


def _salons_mail(now):
    counted = background.messages(now=now)
    return _mail("Salons’ mail", counted["late"], counted["given_up"])


def _mail(subject, late, dead):
    if late:
        sentence = f"{late} should have left ten minutes ago: look at the mail server."
        return Line(subject, BAD, sentence)
    if dead:
        return Line(subject, WARN, f"{dead} given up in a week: look at their reasons.")
    return Line(subject, OK, "Nothing waits, nothing was given up this week.")


def _sweeps(now):
    late = [sweep.name for sweep in runs.sweeps(now=now) if sweep.overdue]
    if late:
        return Line("Sweeps", WARN, f"Should have run: {_some(late)}. Look at “Background work”.")
    return Line("Sweeps", OK, "Each has run when it should.")


def _failures():
    count = background.open_failures().count()
    if count:
        return Line("Failed tasks", WARN, f"{count} wait for somebody: run them again, or lay them down.")
    return Line("Failed tasks", OK, "Nobody has to look at any.")


def _events(now):
    events = StripeEvent.objects
    waiting = events.filter(status=EventStatus.RECEIVED, received_at__lt=now - LATE_EVENT).count()
    failed = events.filter(status=EventStatus.FAILED).count()
    quarantined = events.filter(status=EventStatus.QUARANTINED).count()
    if waiting or failed:
        sentence = (
            f"{waiting} wait for ten minutes or more, {failed} were given up: read the error, process them again."
        )
        return Line("Stripe’s events", BAD, sentence)
    if quarantined:
        sentence = f"{quarantined} came from an account no salon has: find whose it is, then process them again."
        return Line("Stripe’s events", WARN, sentence)
    return Line("Stripe’s events", OK, "None waits.")


def _rollouts():
    salons = SchemaRollout.objects.filter(status=RolloutStatus.FAILED).values("business").distinct().count()
    if salons:
        return Line("Schemas", BAD, f"{salons} salons missed a migration: read why, then `manage.py migrate_salons`.")
    return Line("Schemas", OK, "No migration failed in any salon.")


def _template():
    if SchemaTemplate.objects.filter(digest=template.digest()).exists():
        return Line("Template", OK, "New salons can be opened.")
    return Line("Template", BAD, "There is none for these migrations, so no salon opens: run `manage.py prepare`.")


def _addresses():
    own = Domain.objects.filter(tenant=OuterRef("pk"))
    lost = list(Business.objects.filter(~Exists(own), status=BusinessStatus.ACTIVE).values_list("slug", flat=True)[:6])
    if lost:
        return Line("Addresses", BAD, f"Active without an address: {_some(lost)}. Nobody reaches them.")
    return Line("Addresses", OK, "Every active salon has one.")


def _openings():
    failed = OnboardingProgress.objects.filter(provisioning=Provisioning.FAILED)
    names = list(failed.values_list("name", flat=True)[:6])
    if names:
        return Line("Openings", WARN, f"Could not be opened: {_some(names)}. Read the error on their progress.")
    return Line("Openings", OK, "No salon waits to be opened.")


def _departures(now):
    due = Departure.objects.filter(erase_at__lt=now - timedelta(days=1), erased_at=None, withdrawn_at=None).count()
    if due:
        return Line("Departures", WARN, f"{due} should have been erased by yesterday: look at the workers’ log.")
    return Line("Departures", OK, "Nobody is kept longer than promised.")


def _is_late(now):
    return Q(status__in=WAITING, due_at__lt=now - LATE_MAIL)


def _some(names):
    return ", ".join(names[:5]) + (" and more" if len(names) > 5 else "")


# Counted by the clock, kept in Valkey ----------------------------------------------------------


def beat(*, now):
    """The clock and a worker live."""
    cache.set(PULSE, now.isoformat(), KEPT)


def _kept(key):
    """The instant the clock wrote down; None where there is none or Valkey is away."""
    try:
        found = cache.get(key)
    except AWAY:
        return None
    return datetime.fromisoformat(found) if found else None
