"""A hundred customers want the same time: one gets it, ninety-nine are told so, and soon. The same for a visit of two
services by two people."""

from collections import Counter
from itertools import count, islice

from django.utils import timezone

from config.bench import data, orders, server, taken
from config.bench.results import Result

CLIENTS = 100
ROUNDS, QUICK_ROUNDS = 50, 3


def run(*, quick=False):
    """Yield the results; totals over all rounds, and the worst of them."""
    salon = data.open_salon("race", now=timezone.now(), fields={"horizon_days": 730})
    data.settle(salon)
    rounds = QUICK_ROUNDS if quick else ROUNDS
    deadlocks = taken.deadlocks()
    raced, numbers = {}, count()
    with server.serving() as running:
        for name, prizes in prizes_of(salon, rounds).items():
            raced[name] = prizes, [contest(salon, running, prize, numbers) for prize in prizes]
    for name, (prizes, answers) in raced.items():
        yield from _results(name, salon, prizes, answers)
    yield Result("race: anybody's time occupied twice, in the database", taken.overlaps(salon), "times", at_most=0)
    # The server's connections have told what they counted once they are closed.
    yield Result("race: deadlocks", taken.deadlocks() - deadlocks, "deadlocks", at_most=0)


def prizes_of(salon, rounds):
    """What is raced for, by name: every round's is another time, and each of them is there to be had."""
    return {
        "one person": list(islice(orders.free_starts(salon), rounds)),
        "two people": list(islice(orders.free_pairs(salon), rounds)),
    }


def contest(salon, running, prize, numbers):
    """The answers to a hundred orders sent at once over a hundred open connections; `numbers` tell customers apart."""
    messages = [
        orders.message(salon, running, "/booking/create", orders.order(salon, *prize, next(numbers)))
        for _ in range(CLIENTS)
    ]
    return running.send(messages, connections=CLIENTS)


def _results(name, salon, prizes, answers):
    rounds = len(prizes)
    statuses = [Counter(answer.status for answer in each) for each in answers]
    total = sum(statuses, Counter())
    slowest = max(answer.seconds for each in answers for answer in each)
    others = sum(amount for status, amount in total.items() if status not in (201, 409))
    yield Result(f"race, {name}: times raced for", rounds, "times")
    yield Result(f"race, {name}: booked", total[201], "bookings", at_most=rounds, at_least=rounds)
    yield Result(
        f"race, {name}: rounds with other than one winner",
        sum(each[201] != 1 for each in statuses),
        "rounds",
        at_most=0,
    )
    yield Result(
        f"race, {name}: occupied other than once, in the database",
        taken.other_than_once(salon, prizes),
        "times",
        at_most=0,
    )
    lost = rounds * (CLIENTS - 1)
    yield Result(f"race, {name}: told that it is taken (409)", total[409], "answers", at_most=lost, at_least=lost)
    yield Result(f"race, {name}: other answers", others, "answers", at_most=0)
    yield Result(f"race, {name}: last answer of the worst round", slowest, "s", at_most=3)
