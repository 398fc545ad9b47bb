import json
import os
import threading

from .chaos import Chaos
from .clock import Clock
from .dunning import Dunning
from .faults import Faults
from .idempotency import IdempotencyKeys
from .jobs import Jobs
from .ledger import Ledger
from .requestlog import RequestLog
from .store import Store
from .webhooks import Deliveries

_SAVED = ("clock", "store", "ledger", "jobs", "keys", "deliveries", "dunning")


class World:
    """All state of one simulator. Whoever reads or writes it holds `lock`."""

    def __init__(self):
        self.lock = threading.RLock()
        self.base_url = ""  # where we were last reached, for the links of objects that a job makes
        self.faults = Faults()
        self.chaos = Chaos()
        self.requests = RequestLog()
        self.deliveries = Deliveries()
        self._start_empty()

    def _start_empty(self):
        self.clock = Clock()
        self.store = Store()
        self.ledger = Ledger()
        self.jobs = Jobs()
        self.keys = IdempotencyKeys()
        self.dunning = Dunning()
        self.version = 0

    def reset(self):
        """Forget every object, key, fault and ledger row.

        Webhook endpoints named on the command line or by the control API stay.
        """
        with self.lock:
            version = self.version
            self.faults.clear()
            self.chaos.stop()
            self.requests.clear()
            self.deliveries.clear()
            self._start_empty()
            self.version = version + 1

    def changed(self):
        self.version += 1

    def save(self, path):
        """Write everything to `path` in one atomic step, so that a crash leaves the old file or the new one."""
        with self.lock:
            text = json.dumps({name: getattr(self, name).dump() for name in _SAVED})
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + ".new")
        with draft.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def load(self, path):
        state = json.loads(path.read_text())
        for name in _SAVED:
            if name in state:  # an older file knows less
                getattr(self, name).load(state[name])
