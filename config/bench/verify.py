"""How long it takes to check a full diary, and that the benches' own salons are sound."""

from time import perf_counter

from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import integrity
from config.bench import data
from config.bench.results import Result
from config.bench.ruled import salon
from config.bench.timing import counted


def run(*, quick=False):
    """Yield the results. `quick` changes nothing here."""
    now = timezone.now()
    for name, asked in (
        ("", data.open_salon("plain", now=now)),
        (" with every rule", salon.open_salon("rules", now=now)),
    ):
        data.settle(asked)
        with tenant_context(asked.business), counted() as sent:
            began = perf_counter()
            report = integrity.verify(business=asked.business)
            taken = perf_counter() - began
        yield Result(f"verify: a diary{name}", report.looked_at["bookings"], "bookings")
        yield Result(f"verify: a diary{name}, elapsed", taken, "s", at_most=5)
        yield Result(f"verify: a diary{name}, queries", len(sent), "queries", at_most=8)
        yield Result(f"verify: a diary{name}, errors", len(report.errors), "errors", at_most=0)
