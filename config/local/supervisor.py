"""Keeps the processes of `make run` alive, shows what they print, and ends all of them together."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from config.local import files, paths, processes
from config.local.errors import LocalError

RESTARTS, RESTART_WINDOW = 3, 60.0
GRACE = 8.0


@dataclass
class Child:
    name: str
    command: list
    environment: dict
    process: subprocess.Popen | None = None
    deaths: list = field(default_factory=list)
    restart_at: float | None = None


class Supervisor:
    """Children by name. The first SIGINT, SIGTERM or SIGHUP ends them politely, the second at once."""

    def __init__(self, *, lock=None, backoff=1.0, grace=GRACE):
        self._children = []
        self._signals = 0
        self._lock, self._backoff, self._grace = lock, backoff, grace

    @property
    def is_stopping(self):
        return self._signals > 0

    def catch_signals(self):
        """From now on signals end the children, not this process."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def start(self, name, command, environment):
        """Start a child that is to stay alive."""
        child = Child(name, command, environment)
        self._children.append(child)
        self._spawn(child)

    def run_to_end(self, name, command, environment):
        """Run a step before the others go on. Raises LocalError when it fails; returns early when asked to stop."""
        child = Child(name, command, environment)
        self._spawn(child)
        while child.process.poll() is None:
            if self.is_stopping:
                self._end([child])
                return
            self.tend()
        if child.process.returncode:
            raise LocalError(f"{name} failed (exit {child.process.returncode}); see {_log_path(name)}.")

    def wait_until(self, condition, seconds, otherwise):
        """Keep the children alive until the condition holds. Raises LocalError(otherwise) when it takes too long."""
        deadline = time.monotonic() + seconds
        while not self.is_stopping and not condition():
            if time.monotonic() > deadline:
                raise LocalError(otherwise)
            self.tend()

    def watch(self):
        """Keep the children alive until a signal. Raises LocalError when one of them does not stay up."""
        while not self.is_stopping:
            self.tend()

    def tend(self):
        """Look after the children once, and rest a little. Raises LocalError when one does not stay up."""
        time.sleep(0.1)
        for child in self._children:
            if child.restart_at is None and child.process.poll() is not None:
                self._bury(child)
            if child.restart_at is not None and time.monotonic() >= child.restart_at and not self.is_stopping:
                self._spawn(child)

    def stop(self):
        """End every child, politely first."""
        self._end(self._children)
        files.remember(children=[])

    def _spawn(self, child):
        child.restart_at = None
        try:
            child.process = processes.launch(
                child.command,
                env=child.environment,
                cwd=paths.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # the terminal's Ctrl-C is for us to pass on
                pass_fds=[] if self._lock is None else [self._lock],
            )
        except OSError as exc:
            raise LocalError(f"{child.name} could not be started: {exc}") from exc
        self._remember()
        arguments = (child.name, child.process.stdout, "ab" if child.deaths else "wb")
        threading.Thread(target=_relay, args=arguments, daemon=True).start()

    def _bury(self, child):
        code, now = child.process.returncode, time.monotonic()
        processes.kill_group(child.process.pid)  # grandchildren of a killed child
        child.deaths = [at for at in child.deaths if now - at < RESTART_WINDOW] + [now]
        if len(child.deaths) > RESTARTS:
            raise LocalError(
                f"{child.name} died {len(child.deaths)} times (last exit {code}); see {_log_path(child.name)}."
            )
        pause = self._backoff * 2 ** (len(child.deaths) - 1)
        child.restart_at = now + pause
        say(f"{child.name} died (exit {code}); starting it again in {pause:g} s")

    def _end(self, children):
        alive = [child for child in children if child.process and child.process.poll() is None]
        for child in alive:
            child.process.terminate()
        deadline = time.monotonic() + self._grace
        while any(child.process.poll() is None for child in alive):
            if self._signals > 1 or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        for child in alive:
            processes.kill_group(child.process.pid)
            child.process.wait()

    def _remember(self):
        running = [child.process.pid for child in self._children if child.process]
        files.remember(children=[processes.identity(pid) for pid in running])

    def _on_signal(self, _number, _frame):
        # Only a counter: a lock taken in a handler can deadlock with the code it interrupted.
        self._signals += 1


def end_leftovers():
    """End children of a supervisor that was killed."""
    for known in files.read_state().get("children", []):
        processes.end(known, grace=GRACE)
    files.remember(children=[])


def say(text):
    """A line for the person at the terminal."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):  # `make run | head`: the processes go on, their logs have it all
        return


def _log_path(name):
    return os.path.relpath(paths.logs() / f"{name}.log")


def _relay(name, stream, mode):
    with (paths.logs() / f"{name}.log").open(mode) as log:
        for line in stream:
            log.write(line)
            log.flush()
            say(f"{name:<9} | {line.decode('utf-8', 'replace').rstrip()}")
