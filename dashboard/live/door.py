"""The ASGI side of admission: nobody who is not admitted gets as far as a consumer, or is accepted."""

import asyncio
from types import SimpleNamespace

import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.http import parse_cookie
from django.utils import timezone

from dashboard.live import admission, station
from dashboard.live.consumers import LiveConsumer
from dashboard.live.shown import PATH
from tenants.addresses import client_address

HEALTH = "/ws/health"
#: Who is being asked for at once; a rush beyond it is sent away unasked.
MOST_AT_THE_DOOR = 100
LONGEST_QUESTION = 5

logger = structlog.get_logger("tithi.live")
_consumer = LiveConsumer.as_asgi()
_waiting = 0


async def websocket(scope, receive, send):
    """Admit or refuse before accepting: a refused browser learns nothing but that."""
    try:
        seat = await _seat(scope)
    except admission.Refused as refused:
        logger.info("live_refused", why=refused.why)
        await receive()
        await send({"type": "websocket.close", "code": station.NOT_ALLOWED})
    else:
        await _consumer(dict(scope) | {"seat": seat}, receive, send)


async def http(scope, receive, send):
    """This process serves no pages."""
    is_health = scope["path"] == HEALTH
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": 200 if is_health else 404, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok\n" if is_health else b"Not found\n"})


async def _seat(scope):
    global _waiting
    if scope["path"] != PATH:
        raise admission.Refused("path")
    if _waiting >= MOST_AT_THE_DOOR:
        raise admission.Refused("rush")
    _waiting += 1
    try:
        if not await station.here().heard_once():
            raise admission.Refused("no line")
        return await asyncio.wait_for(_admit(scope), LONGEST_QUESTION)
    except admission.Refused:
        raise
    except Exception as exc:  # closed by default
        logger.exception("live_cannot_ask")
        raise admission.Refused("error") from exc
    finally:
        _waiting -= 1


async def _admit(scope):
    headers = _headers(scope)
    peer, forwarded = (scope.get("client") or ("", 0))[0], headers.get("x-forwarded-for", "")
    meta = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    return await database_sync_to_async(admission.admit)(
        host=headers.get("host", ""),
        origin=headers.get("origin", ""),
        session_key=parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, ""),
        path=PATH,
        address=client_address(SimpleNamespace(META=meta)),
        now=timezone.now(),
    )


def _headers(scope):
    """Repeated ones joined, as a web server does: two hosts or origins are nobody's."""
    found = {}
    for name, value in scope["headers"]:
        name, value = name.decode("latin-1").lower(), value.decode("latin-1")
        separator = "; " if name == "cookie" else ","
        found[name] = f"{found[name]}{separator}{value}" if name in found else value
    return found
