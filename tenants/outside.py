"""Where an address that somebody typed in may lead, and the only way of calling it: the public internet, nothing of ours.

A name is asked for once, every address it has is looked at, and the connection goes to one of those: a name server that
says something else a moment later is not asked. No proxy, no redirect, one deadline for everything.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from tenants import dns_records

HTTPS_PORT = 443
NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$")
PLAIN = re.compile(r"[!-~]+")
#: Public by their number, and still nobody's own: ways into other networks, and a cloud's door to its own machines.
NOT_TO_BE_CALLED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2001::/23",
        "2002::/16",
    )
)
#: All that is given out of IPv6 today; what wraps an IPv4 address, mapped or translated, lies outside.
GIVEN_OUT = ipaddress.ip_network("2000::/3")


class Refused(Exception):
    """This address is not called; the sentence says why."""


class Unreachable(Exception):
    """Nobody answered, or not as HTTP asks for."""


@dataclass(frozen=True, slots=True)
class Target:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        standard = HTTPS_PORT if self.scheme == "https" else 80
        return host if self.port == standard else f"{host}:{self.port}"


def target_of(url):
    """The parts of an address that may be called, as far as its text tells. Raises Refused."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError as exc:
        raise Refused("This is not an address.") from exc
    if not PLAIN.fullmatch(url) or "\\" in url:
        raise Refused("Write the address in plain letters, without spaces.")
    if parts.scheme not in ("https", "http"):
        raise Refused("The address begins with https://.")
    if "@" in parts.netloc or parts.fragment:
        raise Refused("The address takes no user name, password or fragment.")
    _check_host(host)
    if parts.scheme == "http" and not _is_here(host):
        raise Refused("The address begins with https://.")
    port = port if port is not None else (HTTPS_PORT if parts.scheme == "https" else 80)
    if port != HTTPS_PORT and not settings.WEBHOOKS_TO_LOOPBACK:
        raise Refused("Only port 443 is called.")
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, port, (parts.path or "/") + query)


def _check_host(host):
    literal = _literal(host)
    if literal is not None:
        if not may_call(literal):
            raise Refused("This address belongs to a private network.")
    elif not (_is_here(host) or NAME.fullmatch(host)):
        raise Refused("This is not the name of a website.")


def _literal(host):
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_here(host):
    """Whether the host is this machine, where that may be called at all: in the local environment."""
    literal = _literal(host)
    return settings.WEBHOOKS_TO_LOOPBACK and (host == "localhost" or (literal is not None and literal.is_loopback))


def may_call(address):
    """Whether an IP address is somebody's on the public internet."""
    if settings.WEBHOOKS_TO_LOOPBACK and address.is_loopback:
        return True
    if any(address in network for network in NOT_TO_BE_CALLED):
        return False
    if address.version == 6 and address not in GIVEN_OUT:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def addresses_of(host):
    """Where the host is, every address looked at. Raises Refused, Unreachable."""
    literal = _literal(host)
    if literal is not None:
        found = {literal}
    elif host == "localhost" and settings.WEBHOOKS_TO_LOOPBACK:
        found = {ipaddress.ip_address("127.0.0.1")}
    else:
        try:
            found = {ipaddress.ip_address(text) for text in dns_records.leads_of(host).addresses}
        except dns_records.Unreachable as exc:
            raise Unreachable("The name could not be looked up.") from exc
    if not found:
        raise Unreachable("There is no such address.")
    if not all(map(may_call, found)):
        raise Refused("The name leads into a private network.")
    return [str(address) for address in sorted(found, key=lambda each: (each.version, each))]


@contextmanager
def calling(url, *, seconds):
    """A Call to the address, looked at and not opened yet. Raises Refused, Unreachable, the latter for its faults, too."""
    target = target_of(url)
    with closing(Call(target, addresses_of(target.host), seconds)) as call:
        try:
            yield call
        except (OSError, http.client.HTTPException, ValueError) as exc:
            if call.is_over or isinstance(exc, TimeoutError):  # the socket's own limit ends at the same instant
                raise Unreachable(f"No answer within {seconds:g} seconds.") from exc
            raise Unreachable(f"{type(exc).__name__}: {exc}"[:200]) from exc


class Call:
    """One connection with one deadline: an answer that trickles in byte by byte ends with it too."""

    def __init__(self, target, addresses, seconds):
        self.target, self.addresses = target, addresses
        self.is_over, self._socket = False, None
        self._ends = time.monotonic() + seconds
        self._watch = threading.Timer(seconds, self._end)
        self._watch.daemon = True
        self._watch.start()

    def ask(self, method, body, headers, *, most):
        """(status, headers, the first `most` bytes) of what is answered. Raises OSError, HTTPException, ValueError."""
        self._open()
        connection = http.client.HTTPConnection(self.target.host, self.target.port)
        connection.auto_open, connection.sock = False, self._socket
        names = {"Host": self.target.host_header, "Connection": "close", **headers}
        connection.request(method, self.target.path, body, names)
        with closing(connection.getresponse()) as response:
            return response.status, response.headers, response.read(most)

    def close(self):
        self._watch.cancel()
        self._watch.join()
        if self._socket is not None:
            self._socket.close()

    def _open(self):
        for number, address in enumerate(self.addresses):
            try:
                self._socket = socket.create_connection((address, self.target.port), self._left())
                break
            except OSError:
                if number == len(self.addresses) - 1:
                    raise
        if self.target.scheme == "https":
            context = ssl.create_default_context()
            self._socket = context.wrap_socket(
                self._socket, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self._socket.settimeout(self._left())
            self._socket.do_handshake()
        self._socket.settimeout(self._left())

    def _left(self):
        left = self._ends - time.monotonic()
        if left <= 0:
            self.is_over = True
            raise TimeoutError
        return left

    def _end(self):
        self.is_over = True
        if self._socket is not None:
            # Not the method of SSLSocket, which forgets its TLS state under the reader's hands.
            try:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return
