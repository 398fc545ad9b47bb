"""`exec`: one command with the servers up for as long as it runs."""

import os
import signal
import sys

from config.local import environment, processes
from config.local.errors import LocalError
from config.local.services import Services

FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1)


def run(command, *, env_file):
    """Run it; its exit code, 128 + n when signal n ended it. Raises LocalError when it cannot be started."""
    signal.signal(signal.SIGTERM, _leave)
    env = environment.base(env_file=env_file)
    made_up = environment.made_up()
    for name in environment.OWN:
        env.setdefault(name, made_up[name])
    with Services(env) as services:
        code = _wait_for(command, env | services.environment, services.lock)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # a second, impatient one must not leave the servers running
    return code


def _wait_for(command, env, lock):
    try:
        child = processes.launch(command, env=env, pass_fds=[lock])
    except OSError as exc:
        raise LocalError(f"{command[0]} could not be started: {exc.strerror}.") from exc
    for number in FORWARDED:
        signal.signal(number, lambda received, _: _forward(child, received))
    code = child.wait()
    return code if code >= 0 else 128 - code


def _forward(child, number):
    # The terminal sends Ctrl-C to its whole foreground group, the child included: once is enough.
    if number in (signal.SIGINT, signal.SIGQUIT) and _is_in_foreground():
        return
    child.send_signal(number)


def _is_in_foreground():
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)


def _leave(number, _frame):
    sys.exit(128 + number)
