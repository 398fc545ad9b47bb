"""How often something may be tried. Counted in the cache; in the process alone while the cache is away.

Buckets belong to the salon whose host was asked (the cache's keys carry the schema, and so do this process's own),
except `everywhere` ones: a login is one and the same on every salon's host.
"""

import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django_tenants.utils import schema_context
from redis.exceptions import RedisError

from tenants import addresses
from tenants.errors import DomainError

logger = structlog.get_logger("tithi.limits")

#: After a failure the cache is left alone for this long: no request waits for its timeout meanwhile.
PAUSE = 5.0
MAX_LOCAL = 10_000

_local = {}
_lock = threading.Lock()
_away_until = 0.0


class TooMany(DomainError):
    """`details["retry_after"]` are the seconds after which the counting surely starts anew."""

    code = "rate_limited"
    status = 429
    message = "Too many attempts. Please wait a while and try again."


class NotNow(DomainError):
    """The attempts cannot be counted, and what they are about must not go uncounted."""

    code = "temporarily_unavailable"
    status = 503
    message = "This is not possible for a moment. Please try again shortly."


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` in `seconds`, from the first attempt on. `closed` ones refuse everybody while the cache is away."""

    name: str
    times: int
    seconds: int
    closed: bool = False
    everywhere: bool = False


def take(limit, *parts, address):
    """Count one attempt of `parts` (who, from where). Raises TooMany or NotNow, with nothing counted beyond.

    A loopback `address` is a developer or a load test outside production, and is not counted there.
    """
    if _exempt(address):
        return
    if _count(limit, _key(limit, parts)) > limit.times:
        raise TooMany(retry_after=limit.seconds)


def check(limit, *parts, address):
    """Raises TooMany where the attempts of `parts` are used up; counts nothing itself."""
    if not _exempt(address) and _counted(limit, _key(limit, parts)) >= limit.times:
        raise TooMany(retry_after=limit.seconds)


def give_back(limit, *parts, address):
    """Forget one attempt: it was legitimate after all."""
    if _exempt(address):
        return
    key = _key(limit, parts)
    with _scope(limit):
        own = _local_key(key)
        if _with_cache(lambda: _decrease(key)) is None and own in _local:
            _local[own] = (_local[own][0], _local[own][1] - 1)


def forget():
    """Drop what this process counted itself, and try the cache again."""
    global _away_until
    with _lock:
        _local.clear()
        _away_until = 0.0


def _exempt(address):
    return not settings.LIMIT_LOOPBACK and addresses.is_loopback(address)


def _key(limit, parts):
    """Digests: a key has no room for what people type, and is no place for their addresses."""
    return f"limit:{limit.name}:{sha256(repr(parts).encode()).hexdigest()}"


def _local_key(key):
    """As the cache keeps it: under the schema, so that no salon uses up another's attempts."""
    return f"{connection.schema_name}:{key}"


def _scope(limit):
    return schema_context("public") if limit.everywhere else nullcontext()


def _count(limit, key):
    with _scope(limit):
        count = _with_cache(lambda: _increase(key, limit.seconds))
        own = _local_key(key)
    if count is not None:
        return count
    if limit.closed:
        raise NotNow
    return _increase_locally(own, limit.seconds)


def _counted(limit, key):
    with _scope(limit):
        count = _with_cache(lambda: cache.get(key, 0))
        own = _local_key(key)
    if count is None:
        ends, count = _local.get(own, (0.0, 0))
        return count if ends >= time.monotonic() else 0
    return count


def _with_cache(act):
    """What the cache answers, or None while it is away."""
    global _away_until
    if time.monotonic() < _away_until:
        return None
    try:
        return act()
    except (RedisError, OSError) as exc:
        logger.warning("limits_without_cache", error=repr(exc))
        _away_until = time.monotonic() + PAUSE
        return None


def _increase(key, seconds):
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two calls
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key)


def _decrease(key):
    try:
        return cache.decr(key)
    except ValueError:
        return 0


def _increase_locally(key, seconds):
    now = time.monotonic()
    with _lock:
        if len(_local) >= MAX_LOCAL:
            _local.clear()
        ends, count = _local.get(key, (0.0, 0))
        if ends < now:
            ends, count = now + seconds, 0
        _local[key] = (ends, count + 1)
        return count + 1
