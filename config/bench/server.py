"""A web server on the bench's database, run with the very flags and the very role `make run` uses."""

import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection

from config.bench import load
from config.local import paths, ports, processes, run

#: A Redis database of the bench's own: its jobs are nobody's work, its counters nobody's limits.
REDIS_DATABASE = "1"
PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens. `host_of` is the Host header of a salon."""

    port: int

    def host_of(self, business):
        return f"{business.host}:{self.port}"

    def send(self, messages, *, connections):
        return load.send(self.port, messages, connections=connections)


def environment(**more):
    """The environment of a process that works on the database Django's connection is on now."""
    given = dict(os.environ) | {"REDIS_URL": _redis_url(), "TITHI_ENV": "local", "PYTHONUNBUFFERED": "1"}
    for name in ("DATABASE_URL", "DATABASE_WEB_URL"):
        if name in given:
            given[name] = _on_bench_database(given[name])
    return run._web_environment(given) | more


@contextmanager
def serving(settings_module="config.settings", *, workers=2, **more):
    """A Server that answers, until the end; `more` is for its environment."""
    port = ports.free()
    env = environment(DJANGO_SETTINGS_MODULE=settings_module, PORT=str(port), **more)
    with _alive(run._granian(port, workers=workers), env, lambda: _is_ready(port)):
        try:
            yield Server(port)
        finally:
            redis.Redis.from_url(_redis_url()).flushdb()


@contextmanager
def holding_sockets(port, *, pages_port):
    """The process for live updates on that port, until the end; its salons' pages are served on the other."""
    env = environment(PORT=str(pages_port), LIVE_UPDATES="on")
    with _alive(run.live_command(port), env, lambda: _is_ready(port, "/ws/health")):
        yield


@contextmanager
def _alive(command, env, is_ready):
    """Raises RuntimeError where it does not get ready. Whatever goes wrong meanwhile carries what it printed."""
    with tempfile.TemporaryFile() as log:
        streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        process = processes.launch(command, env=env, cwd=paths.ROOT, start_new_session=True, **streams)
        try:
            if not processes.wait_until(lambda: process.poll() is not None or is_ready(), PATIENCE):
                raise RuntimeError("The server did not answer.")
            if process.poll() is not None:
                raise RuntimeError(f"The server ended (exit {process.returncode}).")
            yield
        except Exception as error:
            error.add_note(f"The server said last:\n{_read(log)}")
            raise
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                processes.kill_group(process.pid)
                process.wait()


def _is_ready(port, path="/health/ready"):
    try:
        [answer] = load.send(port, [load.get(path, host=settings.PLATFORM_DOMAIN)], connections=1)
    except OSError:
        time.sleep(0.1)
        return False
    return answer.status == 200


def _on_bench_database(url):
    return urlsplit(url)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


def _redis_url():
    return urlsplit(settings.REDIS_URL)._replace(path=f"/{REDIS_DATABASE}").geturl()


def _read(log):
    log.seek(0)
    return log.read().decode("utf-8", "replace")[-4000:]
