"""How soon open pages hear of a change: from the commit to two hundred sockets of two salons, and to what a browser shows."""

import asyncio
import importlib.util
import json
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import override_settings
from django.utils import timezone
from django_tenants.utils import tenant_context
from websockets.asyncio.client import connect

from audit.actors import SYSTEM
from bookings import services
from bookings.models import Booking, Status
from config.bench import browsing, data, server
from config.bench.results import Result
from config.bench.timing import percentile
from config.local import ports
from config.testing_client import HostClient
from tenants.models import Membership, Role, User

#: Of each of two salons: sockets, people they belong to, and changes.
SOCKETS, PEOPLE = 100, 10
CHANGES, QUICK_CHANGES = 50, 8
SHOWN, QUICK_SHOWN = 15, 3
#: Seconds between two changes: a very busy salon, and the machine serves more than one.
PAUSE = 0.1
AIM_MS = 100


def run(*, quick=False):
    """Yield the results. Raises RuntimeError where the processes do not start."""
    salons = [data.open_salon(slug, now=timezone.now(), bookings=2_000) for slug in ("hears", "other")]
    changes, live_port = QUICK_CHANGES if quick else CHANGES, ports.free()
    with (
        server.serving(LIVE_UPDATES="on", LIVE_PORT=str(live_port)) as pages,
        server.holding_sockets(live_port, pages_port=pages.port),
        override_settings(LIVE_UPDATES=True, PLATFORM_PORT=str(pages.port)),
        ThreadPoolExecutor(1, thread_name_prefix="writer") as writer,
    ):
        cookies = {salon.business.slug: [_cookie(salon, number) for number in range(PEOPLE)] for salon in salons}
        yield from _heard(asyncio.run(_measure(salons, cookies, live_port, changes, writer)), changes)
        # Browsers are driven by a package for developers only.
        if importlib.util.find_spec("playwright"):
            cookie, press = cookies["hears"][0], partial(_press, writer, salons[0])
            taken = browsing.shown(salons[0], cookie, QUICK_SHOWN if quick else SHOWN, press)
            yield Result("live: commit → on a browser’s screen, p50", percentile(taken, 50) * 1000, "ms")
            yield Result(
                "live: commit → on a browser’s screen, p95", percentile(taken, 95) * 1000, "ms", at_most=AIM_MS
            )
        writer.submit(lambda: connection.close()).result()  # the writer's own: its database is dropped


def _heard(measured, changes):
    taken, missed, foreign = measured
    expected = 2 * changes * SOCKETS
    yield Result("live: messages at 200 sockets", len(taken), "messages", at_least=expected, at_most=expected)
    yield Result("live: … that were not heard", missed, "messages", at_most=0)
    yield Result("live: … of the other salon", foreign, "messages", at_most=0)
    yield Result("live: commit → message, p50", percentile(taken, 50) * 1000, "ms")
    yield Result("live: commit → message, p95", percentile(taken, 95) * 1000, "ms", at_most=AIM_MS)
    yield Result("live: commit → message, p99", percentile(taken, 99) * 1000, "ms")


async def _measure(salons, cookies, port, changes, writer):
    """(seconds of each message that arrived where it belongs, how many did not, how many arrived elsewhere)."""
    heard, committed = defaultdict(list), {}
    async with _listening(salons, cookies, port, heard):
        loop = asyncio.get_running_loop()
        visits = {salon.business.slug: await loop.run_in_executor(writer, _visits, salon, changes) for salon in salons}
        for number in range(changes):
            for salon in salons:
                slug = salon.business.slug
                pk = visits[slug][number]
                committed[str(pk)] = slug, await loop.run_in_executor(writer, _check_in, salon, pk)
                await asyncio.sleep(PAUSE)
        await asyncio.sleep(2)
    taken = [at - committed[pk][1] for slug, lines in heard.items() for at, pk in lines if committed[pk][0] == slug]
    foreign = sum(committed[pk][0] != slug for slug, lines in heard.items() for _, pk in lines)
    return taken, 2 * changes * SOCKETS - len(taken), foreign


@asynccontextmanager
async def _listening(salons, cookies, port, heard):
    """Two hundred sockets, a hundred for each salon; what they hear is noted under its name."""
    ears = []
    async with AsyncExitStack() as opened:
        for number in range(SOCKETS):
            for salon in salons:
                slug = salon.business.slug
                socket = await opened.enter_async_context(_opened(salon.business, cookies[slug][number % PEOPLE], port))
                ears.append(asyncio.ensure_future(_listen(socket, heard[slug])))
        yield
    await asyncio.gather(*ears)


def _opened(business, cookie, port):
    return connect(
        f"ws://{business.host}:{port}/ws/dashboard/",
        host="127.0.0.1",
        port=port,
        origin=business.url,
        additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"},
        compression=None,
        open_timeout=30,
    )


async def _listen(socket, lines):
    async for message in socket:
        lines.append((time.perf_counter(), json.loads(message)["id"]))


def _cookie(salon, number):
    user = User.objects.create_user(f"page{number}@{salon.business.slug}.example", None)
    Membership.objects.create(user=user, business=salon.business, role=Role.STAFF)
    return HostClient.opened(salon.business, user).cookies[settings.SESSION_COOKIE_NAME].value


def _visits(salon, count):
    """Confirmed visits of the first day with room, and of those after it."""
    with tenant_context(salon.business):
        visits = Booking.objects.filter(status=Status.CONFIRMED).order_by("-local_date", "pk")
        return list(visits.values_list("pk", flat=True)[:count])


def _check_in(salon, pk, clock=time.perf_counter):
    """When it was committed, by the clock."""
    stamps = []
    with tenant_context(salon.business), transaction.atomic():
        transaction.on_commit(lambda: stamps.append(clock()))  # before anybody else is told
        services.check_in(booking=Booking.objects.get(pk=pk), by=SYSTEM, now=timezone.now())
    return stamps[0]


def _press(writer, salon, pk):
    return writer.submit(_check_in, salon, pk, time.time).result()
