"""A small HTTP/1.1 client for many connections at once, cheap enough not to be what is measured.

One thread and one selector: a request is a ready-made text, an answer is timed from sending to its last byte.
"""

import gzip
import json
import selectors
import socket
from dataclasses import dataclass, field
from time import perf_counter

TIMEOUT = 60.0
END_OF_HEAD, END_OF_CHUNKS = b"\r\n\r\n", b"\r\n0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """`headers` have lower-case names; `body` is as it came over the wire, compressed if the server did so."""

    status: int
    headers: dict
    body: bytes
    seconds: float

    def json(self):
        return json.loads(self.body)


@dataclass(slots=True)
class _Line:
    """A connection, the number of the message on its way, and what has come back of the answer."""

    socket: socket.socket
    number: int = 0
    began: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def decoded(answer):
    """The body without gzip's compression. Raises ValueError for another one: the standard library reads no other."""
    encoding = answer.headers.get("content-encoding", "identity")
    if encoding not in ("gzip", "identity"):
        raise ValueError(f"cannot read {encoding}")
    return gzip.decompress(answer.body) if encoding == "gzip" else answer.body


def get(path, *, host, **headers):
    """The text of a GET; header names are written with underscores."""
    return _message("GET", path, host, headers, b"")


def post(path, data, *, host, **headers):
    """The text of a POST of JSON."""
    body = json.dumps(data).encode()
    return _message("POST", path, host, headers | {"content_type": "application/json"}, body)


def _message(method, path, host, headers, body):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def send(port, messages, *, connections):
    """The answers to `messages`, in their order; every connection stays open and has one message on its way at a time.

    All connections are open before the first message leaves. Raises ConnectionError where the server hangs up on a
    message, TimeoutError where it stays silent for a minute.
    """
    messages = list(messages)
    answers = [None] * len(messages)
    waiting = iter(enumerate(messages))
    with selectors.DefaultSelector() as selector:
        lines = [_Line(_connect(port)) for _ in range(min(connections, len(messages)))]
        try:
            for line in lines:
                selector.register(line.socket, selectors.EVENT_READ, line)
                _next(line, waiting, selector)
            while selector.get_map():
                events = selector.select(TIMEOUT)
                if not events:
                    raise TimeoutError(f"no answer within {TIMEOUT:.0f} s")
                for key, _ in events:
                    if answer := _receive(key.data):
                        answers[key.data.number] = answer
                        _next(key.data, waiting, selector)
        finally:
            for line in lines:
                line.socket.close()
    return answers


def _connect(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _next(line, waiting, selector):
    """Send the next message, or leave the selector where there is none."""
    line.number, message = next(waiting, (None, None))
    if message is None:
        selector.unregister(line.socket)
        return
    line.received.clear()
    line.began = perf_counter()
    line.socket.sendall(message)


def _receive(line):
    """Read what is there; the Answer once it is whole, else None."""
    data = line.socket.recv(1 << 18)
    if not data:
        raise ConnectionError("the server hung up in the middle of an answer")
    line.received += data
    head, found, body = bytes(line.received).partition(END_OF_HEAD)
    if not found:
        return None
    status, headers = _read_head(head)
    if "content-length" in headers:
        if len(body) < int(headers["content-length"]):
            return None
    elif headers.get("transfer-encoding") == "chunked":
        if not (b"\r\n" + body).endswith(END_OF_CHUNKS):
            return None
        body = _unchunked(body)
    elif status not in (204, 304):
        raise ConnectionError("an answer whose length is not told")
    return Answer(status, headers, body, perf_counter() - line.began)


def _read_head(head):
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return int(first.split()[1]), headers


def _unchunked(body):
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        parts.append(body[:length])
        body = body[length + 2 :]
    return b"".join(parts)
