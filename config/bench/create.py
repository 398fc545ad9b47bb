"""Booking through the API against a view that writes one row: what the promises of a booking cost."""

from itertools import count, islice
from statistics import median

from django.utils import timezone

from config.bench import data, orders, server
from config.bench.results import Result

PATHS = ("/booking/create", "/insert")
CONNECTIONS = 8
REQUESTS, QUICK_REQUESTS = 96, 16
ROUNDS, QUICK_ROUNDS = 6, 2


def run(*, quick=False):
    """Yield the results. Raises RuntimeError where a booking is refused."""
    salon = data.open_salon("create", now=timezone.now(), fields={"horizon_days": 730})
    data.settle(salon)
    requests, rounds = (QUICK_REQUESTS, QUICK_ROUNDS) if quick else (REQUESTS, ROUNDS)
    starts, numbers = orders.free_starts(salon), count()
    with server.serving() as ours, server.serving("config.bench.settings") as bare:
        sides = list(zip((ours, bare), PATHS, strict=True))

        def one_turn(connections):
            return [_send(salon, *side, islice(starts, requests), numbers, connections) for side in sides]

        one_turn(CONNECTIONS)
        for name, connections in (("one after another", 1), (f"{CONNECTIONS} at once", CONNECTIONS)):
            turns = [one_turn(connections) for _ in range(rounds)]
            booked, inserted = (median(median(times) for times in side) for side in zip(*turns, strict=True))
            yield Result(f"create: booking, {name}, p50", booked * 1000, "ms")
            yield Result(f"create: bare insert, {name}, p50", inserted * 1000, "ms")
            yield Result(f"create: booking ÷ bare insert, {name}", booked / inserted, "×", at_most=2)


def _send(salon, running, path, starts, numbers, connections):
    bodies = [orders.order(salon, people, start, next(numbers)) for people, start in starts]
    answers = running.send([orders.message(salon, running, path, body) for body in bodies], connections=connections)
    if wrong := [answer for answer in answers if answer.status != 201]:
        raise RuntimeError(f"{len(wrong)} answers like {wrong[0].status}: {wrong[0].body[:500]!r}")
    return [answer.seconds for answer in answers]
