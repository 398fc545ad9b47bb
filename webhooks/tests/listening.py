"""A salon's program: a small server on loopback that keeps what it is sent and answers as it is told."""

import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 5


@dataclass
class Heard:
    path: str
    headers: dict
    body: bytes


@dataclass
class Listener:
    """`answers` are given one after the other, the last one for ever: a status, or (status, headers, body)."""

    answers: list = field(default_factory=lambda: [200])
    heard: list = field(default_factory=list)
    #: Seconds before each byte of an answer: a server that trickles.
    trickle: float = 0
    during: object = None
    tls: object = None
    host: str = "127.0.0.1"
    scheme: str = "http"

    def __post_init__(self):
        self._server = _Server((self.host, 0), _handler(self))
        if self.tls:
            self.scheme = "https"
            self._server.tls = self.tls
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self):
        return f"{self.scheme}://{self.host}:{self.port}/hook?from=tithi"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=PATIENCE)


class _Server(ThreadingHTTPServer):
    tls = None
    daemon_threads = True
    allow_reuse_address = True

    def finish_request(self, request, client_address):
        if not self.tls:
            super().finish_request(request, client_address)
            return
        with self.tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False) as secure:
            try:
                secure.do_handshake()
            except OSError:
                return
            super().finish_request(secure, client_address)

    def handle_error(self, request, client_address):
        """Callers that go away are what some tests are about."""


def _handler(listener):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.heard.append(Heard(self.path, dict(self.headers), body))
            if listener.during:
                listener.during()
            answer = listener.answers.pop(0) if len(listener.answers) > 1 else listener.answers[0]
            status, headers, text = answer if isinstance(answer, tuple) else (answer, {}, b"ok")
            lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
            raw = "\r\n".join(lines).encode() + text
            if not listener.trickle:
                self.wfile.write(raw)
                return
            for byte in raw:
                self.wfile.write(bytes([byte]))
                time.sleep(listener.trickle)

        do_GET = do_POST

        def log_message(self, *args):
            """Quiet."""

    return Handler


def nobody():
    """A port of loopback at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
