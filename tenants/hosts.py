"""Which salon a host name leads to, from a cache in the process.

Asking the database costs each request a round trip. An entry lives for two seconds: a paused salon closes that
soon everywhere, at once in the process that paused it. Every request gets its own copy of the Business, so no
request can change what another one sees.
"""

import copy
import re
import threading
import time

from django.conf import settings
from django.db.models import OuterRef, Subquery

from tenants.models import Domain

MAX_ENTRIES = 10_000
PORT = re.compile(r":[0-9]{1,5}\Z")
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
#: A name as browsers send it. Anything else (upper case, a trailing dot, an address in brackets) is nobody's.
NAME = re.compile(rf"\A(?=.{{1,253}}\Z){LABEL}(?:\.{LABEL})*\Z")

_entries = {}
_lock = threading.Lock()


def without_port(header):
    """What a Host header says, its port left out."""
    return PORT.sub("", header)


def salon_at(name):
    """`business_for` a name that may be anything."""
    return business_for(name) if NAME.match(name) else None


def business_for(host):
    """A Business of the request's own, with `billing` loaded, or None for a host that is nobody's.

    `host` is a lower-case name without a port. The connection must be in `public`.
    """
    now = time.monotonic()
    entry = _entries.get(host)
    if entry is None or entry[0] < now:
        entry = (now + settings.HOST_CACHE_SECONDS, _load(host))
        _remember(host, entry, now)
    return _own_copy(entry[1])


def platform_url():
    """The platform's absolute address, without a trailing slash."""
    port = f":{settings.PLATFORM_PORT}" if settings.PLATFORM_PORT else ""
    return f"{settings.PLATFORM_SCHEME}://{settings.PLATFORM_DOMAIN}{port}"


def is_platforms(host):
    """Whether a name is the platform's or below it: anything else that leads to a salon is a name of its own."""
    return f".{host}".endswith(f".{settings.PLATFORM_DOMAIN}")


def url_here(request):
    """The absolute address of the host that was asked, without a trailing slash: a visitor's session lives there."""
    return f"{settings.PLATFORM_SCHEME}://{request.get_host()}"


def forget(host=None):
    """Drop one host from this process's cache, with the other names of the salon whose address it is; or all of them."""
    with _lock:
        for name in [name for name, (_, salon) in _entries.items() if _is_meant(host, name, salon)]:
            del _entries[name]


def _is_meant(host, name, salon):
    return host is None or name == host or (salon is not None and salon.host == host)


def _remember(host, entry, now):
    with _lock:
        if len(_entries) >= MAX_ENTRIES:
            # A flood of invented names fills the cache with nobodies: they go before the salons do.
            known = {name: kept for name, kept in _entries.items() if kept[1] and kept[0] >= now}
            _entries.clear()
            _entries.update(known if len(known) < MAX_ENTRIES else {})
        _entries[host] = entry


def _load(host):
    own = Domain.objects.filter(tenant=OuterRef("tenant")).exclude(domain__endswith=f".{settings.PLATFORM_DOMAIN}")
    found = Domain.objects.select_related("tenant__billing").annotate(own_host=Subquery(own.values("domain")[:1]))
    domain = found.filter(domain=host).first()
    if domain is None:
        return None
    domain.tenant.own_host = domain.own_host or ""
    return domain.tenant


def _own_copy(business):
    if business is None:
        return None
    mine, billing = _copy(business), _copy(business.billing)
    mine._state.fields_cache = {"billing": billing}
    billing._state.fields_cache = {"business": mine}
    return mine


def _copy(row):
    mine = copy.copy(row)
    mine._state = copy.copy(row._state)
    for name, value in row.__dict__.items():
        if isinstance(value, dict | list):
            setattr(mine, name, copy.deepcopy(value))
    return mine
