"""A calendar at an address: fetched by a task from the public internet alone, kept when it cannot be read, and tried again."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from bookings.models import TimeBlock
from bookings.tests.factories import at
from feeds import gateway, queries, reading, sealing, services
from feeds.models import BusyCalendar
from feeds.tests.making import by, event_at, ics_of
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


class Elsewhere:
    """Another calendar's server on loopback: `answers` one after the other, the last for ever: (status, headers, body)."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked.append(self.path)
                status, headers, body = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/private.ics"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=20)


@pytest.fixture
def elsewhere(settings):
    """`elsewhere(answers…)`: a server that may be called, as in the local environment."""
    settings.WEBHOOKS_TO_LOOPBACK = True
    opened = []

    def start(*answers):
        opened.append(Elsewhere(*answers))
        return opened[-1]

    yield start
    for server in opened:
        server.close()


@pytest.fixture
def boss(standing):
    return standing("admin")


@pytest.fixture
def subscribe(boss, ann):
    return lambda url, name="Private": services.add_address(
        membership=boss, by=by(boss), team_member=ann, name=name, url=url, now=timezone.now()
    )


def ok(*events):
    return 200, {"Content-Type": "text/calendar"}, ics_of(*events)


def lunch(salon, clock="12:00"):
    return event_at(at(salon, clock), at(salon, clock) + timedelta(hours=1))


def read(salon, calendar, *, later=timedelta(0)):
    """As a worker would, so much later; the calendar afterwards."""
    now = timezone.now() + later
    done = services.read_address(business=salon, calendar_id=calendar.pk, clock=lambda: now)
    return done, BusyCalendar.objects.get(pk=calendar.pk)


def starts():
    return list(TimeBlock.objects.order_by("starts_at").values_list("starts_at", flat=True))


def test_an_address_is_read_and_read_again_in_an_hour(salon, elsewhere, subscribe):
    server = elsewhere(ok(lunch(salon)), ok(lunch(salon, "14:00")))
    calendar = subscribe(server.url)

    done, calendar = read(salon, calendar)
    assert (done, starts(), calendar.last_error) == (True, [at(salon, "12:00")], "")
    assert timedelta(minutes=59) < calendar.due_at - timezone.now() < timedelta(minutes=61)
    assert read(salon, calendar)[0] is False

    done, calendar = read(salon, calendar, later=timedelta(hours=2))
    assert (done, starts()) == (True, [at(salon, "14:00")])


def test_what_cannot_be_read_stays_as_it_was_and_is_tried_again_less_and_less(salon, elsewhere, subscribe):
    server = elsewhere(ok(lunch(salon)), (500, {}, b""), (200, {}, b"<html>"), (404, {}, b""), ok())
    _, calendar = read(salon, subscribe(server.url))
    seen, waited = [], timedelta(0)

    for _ in range(3):
        waited = calendar.due_at - timezone.now() + timedelta(seconds=1)
        done, after = read(salon, calendar, later=waited)
        seen.append(
            (done, after.last_error.split(".")[0], round((after.due_at - timezone.now() - waited).seconds / 60))
        )
        calendar = after

    assert seen == [
        (False, "The other calendar answers 500", 15),
        (False, "This is not a calendar: it does not begin like an ", 60),
        (False, "The address opens no calendar (it answers 404)", 360),
    ]
    assert (starts(), calendar.failures) == ([at(salon, "12:00")], 3)
    done, calendar = read(salon, calendar, later=timedelta(days=2))
    assert (done, starts(), calendar.failures, calendar.last_error) == (True, [], 0, "")


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/x.ics",
        "https://localhost/x.ics",
        "https://169.254.169.254/latest",
        "https://[::1]/x.ics",
        "http://calendar.example/x.ics",
        "webcal://127.0.0.1/x.ics",
        "ftp://calendar.example/x.ics",
        "file:///etc/passwd",
        "calendar",
    ],
)
def test_no_address_of_ours_and_nothing_but_https_is_taken(salon, subscribe, url):
    with pytest.raises(services.NotRead):
        subscribe(url)

    assert BusyCalendar.objects.count() == 0


