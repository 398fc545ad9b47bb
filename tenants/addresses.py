"""Where a request comes from: the peer itself, or what our own proxy says about it."""

import ipaddress

from django.conf import settings


def client_address(request):
    """The client's address as text, or None. `X-Forwarded-For` counts only where the peer is a trusted proxy.

    The header is read from its end: what stands left of the last untrusted entry, anybody may have written.
    """
    peer = parse(request.META.get("REMOTE_ADDR", ""))
    if peer is None or not is_trusted(peer):
        return str(peer) if peer else None
    for entry in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        address = parse(entry.strip())
        if address is None:
            break
        if not is_trusted(address):
            return str(address)
    return str(peer)


def parse(text):
    """An `ipaddress` value, IPv4 in IPv6's clothes undressed; None for anything else."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_trusted(address):
    """Whether the address is one of `settings.TRUSTED_PROXIES` (addresses or networks)."""
    return any(address in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)


def is_loopback(text):
    address = parse(text or "")
    return address is not None and address.is_loopback


def bucket(text):
    """What counts as one visitor: an IPv4 address, or the /64 an IPv6 subscriber has to himself."""
    address = parse(text or "")
    if address is None:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
