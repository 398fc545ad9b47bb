"""A month of a ten-person salon's life through the real services, its messages written, its visits closed and paid."""

from datetime import date, timedelta
from time import perf_counter, process_time

from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from config.bench.results import Result
from onboarding.simulation import acting, judging, salon
from tenants.models import Business

PEOPLE, DAYS, QUICK_DAYS = 10, 28, 3
#: Four weeks with New York's clock change in them.
FIRST = date(2027, 2, 22)


def run(*, quick=False):
    """Yield the results. `quick` lives a few days."""
    now = timezone.now()
    made = salon.open_salon(slug="life", people=PEOPLE, now=now)
    connection.set_schema_to_public()
    business = Business.objects.select_related("billing").get(pk=made.pk)
    last = FIRST + timedelta(days=(QUICK_DAYS if quick else DAYS) - 1)
    with tenant_context(business):
        shape = acting.shape_of(business=business, seed="bench", first=FIRST, last=last)
        began, used = perf_counter(), process_time()
        with acting.not_waiting_for_the_disk():
            counts = acting.live(business=business, shape=shape)
        taken, used = perf_counter() - began, process_time() - used
        faults = judging.faults(business=business, now=now)
    visits = counts["booked"] + counts["walked in"]
    yield Result("simulate: visits of ten people in a month", visits, "visits")
    yield Result("simulate: elapsed", taken, "s", at_most=60)
    yield Result("simulate: of it in Python", used, "s")
    yield Result("simulate: each visit, from booking to closing", 1000 * taken / max(visits, 1), "ms")
    yield Result("simulate: unexplained visits, minutes and cents", len(faults), "faults", at_most=0)
