import heapq
import http.client
import itertools
import json
import random
import threading
import time
from collections import deque
from urllib.parse import urlsplit

from .signing import signature

TIMEOUT = 20
RETRY_AFTER = (1, 5, 30, 120, 600, 3600, 3600, 3600)
NO_MODE = {"duplicate": 0, "delay": 0, "shuffle": False, "hold": False, "drop": 0, "retry_after": RETRY_AFTER}


class Deliveries:
    """Webhooks on their way: a queue, a thread that posts them, and modes that make their life hard."""

    def __init__(self):
        self.endpoints = []
        self._ready = threading.Condition()
        self._queue = []  # a heap of (due, order, item)
        self._order = itertools.count()
        self._held = []
        self._under_way = 0
        self._sent = deque(maxlen=2000)
        self._mode = dict(NO_MODE)

    def add_endpoint(self, *, url, secret, connect=False, events=("*",)):
        self.endpoints.append({"url": url, "secret": secret, "connect": bool(connect), "events": list(events)})

    def set_mode(self, **mode):
        """Raises ValueError for an unknown mode. Modes not named go back to off."""
        unknown = set(mode) - set(NO_MODE)
        if unknown:
            raise ValueError(f"unknown mode: {', '.join(sorted(unknown))}")
        with self._ready:
            self._mode = {**NO_MODE, **mode}

    def push(self, event, endpoint):
        """Queue one event for one endpoint, as the modes of the moment say."""
        with self._ready:
            mode = self._mode
            if mode["drop"]:
                if mode["drop"] is not True:
                    mode["drop"] -= 1
                return
            copies = 1 + int(mode["duplicate"])
            for _ in range(copies):
                pause = mode["delay"] + (random.uniform(0, 0.4) if mode["shuffle"] else 0)  # noqa: S311 -- no secret
                item = {"event": event, "endpoint": endpoint, "attempt": 0, "due": time.monotonic() + pause}
                if mode["hold"]:
                    self._held.append(item)
                else:
                    self._enqueue(item)
            self._ready.notify()

    def release(self, shuffle=False):
        """Let go what `hold` kept back; returns how many."""
        with self._ready:
            held, self._held = self._held, []
            if shuffle:
                random.shuffle(held)
            now = time.monotonic()
            for place, item in enumerate(held):
                item["due"] = now + place * 1e-6
                self._enqueue(item)
            self._ready.notify()
            return len(held)

    def report(self):
        with self._ready:
            return {
                "pending": len(self._queue) + self._under_way,
                "held": len(self._held),
                "sent": list(self._sent),
                "mode": self._mode,
            }

    def clear(self):
        with self._ready:
            self._queue.clear()
            self._held.clear()
            self._sent.clear()
            self._mode = dict(NO_MODE)

    def start(self):
        threading.Thread(target=self._run, daemon=True, name="webhooks").start()

    def _run(self):
        while True:
            item = self._next()
            status = _post(item["endpoint"], item["event"])
            self._done(item, status)

    def _next(self):
        with self._ready:
            while True:
                due = self._queue[0][0] if self._queue else None
                now = time.monotonic()
                if due is not None and due <= now:
                    self._under_way += 1
                    return heapq.heappop(self._queue)[2]
                self._ready.wait(None if due is None else due - now)

    def _enqueue(self, item):
        heapq.heappush(self._queue, (item["due"], next(self._order), item))

    def _done(self, item, status):
        with self._ready:
            self._under_way -= 1
            event = item["event"]
            self._sent.append(
                {
                    "event": event["id"],
                    "type": event["type"],
                    "url": item["endpoint"]["url"],
                    "attempt": item["attempt"] + 1,
                    "status": status,
                }
            )
            pauses = self._mode["retry_after"]
            if not 200 <= status < 300 and item["attempt"] < len(pauses):
                item["due"] = time.monotonic() + pauses[item["attempt"]]
                item["attempt"] += 1
                self._enqueue(item)

    def dump(self):
        with self._ready:
            waiting = [item for _, _, item in sorted(self._queue, key=lambda entry: entry[:2])]
            return [{**item, "due": 0} for item in waiting + self._held]

    def load(self, items):
        """Take up what was not delivered before a restart."""
        for item in items:
            self._enqueue(item)


def _post(endpoint, event):
    """The HTTP status of the answer, 0 when there was none."""
    parts = urlsplit(endpoint["url"])
    body = json.dumps(event)
    # The receiver compares the stamp with its own clock, so it is real time even when ours was moved.
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signature(endpoint["secret"], int(time.time()), body),
    }
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target or "/", body.encode(), headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
