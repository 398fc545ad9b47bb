"""A hundred customers want the same time: one gets it, ninety-nine are told so, and soon."""

from collections import Counter
from itertools import count, islice

from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.models import Occupancy
from config.bench import data, orders, server
from config.bench.results import Result

CLIENTS = 100
ROUNDS, QUICK_ROUNDS = 20, 3


def run(*, quick=False):
    """Yield the results; totals over all rounds, and the worst of them."""
    salon = data.open_salon("race", now=timezone.now(), fields={"horizon_days": 730})
    data.settle(salon)
    rounds, numbers = QUICK_ROUNDS if quick else ROUNDS, count()
    # Every person's start is another slot; take each of them once.
    slots = list(islice(orders.free_starts(salon), rounds))
    with server.serving() as running:
        answers = [_race(salon, running, slot, numbers) for slot in slots]
    statuses = [Counter(answer.status for answer in each) for each in answers]
    total = sum(statuses, Counter())
    slowest = [max(answer.seconds for answer in each) for each in answers]
    yield Result("race: slots", rounds, "slots")
    yield Result("race: booked", total[201], "bookings", at_most=rounds, at_least=rounds)
    yield Result("race: slots booked other than once", sum(each[201] != 1 for each in statuses), "slots", at_most=0)
    yield Result("race: occupied more than once, in the database", _doubled(salon, slots), "slots", at_most=0)
    yield Result("race: told that it is taken (409)", total[409], "answers")
    other = sum(amount for status, amount in total.items() if status not in (201, 409))
    yield Result("race: other answers", other, "answers", at_most=0)
    yield Result("race: last answer of the worst round", max(slowest), "s", at_most=3)


def _race(salon, running, slot, numbers):
    """The answers to a hundred orders sent at once over a hundred open connections."""
    bodies = [orders.order(salon, *slot, next(numbers)) for _ in range(CLIENTS)]
    messages = [orders.message(salon, running, "/booking/create", body) for body in bodies]
    return running.send(messages, connections=CLIENTS)


def _doubled(salon, slots):
    with tenant_context(salon.business):
        held = Counter(Occupancy.objects.values_list("team_member_id", "starts_at"))
    return sum(held[slot] != 1 for slot in slots)
