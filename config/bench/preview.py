"""What a change of settings would change, for a salon whose diary is full for weeks: every kind of change."""

import time
from datetime import timedelta

from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.services import previews
from config.bench import data
from config.bench.results import Result
from config.bench.timing import counted, percentile

ROUNDS, QUICK_ROUNDS = 40, 6
BOOKINGS, FEWER = data.BOOKINGS, 500
EVERY_DAY = range(1, 8)
#: Every visit is still to come.
NO_PAST = timedelta(0)


def run(*, quick=False):
    """Yield the results. Raises AssertionError where a preview shows nothing."""
    now = timezone.now()
    salon = data.open_salon("preview", now=now, past=NO_PAST)
    fewer = data.open_salon("less", now=now, bookings=FEWER, past=NO_PAST)
    for each in (salon, fewer):
        data.settle(each)
    for name, change in changes(salon).items():
        taken, shown = _looked_at(salon, change, now, QUICK_ROUNDS if quick else ROUNDS)
        outside = f"{len(shown.outside):,} visits outside"
        yield Result(
            f"preview: {name}, {BOOKINGS:,} visits to come, {outside}, p95", percentile(taken, 95), "ms", at_most=500
        )
        yield Result(f"preview: {name}, p50", percentile(taken, 50), "ms")
    for name, change in changes(salon).items():
        more = _queries(salon, change, now) - _queries(fewer, changes(fewer)[name], now)
        yield Result(f"preview: {name}, more queries for {BOOKINGS // FEWER} × the visits", more, "", 0, 0)


def changes(salon):
    """One of each kind, each of which moves something."""
    shorter = tuple((day, 11 * 60, 16 * 60) for day in EVERY_DAY)
    day = salon.first + timedelta(days=3)
    return {
        "opening hours": previews.Opening(shorter),
        "a person’s week": previews.Working(salon.people[0].pk, shorter),
        "closure of two weeks": previews.Closing(day, day + timedelta(days=13)),
        "a service’s length": previews.Lasting(salon.service.pk, 90),
        "a person leaves": previews.Leaving(salon.people[0].pk),
    }


def _looked_at(salon, change, now, rounds):
    """(milliseconds of each round, the difference)"""
    taken = []
    _preview(salon, change, now)
    for _ in range(rounds):
        began = time.perf_counter()
        shown = _preview(salon, change, now).difference
        taken.append((time.perf_counter() - began) * 1000)
    assert shown, f"nothing would change by {change}"  # noqa: S101 -- a figure for an empty answer is none
    return taken, shown


def _queries(salon, change, now):
    with counted() as sent:
        _preview(salon, change, now)
    return len(sent)


def _preview(salon, change, now):
    with tenant_context(salon.business):
        return previews.preview_change(business=salon.business, change=change, by=SYSTEM, now=now)
