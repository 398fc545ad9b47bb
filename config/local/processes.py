"""Programs we start, and how to recognise them later."""

import os
import signal
import subprocess
import time
from pathlib import Path

from config.local.errors import LocalError

PROC = Path("/proc")
CLEAN_ENVIRONMENT = {"PATH": os.defpath + ":/usr/sbin:/sbin", "LC_ALL": "C", "HOME": "/"}


def run(command, *, account=None, timeout=180, cwd="/"):
    """Run a program to its end, as another account if asked; its output. Raises LocalError when it fails.

    It sees nothing of our environment (a stray PGOPTIONS or LC_ALL breaks servers) and none of our Ctrl-C.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- programs found by us, no shell
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=timeout,
            cwd=cwd,
            env=CLEAN_ENVIRONMENT,
            umask=0o077,
            start_new_session=True,
            **(account.as_popen() if account else {}),
        )
    except (OSError, subprocess.SubprocessError) as exc:
        raise LocalError(f"{command[0]} could not be run: {exc}") from exc
    if done.returncode:
        raise LocalError(f"{command[0]} failed: {done.stdout.strip() or done.returncode}")
    return done.stdout


def launch(command, **options):
    """A Popen of a child of ours."""
    return subprocess.Popen(command, **options)  # noqa: S603 -- our own commands, no shell


def started_at(pid):
    """When that process began, as an opaque text; None when there is none, or only its zombie.

    A pid comes back after a reboot and quickly in containers: pid and start together name one process.
    """
    if PROC.joinpath("self").exists():
        try:
            fields = PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    return _ps(pid, "lstart")


def command_of(pid):
    """The command line of a live process, else None."""
    if PROC.joinpath("self").exists():
        try:
            raw = PROC.joinpath(str(pid), "cmdline").read_bytes()
        except OSError:
            return None
        return raw.replace(b"\0", b" ").decode("utf-8", "replace") or None
    return _ps(pid, "command")


def identity(pid):
    """Pid and start, to be kept in a file and given to `is_alive` later."""
    return {"pid": pid, "started": started_at(pid)}


def is_alive(known):
    """Is the process of that identity still running?"""
    return bool(known) and known["started"] is not None and started_at(known["pid"]) == known["started"]


def end(known, *, grace):
    """End that process and its group: politely, and after `grace` seconds not."""
    if not is_alive(known):
        return
    _signal(known["pid"], signal.SIGTERM)
    if not wait_until(lambda: not is_alive(known), grace):
        kill_group(known["pid"])
        _signal(known["pid"], signal.SIGKILL)  # one that leads no group


def kill_group(pid):
    """Kill a process group at once; nothing happens when it is gone."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def wait_until(condition, seconds, step=0.05):
    """Wait for a condition; whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(step)
    return True


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _ps(pid, column):
    try:
        return run(["ps", "-o", f"{column}=", "-p", str(pid)]).strip() or None
    except LocalError:
        return None
