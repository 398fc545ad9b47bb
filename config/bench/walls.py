"""Thousands of requests for two salons, interleaved through one worker process: no answer holds a row of the other one.

Every answer is read in full. It counts as its own salon's only when it holds that salon's mark, so that an empty answer
is no proof of anything.
"""

from itertools import cycle, islice

from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.models import Service, TeamMember
from config.bench import data, load, server
from config.bench.results import Result
from tenants.api import tokens
from tenants.models import Membership, Role, User

REQUESTS, QUICK_REQUESTS = 20_000, 400
CONNECTIONS = 16
MARKS = ("zqalphaq", "zqomegaq")


def run(*, quick=False):
    """Yield the results."""
    salons = [_salon(mark, people=2 + number) for number, mark in enumerate(MARKS)]
    requests = QUICK_REQUESTS if quick else REQUESTS
    with server.serving(workers=1) as running:
        asked = [list(_messages(running, salon, mark)) for salon, mark in zip(salons, MARKS, strict=True)]
        # a, b, a, b, …: what waits in the process after a request of one salon is one of the other.
        order = [
            (mark, message) for pair in zip(*asked, strict=True) for mark, message in zip(MARKS, pair, strict=True)
        ]
        order = list(islice(cycle(order), requests))
        answers = running.send((message for _, message in order), connections=CONNECTIONS)
    verdicts = [judged(answer, mark) for answer, (mark, _) in zip(answers, order, strict=True)]
    yield Result("walls: interleaved requests through one process", len(verdicts), "requests", at_least=requests)
    yield Result("walls: answers with a row of the other salon", verdicts.count("foreign"), "answers", at_most=0)
    yield Result("walls: answers without their own salon's rows", verdicts.count("empty"), "answers", at_most=0)


def judged(answer, mark):
    """“foreign” where another salon's mark is in it, “empty” where its own is not (a failure too), else “own”."""
    said = load.decoded(answer).decode("utf-8", "replace").lower()
    if any(other in said for other in MARKS if other != mark):
        return "foreign"
    return "own" if answer.status == 200 and mark in said else "empty"


def _salon(mark, *, people):
    """A salon whose services, people and name all carry the mark."""
    salon = data.open_salon(mark, now=timezone.now(), people=people, bookings=200)
    with tenant_context(salon.business):
        Service.objects.update(name=f"{mark} cut")
        TeamMember.objects.update(first_name=mark)
    owner = User.objects.create_user(f"owner@{mark}.example")
    Membership.objects.create(user=owner, business=salon.business, role=Role.ADMIN)
    return salon


def _messages(running, salon, mark):
    """What customers and programs of the salon ask for, each as often as it is worth being asked."""
    host = running.host_of(salon.business)
    user = User.objects.get(email=f"owner@{mark}.example")
    bearer = {"authorization": f"Bearer {tokens.issue(user=user, business=salon.business)['access']}"}
    yield load.get(f"/booking/tenant-data/{salon.business.pk}", host=host)
    yield load.get("/api/v1/services", host=host, **bearer)
    yield load.get(f"/booking/tenant-data/{salon.business.pk}", host=host)
    yield load.get("/api/v1/team/members", host=host, **bearer)
    yield load.get("/", host=host)
