"""Opening a salon: is it quick, and does it stay quick when there are many?"""

from statistics import median
from time import perf_counter

from django.utils import timezone

from config.bench import database
from config.bench.results import Result
from tenants.services import close_for_good, open_business

FEW, MANY, QUICK_MANY = 10, 200, 40
ROUNDS, QUICK_ROUNDS = 11, 3


def run(*, quick=False):
    """Yield the results; two databases side by side, so that both counts meet the same machine."""
    many, rounds = (QUICK_MANY, QUICK_ROUNDS) if quick else (MANY, ROUNDS)
    with database.fresh("few") as few, database.fresh("many") as full:
        counts = {few: FEW, full: many}
        for name, count in counts.items():
            database.use(name)
            for number in range(count):
                open_business(slug=f"salon-{number}", name=f"Salon {number}")
            database.settle()
        taken = {name: [] for name in counts}
        for number in range(rounds):
            for name, times in taken.items():
                times.append(_time_one(name, number))
    beside_few, beside_many = (median(times) for times in taken.values())
    yield Result(f"tenants: opening one beside {FEW}", beside_few, "s", at_most=1)
    yield Result(f"tenants: opening one beside {many}", beside_many, "s", at_most=1)
    yield Result(f"tenants: beside {many} ÷ beside {FEW}", beside_many / beside_few, "×", at_most=1.2)


def _time_one(name, number):
    """Seconds to open a salon, by a connection that has opened one before; both are gone afterwards."""
    database.use(name)
    first = open_business(slug=f"warm-{number}", name="Warm")
    began = perf_counter()
    second = open_business(slug=f"timed-{number}", name="Timed")
    taken = perf_counter() - began
    for business in (first, second):
        close_for_good(business=business, now=timezone.now())
    return taken
