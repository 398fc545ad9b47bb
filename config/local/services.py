"""PostgreSQL and Valkey, shared by every command of this checkout that is running.

A user of the servers holds a shared lock on `var/services.lock`; its death, however it dies, lets the lock go. Who
leaves and finds no other user stops the servers. Starting and stopping hold `var/start.lock`, so they never overlap.
"""

import fcntl
import os

from config.local import files, place, postgres, valkey
from config.local.errors import LocalError


class Services:
    """A context in which the servers run. `environment` tells children where; pass them `lock` to share its life.

    A server the given environment already names (DATABASE_URL, REDIS_URL) is left to whoever runs it.
    """

    def __init__(self, environment):
        self._wanted = {name for name in ("DATABASE_URL", "REDIS_URL") if not environment.get(name)}
        self._fast = environment.get("TITHI_LOCAL_FAST") == "1"
        self.environment = {}
        self.lock = None

    def __enter__(self):
        with files.locked("start.lock"):
            self.lock = files.open_lock("services.lock")
            fcntl.flock(self.lock, fcntl.LOCK_SH)
            try:
                self._start()
            except BaseException:
                self._leave()
                raise
        return self

    def __exit__(self, *exc_info):
        with files.locked("start.lock"):
            self._leave()

    def _start(self):
        if not self._wanted:
            return
        where = place.find()
        if "DATABASE_URL" in self._wanted:
            port = postgres.ensure(where, fast=self._fast)
            self.environment |= {
                "DATABASE_URL": postgres.url(postgres.OWNER, port),
                "DATABASE_WEB_URL": postgres.url(postgres.WEB, port),
                "DATABASE_WEB_ROLE": postgres.WEB,
            }
        if "REDIS_URL" in self._wanted:
            self.environment["REDIS_URL"] = valkey.url(valkey.ensure(where))

    def _leave(self):
        if files.try_lock(self.lock):
            _stop_servers()
        os.close(self.lock)


def stop():
    """Stop servers nobody uses any more. Raises LocalError while somebody does."""
    with files.locked("start.lock"):
        lock = files.open_lock("services.lock")
        try:
            if not files.try_lock(lock):
                raise LocalError("The servers are still used by another command of this checkout; end that first.")
            _stop_servers()
        finally:
            os.close(lock)


def status():
    """What runs, in lines for a person."""
    where, state = place.find(), files.read_state()
    database, cache = postgres.pid(where), valkey.is_running()
    yield f"data        {where.home}" + (f" (as {where.account.name})" if where.account else "")
    yield "PostgreSQL  " + (f"port {state['postgres_port']}, pid {database}" if database else "stopped")
    yield "Valkey      " + (f"port {state['valkey_port']}, pid {state['valkey']['pid']}" if cache else "stopped")


def _stop_servers():
    state = files.read_state()
    if "valkey_port" in state:
        valkey.stop()
    if "password_postgres" in state:
        postgres.stop(place.find())
