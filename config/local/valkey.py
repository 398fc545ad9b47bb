"""A private Valkey (or Redis) of this checkout, on a loopback port behind a password."""

import socket
from contextlib import suppress

from config.local import files, ports, processes, programs
from config.local.errors import LocalError

# Commands rather than snapshots on disk: their format is the same in every version of either server.
SETTINGS = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir "{folder}"
logfile "{folder}/server.log"
pidfile "{folder}/server.pid"
daemonize yes
save ""
appendonly yes
appendfsync everysec
aof-use-rdb-preamble no
"""


def ensure(place):
    """The server runs; its port. One already running for this checkout is used as it is."""
    state = files.read_state()
    port = state.get("valkey_port")
    if port and _ask(port, "PING") == "+PONG":
        _remember_process(place.folder("valkey"))  # whoever started it may have died before doing so
        return port
    processes.end(state.get("valkey"), grace=5)  # alive but deaf: never two servers on one folder
    return _start(place, port)


def url(port):
    """The REDIS_URL."""
    return f"redis://:{_password()}@127.0.0.1:{port}/0"


def is_running():
    """Does this checkout's server live?"""
    return processes.is_alive(files.read_state().get("valkey"))


def stop():
    """Stop the server, its data on disk. Nothing happens when it is not running."""
    state = files.read_state()
    if not processes.is_alive(state.get("valkey")):
        return
    _ask(state["valkey_port"], "SHUTDOWN")
    if not processes.wait_until(lambda: not is_running(), 10):
        processes.end(state["valkey"], grace=2)


def _start(place, port):
    program, folder = programs.valkey(place), place.folder("valkey")
    pid_file = folder / "server.pid"
    for attempt in range(3):
        port = ports.free(port if attempt == 0 else None)
        pid_file.unlink(missing_ok=True)
        files.remember(valkey_port=port)
        place.write(folder / "valkey.conf", SETTINGS.format(port=port, password=_password(), folder=folder))
        with suppress(LocalError):
            place.run(program, folder / "valkey.conf")
        if _is_ready(port, pid_file):
            _remember_process(folder)
            return port
    raise LocalError(f"Valkey did not start; see {folder / 'server.log'}.")


def _is_ready(port, pid_file):
    return processes.wait_until(lambda: pid_file.exists() and _ask(port, "PING") == "+PONG", 10)


def _remember_process(folder):
    files.remember(valkey=processes.identity(int(folder.joinpath("server.pid").read_text())))


def _ask(port, command):
    """One command's first line of answer, else None."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(f"AUTH {_password()}\r\n{command}\r\n".encode())
            answers = connection.makefile("r")
            signed_in = answers.readline().strip() == "+OK"
            return answers.readline().strip() if signed_in else None
    except OSError:
        return None


def _password():
    return files.secret("password_valkey")
