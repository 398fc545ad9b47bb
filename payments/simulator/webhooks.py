import http.client
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
        self._queue = []
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
                (self._held if mode["hold"] else self._queue).append(item)
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
            self._queue.extend(held)
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
                item = min(self._queue, key=lambda waiting: waiting["due"], default=None)
                now = time.monotonic()
                if item is not None and item["due"] <= now:
                    self._queue.remove(item)
                    self._under_way += 1
                    return item
                self._ready.wait(None if item is None else item["due"] - now)

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
                self._queue.append(item)

    def dump(self):
        with self._ready:
            return [{**item, "due": 0} for item in self._queue + self._held]

    def load(self, items):
        """Take up what was not delivered before a restart."""
        self._queue = items


def _post(endpoint, event):
    """The HTTP status of the answer, 0 when there was none."""
    parts = urlsplit(endpoint["url"])
    body = json.dumps(event, indent=2)
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
