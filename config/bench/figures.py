"""The page of figures of a salon with a hundred thousand visits and their money, from a real server, by an owner alone."""

from datetime import timedelta

from django.utils import timezone

from config.bench import desk, load, server
from config.bench.results import Result
from config.bench.timing import percentile

VISITS, QUICK_VISITS = 100_000, 20_000
REQUESTS, QUICK_REQUESTS = 40, 10


def run(*, quick=False):
    """Yield the results. Raises RuntimeError where an answer is not 200."""
    salon = desk.full_salon("figures", visits=QUICK_VISITS if quick else VISITS)
    requests = QUICK_REQUESTS if quick else REQUESTS
    with server.serving() as running:
        host = running.host_of(salon.business)
        cookie = desk.cookie_of(salon.business)
        for name, query in questions().items():
            message = load.get(f"/dashboard/analytics/{query}", host=host, cookie=cookie)
            taken = desk.ask(running, message, requests)
            yield Result(f"figures: {name}, p95", percentile(taken, 95) * 1000, "ms", at_most=500)
            yield Result(f"figures: {name}, p50", percentile(taken, 50) * 1000, "ms")


def questions():
    """What is asked for by name; the longest period there is, among them."""
    today = timezone.now().date()
    return {
        "this month": "",
        "this year": "?period=year",
        "two years": f"?period=custom&start={today - timedelta(days=730)}&end={today}",
        "two years by week": f"?period=custom&start={today - timedelta(days=730)}&end={today}&by=week",
    }
