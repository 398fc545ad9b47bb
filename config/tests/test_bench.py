"""The benches themselves: that both sides do the same work, and that the clocks and the client tell the truth."""

import gzip
import json
import os
import threading
import time
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import RequestFactory
from django_tenants.utils import tenant_context

from bookings.models import Booking, Occupancy
from config.bench import benches, data, database, floor, load, results, slots, timing, views, walls, weights
from config.bench.results import Result

AUTUMN = datetime(2026, 11, 2, 12, tzinfo=UTC)
SPRING = datetime(2027, 3, 20, 12, tzinfo=UTC)  # a week before Paris puts its clocks forward


@pytest.fixture
def small(db):
    """Three people with two weeks of visits around `AUTUMN`."""
    salon = data.open_salon("small", now=AUTUMN, people=3, bookings=600)
    with tenant_context(salon.business):
        yield salon


@pytest.mark.parametrize("now", [AUTUMN, SPRING], ids=["winter time", "clocks go forward"])
def test_the_floor_and_the_engine_answer_alike(db, now):
    salon = data.open_salon("small", now=now, people=3, bookings=600)

    with tenant_context(salon.business):
        least, ours = slots.least_work(salon, now, days=14), slots.engine(salon, now, days=14)

    assert len(least) > 100
    assert slots.starts_of(ours) == least
    assert list(slots.starts_of(ours)) == list(least)


def test_a_freed_hour_shows_in_both_answers(small):
    before = slots.least_work(small, AUTUMN, days=14)
    hours = Occupancy.objects.filter(starts_at__date__gt=small.first, ends_at__gte=F("starts_at") + timedelta(hours=1))
    hours.earliest("starts_at").delete()

    after = slots.least_work(small, AUTUMN, days=14)

    assert sum(map(len, after.values())) > sum(map(len, before.values()))
    assert slots.starts_of(slots.engine(small, AUTUMN, days=14)) == after


def test_different_answers_are_not_compared(small, monkeypatch):
    monkeypatch.setattr(floor, "open_starts", lambda **asked: {0: []})

    with pytest.raises(AssertionError, match="do not answer alike"):
        list(slots._against_floor(small, AUTUMN, 1))


@pytest.mark.parametrize(
    "question",
    [{}, {"days": 1}, {"days": 60}],
    ids=["a month", "a day", "two months"],
)
@pytest.mark.parametrize("everybody", [True, False], ids=["everybody", "one person"])
def test_slots_take_two_queries_whatever_is_asked(small, question, everybody):
    member = None if everybody else small.people[0]

    with timing.counted() as sent:
        slots.engine(small, AUTUMN, member=member, **question)

    assert len(sent) == 2


def test_a_past_changes_neither_the_answer_nor_the_queries(small):
    before = slots.engine(small, AUTUMN)

    data.grow(small, factor=4)
    with timing.counted() as sent:
        after = slots.engine(small, AUTUMN)

    assert (Booking.objects.count(), Occupancy.objects.count()) == (2400, 2400)
    assert Booking.objects.filter(items__occupancy=None).count() == 0
    assert after == before
    assert len(sent) == 2


def test_the_bare_view_writes_one_row_with_one_statement(small):
    start, member = AUTUMN + timedelta(days=9), small.people[0]
    body = {"start_time": start.isoformat(), "team_member_id": str(member.pk), "customer_info": {"name": "Anna"}}
    request = RequestFactory().post("/insert", body, content_type="application/json")
    before = Booking.objects.count()

    with timing.counted() as sent:
        response = views.insert(request)

    assert (response.status_code, Booking.objects.count() - before) == (201, 1)
    assert [text.split()[0] for text in sent if "SAVEPOINT" not in text] == ["INSERT"]


def test_medians_of_calls_in_turns():
    order, clock = [], iter(range(1000))

    medians = timing.in_turns(3, lambda: order.append("a"), lambda: order.append("b"), clock=lambda: next(clock))

    assert "".join(order) == "abababab"  # one turn to warm up
    assert medians == [1, 1]


def test_percentiles():
    assert [timing.percentile(range(101), share) for share in (50, 95)] == [50, 95]


@pytest.mark.parametrize(
    ("bounds", "aim", "met"),
    [
        ({}, "", None),
        ({"at_most": 2}, "≤ 2", True),
        ({"at_most": 1.4}, "≤ 1.4", False),
        ({"at_least": 1.5}, "≥ 1.5", True),
        ({"at_least": 1.6}, "≥ 1.6", False),
        ({"at_least": 20, "at_most": 20}, "= 20", False),
    ],
)
def test_an_aim_is_met_or_not(bounds, aim, met):
    result = Result("x", 1.5, "×", **bounds)

    assert (result.aim, result.met) == (aim, met)


def test_the_table_lines_up():
    lines = results.table([Result("a", 1234.5, "ms", at_most=100), Result("longer", 0.5, "×")]).splitlines()

    assert lines == [
        "name    value  unit  aim",
        "a       1,234  ms    ≤ 100  UNMET",
        "longer    0.5  ×",
    ]