def test_webcal_is_https(salon, subscribe):
    calendar = subscribe("webcal://calendar.example/a.ics")

    assert sealing.opened(calendar.sealed_url) == "https://calendar.example/a.ics"


def test_the_same_address_is_taken_once(salon, subscribe):
    subscribe("https://calendar.example/a.ics")

    with pytest.raises(services.NotRead, match="already"):
        subscribe("webcal://calendar.example/a.ics")


def test_a_redirect_is_followed_and_looked_at_like_the_first(salon, elsewhere, subscribe, settings):
    inside = elsewhere(ok(lunch(salon)))
    server = elsewhere((302, {"Location": inside.url}, b""))
    calendar = subscribe(server.url)
    assert read(salon, calendar)[0] is True

    away = elsewhere((302, {"Location": "https://10.0.0.7/x.ics"}, b""))
    done, calendar = read(salon, subscribe(away.url, "Away"))

    assert (done, calendar.last_error) == (False, "This address belongs to a private network.")


def test_a_server_that_leads_to_no_address_is_a_failure_like_any_other(salon, elsewhere, subscribe):
    server = elsewhere((302, {"Location": "https://[calendar/x.ics"}, b""))

    done, calendar = read(salon, subscribe(server.url))

    assert (done, calendar.failures, calendar.claimed_until) == (False, 1, None)
    assert calendar.last_error == "The address leads to something that is no address."


def test_a_server_that_leads_in_circles_is_given_up(salon, elsewhere, subscribe):
    server = elsewhere((301, {"Location": "/again"}, b""))

    done, calendar = read(salon, subscribe(server.url))

    assert (done, len(server.asked)) == (False, 4)
    assert calendar.last_error == "The address leads from one place to the next."


def test_what_is_too_large_is_refused(salon, elsewhere, subscribe):
    server = elsewhere((200, {}, b"BEGIN:VCALENDAR" + b"x" * reading.MOST_BYTES))

    assert read(salon, subscribe(server.url))[1].last_error == "The calendar is larger than 2 MB."


def test_a_name_that_leads_to_this_machine_is_not_called(salon, subscribe, settings):
    from tenants.tests.name_server import NameServer

    server = NameServer()
    settings.DNS_RESOLVERS = [server.address]
    server.set("calendar.example", "A", "127.0.0.1")

    done, calendar = read(salon, subscribe("https://calendar.example/a.ics"))

    server.close()
    assert (done, calendar.last_error) == (False, "The name leads into a private network.")


def test_one_worker_at_a_time(salon, elsewhere, subscribe):
    server, found = elsewhere(ok(lunch(salon))), []
    calendar = subscribe(server.url)
    fetch = gateway.fetch

    def meanwhile(url):
        found.append(read(salon, calendar)[0])
        return fetch(url)

    gateway.fetch = meanwhile
    try:
        done, _ = read(salon, calendar)
    finally:
        gateway.fetch = fetch

    assert (done, found, len(server.asked)) == (True, [False], 1)


def test_a_calendar_that_is_removed_meanwhile_blocks_nothing(salon, boss, elsewhere, subscribe, monkeypatch):
    server = elsewhere(ok(lunch(salon)))
    calendar, fetch = subscribe(server.url), gateway.fetch

    def meanwhile(url):
        services.remove_calendar(membership=boss, by=by(boss), calendar=calendar, now=timezone.now())
        return fetch(url)

    monkeypatch.setattr(gateway, "fetch", meanwhile)
    done = services.read_address(business=salon, calendar_id=calendar.pk, clock=timezone.now)

    assert (done, TimeBlock.objects.count()) == (False, 0)


def test_the_trail_names_the_host_and_not_the_key_in_the_address(salon, subscribe):
    subscribe("https://calendar.example/private-key/a.ics")

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.after["from"]) == ("busy_calendar.added", "calendar.example")
    assert "private-key" not in str(entry.after)


def test_what_is_due_is_asked_for_and_nothing_else(salon, subscribe):
    due, later = subscribe("https://calendar.example/a.ics"), subscribe("https://calendar.example/b.ics", "b")
    BusyCalendar.objects.filter(pk=later.pk).update(due_at=timezone.now() + timedelta(hours=1))

    assert list(queries.due(now=timezone.now())) == [due]
