"""What the tests of live updates share: the process for sockets, a Valkey of its own, a browser's side of a socket."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from config.local import place, ports, processes, programs

PATH = "/ws/dashboard/"
PATIENCE = 20
#: The promise: whoever may no longer listen does not, five seconds later.
PROMISED = 5


def environment(**more):
    """Of a process that works on the test's database."""
    url = os.environ["DATABASE_URL"]
    tests = urlsplit(url)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    fixed = {
        "DATABASE_URL": tests,
        "LIVE_UPDATES": "on",
        "TITHI_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return os.environ | fixed | more


@contextmanager
def process(command, **more):
    with subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment(**more)) as running:
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()


@contextmanager
def live_process(**more):
    """The process for sockets; its port."""
    port = ports.free()
    with process([sys.executable, "-m", "config.live", "--port", str(port)], **more) as running:
        assert processes.wait_until(lambda: running.poll() is not None or _is_up(port), 60)
        assert running.poll() is None
        yield port


def _is_up(port):
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/ws/health", timeout=5) as answer:
        return answer.status == 200
    return False


@dataclass
class Valkey:
    """A server of the test's own, that may be stopped."""

    port: int = field(default_factory=ports.free)
    running: object = None

    @property
    def url(self):
        return urlsplit(settings.REDIS_URL)._replace(netloc=f"127.0.0.1:{self.port}").geturl()

    def start(self):
        command = [programs.valkey(place.find()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        assert processes.wait_until(self._answers, 15)

    def stop(self):
        if self.running:
            self.running.kill()
            self.running.wait(20)
            self.running = None

    def _answers(self):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        return False


class Ear:
    """A browser's side of a socket."""

    def __init__(self, port, *, business, cookie):
        self._opened = connect(
            f"ws://{business.host}:{port}{PATH}",
            sock=socket.create_connection(("127.0.0.1", port), timeout=PATIENCE),
            origin=business.url,
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"},
            open_timeout=PATIENCE,
            compression=None,
        )
        self.socket = self._opened.__enter__()

    def news(self, *, seconds=PATIENCE):
        """The next message; None where none comes."""
        try:
            return json.loads(self.socket.recv(timeout=seconds))
        except TimeoutError:
            return None

    def closed_after(self):
        """(seconds until the other side closed it, its code)."""
        began = time.monotonic()
        try:
            while True:
                self.socket.recv(timeout=PATIENCE)
        except ConnectionClosed as closed:
            return time.monotonic() - began, closed.rcvd.code

    def close(self):
        self._opened.__exit__(None, None, None)


def knock(port, *headers, path=PATH):
    """The status a handshake with exactly these headers is answered with."""
    lines = [
        f"GET {path} HTTP/1.1",
        *headers,
        *("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall("".join(f"{text}\r\n" for text in [*lines, ""]).encode())
        return int(line.makefile("rb").readline().split()[1])