@pytest.fixture
def bench(monkeypatch, capsys):
    """Run the command with one bench of ours in place of all others, and no database of its own; its output."""

    def run(*arguments, value=1, at_most=2):
        monkeypatch.setattr(database, "prepared", nullcontext)
        monkeypatch.setattr(database, "fresh", nullcontext)
        benches.BENCHES.clear()
        benches.BENCHES["toy"] = lambda quick: [Result(f"toy {quick}", value, "s", at_most=at_most)]
        call_command("bench", *arguments)
        return capsys.readouterr().out

    before = dict(benches.BENCHES)
    yield run
    benches.BENCHES.clear()
    benches.BENCHES.update(before)


def test_the_command_prints_a_table_and_writes_json(bench, tmp_path):
    file = tmp_path / "bench.json"

    out = bench("toy", "--quick", "--json", str(file))

    assert "toy True      1  s     ≤ 2  met" in out
    assert json.loads(file.read_text()) == [
        {"name": "toy True", "value": 1, "unit": "s", "at_most": 2, "at_least": None, "met": True}
    ]


def test_a_missed_aim_fails_only_when_asked_to(bench):
    assert "UNMET" in bench(value=3)
    with pytest.raises(CommandError, match="Not every aim is met"):
        bench("--strict", value=3)


def test_an_unknown_bench_is_named(bench):
    with pytest.raises(CommandError, match="No such bench: nonsense"):
        bench("nonsense")


def test_databases_of_the_dead_are_dropped_and_those_of_the_living_stay(db):
    dead, alive = f"{database.PREFIX}{2**31 - 1}_slots", f"{database.PREFIX}{os.getpid()}_slots"
    for name in (dead, alive):
        database._on_server(f'CREATE DATABASE "{name}"')

    database._drop_leftovers()

    try:
        names = [name for (name,) in database._on_server("SELECT datname FROM pg_database")]
        assert (dead in names, alive in names) == (False, True)
    finally:
        database._drop(alive)


class Known(BaseHTTPRequestHandler):
    """Answers after a fiftieth of a second with what it was asked for; `/gone` hangs up, `/chunks` tells no length."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self):
        type(self).connections += 1
        super().setup()

    def do_GET(self):
        time.sleep(0.02)
        if self.path == "/gone":
            self.close_connection = True
        elif self.path == "/chunks":
            self._head([("Transfer-Encoding", "chunked")])
            self.wfile.write(b"3\r\none\r\n4\r\n two\r\n0\r\n\r\n")
        else:
            packed = "gzip" in self.headers.get("Accept-Encoding", "")
            body = gzip.compress(self.path.encode()) if packed else self.path.encode()
            self._head([("Content-Length", len(body)), *([("Content-Encoding", "gzip")] if packed else [])])
            self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._head([("Content-Length", len(body))], status=201)
        self.wfile.write(body)

    def _head(self, headers, status=200):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, str(value))
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def known_server():
    Known.connections = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Known)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_client_keeps_order_and_connections_and_times_each_answer():
    with known_server() as port:
        messages = [load.get(f"/{number}", host="x.test") for number in range(24)]
        began = time.perf_counter()
        answers = load.send(port, messages, connections=4)
        elapsed = time.perf_counter() - began

    assert [answer.body.decode() for answer in answers] == [f"/{number}" for number in range(24)]
    assert {answer.status for answer in answers} == {200}
    assert Known.connections == 4
    assert min(answer.seconds for answer in answers) >= 0.02
    assert sum(answer.seconds for answer in answers) > elapsed >= 24 / 4 * 0.02  # four at a time, never more


def test_the_client_sends_json_and_reads_chunks_and_gzip():
    with known_server() as port:
        posted, chunked, packed = load.send(
            port,
            [
                load.post("/", {"name": "Élise"}, host="x.test"),
                load.get("/chunks", host="x.test"),
                load.get("/packed", host="x.test", accept_encoding="gzip, br"),
            ],
            connections=1,
        )

    assert (posted.status, posted.json()) == (201, {"name": "Élise"})
    assert chunked.body == b"one two"
    assert load.decoded(packed) == b"/packed"


def test_the_client_does_not_overlook_a_server_that_hangs_up():
    with known_server() as port, pytest.raises(ConnectionError):
        load.send(port, [load.get("/gone", host="x.test")], connections=1)


def test_what_a_browser_fetches_for_a_page():
    page = weights._Page(
        '<link rel="stylesheet" href="/a.css"><link rel="canonical" href="/"><link rel="preload" as="font" href="/f.woff2">'
        '<script src="https://js.example/v3/"></script><script type="application/json">{}</script>'
        '<img src="/logo.webp"><img src="/logo.webp"><img src="data:image/png;base64,AA"><a href="/elsewhere">x</a>'
    )

    assert list(page.found) == ["/a.css", "/f.woff2", "https://js.example/v3/", "/logo.webp"]


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, b'{"name": "zqalphaq cut"}', "own"),
        (200, b'{"name": "zqalphaq cut", "also": "ZQOMEGAQ"}', "foreign"),
        (200, b'{"name": "zqomegaq cut"}', "foreign"),
        (500, b"zqomegaq", "foreign"),
        (200, b"[]", "empty"),
        (500, b"zqalphaq", "empty"),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "compressed"])
def test_an_answer_is_the_own_salons_only_with_its_mark_and_no_other(status, body, verdict, packed):
    headers = {"content-encoding": "gzip"} if packed else {}
    answer = load.Answer(status, headers, gzip.compress(body) if packed else body, 0.0)

    assert walls.judged(answer, "zqalphaq") == verdict
