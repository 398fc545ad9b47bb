import contextlib
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .wire import Request


class Server(ThreadingHTTPServer):
    """HTTP/1.1 with kept-alive connections around one function, Request -> Reply."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address, answer):
        self.answer = answer
        super().__init__(address, Handler)

    def server_bind(self):
        # The parent asks the resolver for this machine's name, which may take seconds and is of no use here.
        socket.socket.bind(self.socket, self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one segment; two would cost 40 ms against a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.answer(Request(self.command, self.path, headers, self.rfile.read(length)))
        if reply.lost:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()

    do_GET = do_POST = do_DELETE = do_OPTIONS = do_HEAD = _answer

    def handle(self):
        # A client that left has had its work done all the same.
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def finish(self):
        with contextlib.suppress(ConnectionError, ValueError):
            super().finish()

    def log_message(self, *args):
        pass
