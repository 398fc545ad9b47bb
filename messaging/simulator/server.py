"""HTTP around the world."""

import json
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from . import api, control, telling

HANG_SECONDS = 30
BUSY = {
    "429": (429, {"code": 20429, "message": "Too Many Requests", "status": 429}),
    "500": (500, {"code": 20500, "message": "An internal server error has occurred", "status": 500}),
}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address, world):
        self.world = world
        super().__init__(address, Handler)

    def server_bind(self):
        # The parent asks the resolver for this machine's name, which may take seconds and is of no use here.
        socket.socket.bind(self.socket, self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one segment

    def _answer(self):
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        if parts.path.startswith("/_simulator/"):
            data = json.loads(body or "{}") if self.command == "POST" else dict(parse_qsl(parts.query))
            # Posting an inbound text waits for the product, which may send one meanwhile: no lock.
            self._send(*control.answer(self.server.world, self.command, parts.path, data))
        else:
            self._answer_api(parts, dict(parse_qsl(body, keep_blank_values=True)))

    def _answer_api(self, parts, form):
        world, headers = self.server.world, {name.lower(): value for name, value in self.headers.items()}
        with world.lock:
            fault = world.next_fault() if self.command == "POST" else None
            if fault in BUSY:
                return self._send(*BUSY[fault])
            status, value, made = api.answer(
                world, self.command, parts.path, headers, form, dict(parse_qsl(parts.query))
            )
            calls = []
            if made:  # the answer shows it as it was taken
                value, calls = dict(made), _news(world, made)
        for call in calls:
            telling.tell(call)
        if fault == "lost_answer":
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        if fault == "hang":
            time.sleep(HANG_SECONDS)
        return self._send(status, value)

    def _send(self, status, value):
        body = json.dumps(_shown(value)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer

    def log_message(self, *args):
        pass


def _news(world, message):
    """What is posted about a message that was taken: nothing where nobody asked, or where it is held."""
    if not message["_callback"]:
        return []
    shown = message["status"]
    calls = [telling.status_call(world, message, status, code) for status, code in world.story_of(message)]
    if not world.holds_callbacks:
        return calls
    world.callbacks += calls
    message["status"], message["error_code"] = shown, None
    return []


def _shown(value):
    """Without what is ours."""
    if isinstance(value, dict):
        return {name: _shown(each) for name, each in value.items() if not name.startswith("_")}
    return [_shown(each) for each in value] if isinstance(value, list) else value
