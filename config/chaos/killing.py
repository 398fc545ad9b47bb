"""Somebody goes round with kill -9: web workers and background workers die in the middle of what they do."""

import os
import random
import signal
import threading
from pathlib import Path

from config.chaos import world as worlds

VICTIMS = ("web", "worker")


class Killer:
    """Kills a process of the web server or the worker after every so many presses. Only children of this run die."""

    def __init__(self, world, *, kills, presses, seed):
        self._world = world
        self._lots = random.Random(seed)  # noqa: S311 -- repeatable, no secret
        self._every, self._most = max(presses // max(kills, 1), 1), kills
        self._lock = threading.Lock()
        self._pressed = 0
        self.killed = 0

    def pressed(self):
        """Tell the killer of a press."""
        with self._lock:
            self._pressed += 1
            if self.killed < self._most and self._pressed % self._every == 0:
                self.kill(VICTIMS[self.killed % len(VICTIMS)])

    def kill(self, name):
        """One process of that server, and the whole server now and then."""
        worlds.restart_if_dead(self._world, name)
        parent = self._world.processes[name].pid
        victims = _children(parent)
        victim = self._lots.choice(victims) if victims and self._lots.random() < 0.8 else parent
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.killed += 1
        if victim == parent:
            # Its children would keep the port, and work on unseen.
            for child in victims:
                _end(child)
            self._world.processes[name].wait()
        worlds.restart_if_dead(self._world, name)


def _children(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in task.read_text().split()]
    return found


def _end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
