"""What tenancy costs: a statement, a view, a new salon. Prints a table, then the same as JSON."""

import copy
import json
import time
from contextlib import contextmanager, nullcontext
from functools import partial
from statistics import median

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper as PlainWrapper
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from django_tenants.postgresql_backend.base import DatabaseWrapper as StockWrapper

from tenants.db.base import DatabaseWrapper
from tenants.models import Business
from tenants.services import open_business

ROUNDS = 21
TENANCY = ("tenants.middleware.HostMiddleware", "tenants.middleware.MembershipMiddleware")
STOCK = {"tenants.middleware.HostMiddleware": "django_tenants.middleware.main.TenantMainMiddleware"}


@login_not_required
def one_query(request):
    return HttpResponse(Session.objects.filter(pk="nobody").count())


urlpatterns = [path("", one_query)]


class Command(BaseCommand):
    help = "Measure what tenancy costs, in a scratch database that is dropped afterwards."

    def add_arguments(self, parser):
        parser.add_argument("--salons", type=int, nargs="+", default=[10, 200])

    def handle(self, *, salons, **options):
        original = connection.settings_dict["NAME"]
        connection.creation.create_test_db()
        try:
            figures = {**statements(), **views(), **openings(salons)}
        finally:
            connection.close()
            connection.creation._destroy_test_db(connection.settings_dict["NAME"], 0)
            connection.settings_dict["NAME"] = original
        for name, figure in figures.items():
            self.stdout.write(f"{name:58}{figure:10.3f}")
        self.stdout.write(json.dumps(figures))


def statements():
    """Milliseconds of one statement, and of a transaction of one and of five, for three backends."""
    business = Business.objects.get(slug="rosa")
    backends = {"plain": _wrapper(PlainWrapper), "ours": _wrapper(DatabaseWrapper), "stock": _wrapper(StockWrapper)}
    for wrapper in (backends["ours"], backends["stock"]):
        wrapper.set_schema(business.schema_name)
    shapes = {"a statement": 0, "a transaction of one": 1, "a transaction of five": 5}
    figures = {}
    for shape, count in shapes.items():
        times = _in_turns([partial(_execute, wrapper, count) for wrapper in backends.values()], 100)
        figures |= {f"{shape}, {name} backend, ms": taken for name, taken in zip(backends, times, strict=True)}
    for wrapper in backends.values():
        wrapper.close()
    return figures


def views():
    """Milliseconds of a request with one query: without tenancy, with ours, with the stock middleware and backend."""
    host = Business.objects.get(slug="rosa").host
    plain = _wrapper(PlainWrapper, pool=True)
    stock = _wrapper(StockWrapper, pool=True)
    full = settings.MIDDLEWARE
    bare = ["tenants.middleware.HostMiddleware"]
    figures = {}
    for label, chain in (("all middleware", full), ("no other middleware", bare)):
        calls = [
            _Site(plain, host, [name for name in chain if name not in TENANCY]),
            _Site(connections["default"], host, chain),
            _Site(stock, host, [STOCK.get(name, name) for name in chain if name != TENANCY[1]]),
        ]
        without, ours, theirs = _in_turns(calls, 60)
        figures |= {
            f"a view, {label}, without tenancy, ms": without,
            f"a view, {label}, ours, ms": ours,
            f"a view, {label}, stock django-tenants, ms": theirs,
            f"a view, {label}: ours ÷ without, requests per second": without / ours,
            f"a view, {label}: stock ÷ without, requests per second": without / theirs,
        }
    for wrapper in (plain, stock):
        wrapper.close()
        wrapper.close_pool()
    return figures


def openings(counts):
    """Milliseconds to open a salon beside `counts` others."""
    figures = {}
    for count in counts:
        while (number := Business.objects.count()) < count:
            open_business(slug=f"salon-{number}", name="x")
        times = []
        for attempt in range(5):
            began = time.perf_counter()
            open_business(slug=f"timed-{count}-{attempt}", name="x")
            times.append((time.perf_counter() - began) * 1000)
        figures[f"opening a salon beside {count}, ms"] = median(times)
    return figures


class _Site:
    """Requests to the view above through a middleware chain and a connection of its own."""

    def __init__(self, wrapper, host, middleware):
        self._wrapper, self._host = wrapper, host
        self._settings = {
            "MIDDLEWARE": middleware,
            "ROOT_URLCONF": __name__,
            "PUBLIC_SCHEMA_URLCONF": __name__,
            "WHITENOISE_USE_FINDERS": False,
        }
        with override_settings(**self._settings):
            self._handler = WSGIHandler()

    def __call__(self):
        environ = RequestFactory(HTTP_HOST=self._host)._base_environ(PATH_INFO="/")
        response = self._handler(environ, lambda *args: None)
        if response.status_code != 200:
            raise RuntimeError(response.status_code)
        response.close()

    @contextmanager
    def ready(self):
        before = connections["default"]
        connections["default"] = self._wrapper
        try:
            with override_settings(**self._settings):
                yield
        finally:
            connections["default"] = before


def _wrapper(kind, *, pool=False):
    options = {"options": f"-c search_path={Business.objects.get(slug='rosa').schema_name},public"}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 4}
    own = copy.deepcopy(connection.settings_dict) | {"OPTIONS": options}
    alias = f"bench-{kind.__module__}"
    wrapper = connections[alias] = kind(own, alias=alias)
    return wrapper


def _execute(wrapper, count):
    if count:
        wrapper.set_autocommit(False)
    for _ in range(count or 1):
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT session_data FROM django_session WHERE session_key = %s", ["nobody"])
            cursor.fetchall()
    if count:
        wrapper.commit()
        wrapper.set_autocommit(True)


def _in_turns(calls, times):
    """Median milliseconds of each call, `times` at a go; A B C A B C, so that a slow minute meets all alike."""
    taken = [[] for _ in calls]
    for turn in range(ROUNDS + 1):
        for call, seconds in zip(calls, taken, strict=True):
            with call.ready() if isinstance(call, _Site) else nullcontext():
                began = time.perf_counter()
                for _ in range(times):
                    call()
                if turn:  # the first turn connects and warms up
                    seconds.append((time.perf_counter() - began) * 1000 / times)
    return [median(seconds) for seconds in taken]
