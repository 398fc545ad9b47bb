"""The pages customers open, from a real server: sixteen of them at once, each asking again as soon as it is answered."""

from itertools import repeat
from statistics import median
from time import perf_counter, process_time

from django.utils import timezone

from config.bench import data, load, server
from config.bench.results import Result
from config.bench.timing import percentile

CONNECTIONS = 16
REQUESTS, QUICK_REQUESTS = 320, 64
ROUNDS = 5


def run(*, quick=False):
    """Yield the results. Raises RuntimeError where an answer is not 200."""
    salon = data.open_salon("pages", now=timezone.now())
    data.settle(salon)
    requests = QUICK_REQUESTS if quick else REQUESTS
    with server.serving() as running:
        messages = {path: load.get(path, host=running.host_of(salon.business)) for path in paths(salon)}
        for message in messages.values():
            _ask(running, message, QUICK_REQUESTS, CONNECTIONS)
        began, worked = perf_counter(), process_time()
        taken = [
            [_ask(running, message, requests, CONNECTIONS) for message in messages.values()] for _ in range(ROUNDS)
        ]
        share = (process_time() - worked) / (perf_counter() - began)
        alone = [_ask(running, message, QUICK_REQUESTS, 1) for message in messages.values()]
    for name, times in zip(paths(salon).values(), alone, strict=True):
        yield Result(f"pages: {name}, p95 of one customer alone", percentile(times, 95) * 1000, "ms", at_most=100)
    for name, rounds in zip(paths(salon).values(), zip(*taken, strict=True), strict=True):
        yield Result(
            f"pages: {name}, p50 of {CONNECTIONS} at once",
            median(percentile(times, 50) for times in rounds) * 1000,
            "ms",
        )
        yield Result(
            f"pages: {name}, p95 of {CONNECTIONS} at once",
            median(percentile(times, 95) for times in rounds) * 1000,
            "ms",
            at_most=100,
        )
    yield Result("pages: the client's share of one core", share * 100, "%")


def paths(salon):
    """What is asked for, and how it is called."""
    return {"/": "front page", f"/book/{salon.service.pk}/": "times of a service"}


def _ask(running, message, requests, connections):
    answers = running.send(repeat(message, requests), connections=connections)
    if wrong := [answer for answer in answers if answer.status != 200]:
        raise RuntimeError(f"{len(wrong)} answers like {wrong[0].status}: {wrong[0].body[:300]!r}")
    return [answer.seconds for answer in answers]
