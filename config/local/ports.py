"""Ports on this machine's loopback."""

import random
import socket

from config.local.errors import LocalError

# Below the range the kernel hands to outgoing connections, so that a remembered port is still free tomorrow.
CANDIDATES = range(20_000, 30_000)


def is_free(port):
    """Nobody listens there, on IPv4 or IPv6, and we may."""
    if any(_answers(host, port) for host in ("127.0.0.1", "::1")):
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free(preferred=None):
    """The preferred port when it is free, else any."""
    if preferred and is_free(preferred):
        return preferred
    for _ in range(200):
        port = random.choice(CANDIDATES)  # noqa: S311 -- a port is no secret
        if is_free(port):
            return port
    raise LocalError("No free port was found on 127.0.0.1.")


def _answers(host, port):
    try:
        socket.create_connection((host, port), timeout=0.5).close()
    except OSError:
        return False
    return True
