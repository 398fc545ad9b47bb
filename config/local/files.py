"""Locks and small private files."""

import fcntl
import json
import os
import secrets
from contextlib import contextmanager

from config.local import paths


def open_lock(name):
    """An open descriptor of a lock file in `var/`; closing it, or dying, lets the lock go."""
    return os.open(paths.var() / name, os.O_RDWR | os.O_CREAT, 0o600)


def try_lock(fd, how=fcntl.LOCK_EX):
    """Take the lock without waiting; False when another process holds it."""
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def locked(name):
    """Hold a lock of this checkout, waiting for it."""
    fd = open_lock(name)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def write_private(path, text, *, owner=None):
    """Replace a file in one step, readable by its owner (the caller, or an Account) only."""
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)
    fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
    if owner is not None:
        os.chown(partial, owner.uid, owner.gid)
    partial.replace(path)


def read_state():
    """What this checkout remembers: ports, passwords, where its data is."""
    try:
        return json.loads((paths.var() / "services.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}


def remember(**values):
    """Add to the state; other processes' values stay."""
    with locked("state.lock"):
        write_private(paths.var() / "services.json", json.dumps(read_state() | values, indent=1))


def secret(name):
    """The stored random word of that name, made on first use."""
    with locked("state.lock"):
        state = read_state()
        if name not in state:
            state[name] = secrets.token_hex(24)
            write_private(paths.var() / "services.json", json.dumps(state, indent=1))
    return state[name]
