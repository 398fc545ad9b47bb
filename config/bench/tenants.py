"""Opening a salon: is it quick, and does it stay quick when there are many?"""

from statistics import median, quantiles
from time import perf_counter

from django.utils import timezone

from audit import actors
from config.bench import database
from config.bench.results import Result
from onboarding import services as onboarding
from tenants.models import User
from tenants.services import close_for_good, open_business

FEW, MANY, QUICK_MANY = 10, 200, 40
ROUNDS, QUICK_ROUNDS = 11, 3
OWNERS, QUICK_OWNERS = 40, 5


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
        wizard = _time_owners(full, QUICK_OWNERS if quick else OWNERS)
    beside_few, beside_many = (median(times) for times in taken.values())
    yield Result(f"tenants: opening one beside {FEW}", beside_few, "s", at_most=1)
    yield Result(f"tenants: opening one beside {many}", beside_many, "s", at_most=1)
    yield Result(f"tenants: beside {many} ÷ beside {FEW}", beside_many / beside_few, "×", at_most=1.2)
    yield Result(
        f"tenants: from the address chosen to the salon made, p95 of {len(wizard)} owners", _p95(wizard), "s", at_most=1
    )


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


def _time_owners(name, count):
    """Seconds each of `count` owners waits in the wizard, from choosing an address until the salon is there."""
    database.use(name)
    taken = []
    for number in range(count):
        now = timezone.now()
        owner = User.objects.create_user(f"owner{number}@bench.example")
        progress = onboarding.begin(owner=owner, fields={"name": f"Owner {number}"}, now=now)
        began = perf_counter()
        progress = onboarding.choose_address(progress=progress, slug=f"owner-{number}", by=actors.user(owner), now=now)
        onboarding.ensure_salon(progress=progress, now=now)
        taken.append(perf_counter() - began)
    return taken


def _p95(seconds):
    return quantiles(seconds, n=20)[-1]
