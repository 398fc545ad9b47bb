"""A fortnight for three services in one visit: ten people, a full diary, with and without waits between the services."""

from datetime import timedelta
from time import perf_counter

from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import queries
from bookings.basket import Basket, Wanted
from bookings.models import Service
from config.bench import data, load, server
from config.bench.results import Result
from config.bench.ruled import salon
from config.bench.timing import counted, percentile

DAYS, WAIT = 14, 30
CALLS, QUICK_CALLS = 60, 10
#: Of the salon without special rules; the other one has three services in all.
SERVICES = ("Short cut", "Roots", "Blow-dry")
#: Nobody books the other salon's colour at shorter notice.
NOTICE = timedelta(days=5)


def run(*, quick=False):
    """Yield the results. Raises AssertionError where there is nothing to find, RuntimeError where an answer is not 200."""
    now, calls = timezone.now(), QUICK_CALLS if quick else CALLS
    plain = [data.open_salon(f"chain-{wait}", now=now, fields={"max_wait_min": wait}) for wait in (0, WAIT)]
    ruled = salon.open_salon("chain-rules", now=now)
    for each in (*plain, ruled):
        data.settle(each)
    for each, wait in zip(plain, ("", f", waits up to {WAIT} min"), strict=True):
        yield from _asked(f"chain: three services{wait}", each, _named(each), each.first, now, calls)
    first = ruled.first + NOTICE
    for wait in (0, WAIT):
        ruled.business.max_wait_min = wait
        name = f"chain: with every rule{f', waits up to {wait} min' if wait else ''}"
        yield from _asked(name, ruled, [ruled.cut, ruled.colour, ruled.blow_dry], first, now, calls)
    with server.serving() as running:
        for each, wait in zip(plain, ("", f", waits up to {WAIT} min"), strict=True):
            taken = _through_http(running, each, calls)
            yield Result(f"chain: through the API{wait}, p95", percentile(taken, 95) * 1000, "ms", at_most=300)


def _named(asked):
    with tenant_context(asked.business):
        return [Service.objects.get(name=name) for name in SERVICES]


def _asked(name, asked, services, first, now, calls):
    basket = Basket(tuple(Wanted(service) for service in services))
    question = {"business": asked.business, "basket": basket, "first": first, "last": _last(first), "now": now}
    with tenant_context(asked.business):
        with counted() as sent:
            found = sum(len(day.slots) for day in queries.calendar(**question))
        if not found:
            raise AssertionError("the diary is full: looking for nothing is not what takes time")
        taken = [_time(question) for _ in range(calls)]
    yield Result(f"{name}, starts found", found, "starts")
    yield Result(f"{name}, p50", percentile(taken, 50) * 1000, "ms")
    yield Result(f"{name}, p95", percentile(taken, 95) * 1000, "ms", at_most=300)
    yield Result(f"{name}, queries", len(sent), "queries", at_most=8)


def _last(first):
    return first + timedelta(days=DAYS - 1)


def _time(question):
    began = perf_counter()
    queries.calendar(**question)
    return perf_counter() - began


def _through_http(running, asked, calls):
    """The seconds of one customer's requests, one after the other."""
    body = {
        "service_ids": [str(service.pk) for service in _named(asked)],
        "start_date": asked.first.isoformat(),
        "end_date": _last(asked.first).isoformat(),
    }
    message = load.post("/booking/availability", body, host=running.host_of(asked.business))
    running.send([message] * 4, connections=2)  # both workers have met the salon
    answers = running.send([message] * calls, connections=1)
    if wrong := [answer for answer in answers if answer.status != 200]:
        raise RuntimeError(f"{len(wrong)} answers like {wrong[0].status}: {wrong[0].body[:300]!r}")
    return [answer.seconds for answer in answers]
