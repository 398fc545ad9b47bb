"""A calendar of two thousand visits that programs subscribe to: fetched whole, and found unchanged, from a real server."""

from itertools import repeat

from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from config.bench import data, load, server
from config.bench.results import Result
from config.bench.timing import percentile
from feeds import services
from tenants.models import Membership, Role, User

VISITS, QUICK_VISITS = 2000, 500
REQUESTS, QUICK_REQUESTS = 60, 15


def run(*, quick=False):
    """Yield the results. Raises RuntimeError where an answer is not what it should be."""
    visits = QUICK_VISITS if quick else VISITS
    requests = QUICK_REQUESTS if quick else REQUESTS
    salon = data.open_salon("feeds", now=timezone.now(), bookings=visits)
    data.settle(salon)
    business = salon.business
    path = address_of(business)
    with server.serving() as running:
        host = running.host_of(business)
        whole = load.get(path, host=host)
        [first] = running.send([whole], connections=1)
        if (told := first.body.count(b"BEGIN:VEVENT")) != visits:
            raise RuntimeError(f"The calendar tells of {told} visits, not {visits}: {first.body[:300]!r}")
        known = load.get(path, host=host, if_none_match=first.headers["etag"])
        for name, message, status, most in (("whole", whole, 200, 150), ("unchanged", known, 304, 10)):
            taken = _taken(running, message, requests, status)
            yield Result(f"feeds: {visits:,} visits, {name}, p50", percentile(taken, 50) * 1000, "ms", at_most=most)
            yield Result(f"feeds: {visits:,} visits, {name}, p95", percentile(taken, 95) * 1000, "ms")


def address_of(business):
    """The path of everybody's visits, made by an owner."""
    owner = User.objects.create_user(f"owner@{business.slug}.example")
    membership = Membership.objects.create(user=owner, business=business, role=Role.OWNER)
    with tenant_context(business):
        _, token = services.make_link(membership=membership, by=actors.user(owner), name="Bench", now=timezone.now())
    return reverse("feeds:calendar", args=[token], urlconf="config.urls_salon")


def _taken(running, message, requests, status):
    answers = running.send(repeat(message, requests), connections=1)
    if wrong := [answer for answer in answers if answer.status != status]:
        raise RuntimeError(f"{len(wrong)} answers like {wrong[0].status}: {wrong[0].body[:300]!r}")
    return [answer.seconds for answer in answers]
