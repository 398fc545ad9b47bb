import time

from stripe._api_version import _ApiVersion

from .ids import new_id
from .present import plain
from .store import PLATFORM

API_VERSION = _ApiVersion.CURRENT


def emit(call, account, type_, item, previous=None):
    """Record that something happened in an account and tell every endpoint that asked."""
    endpoints = list(_endpoints(call.world, connect=account != PLATFORM, type_=type_))
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": call.now,
        "data": {"object": plain(item)} | ({"previous_attributes": plain(previous)} if previous else {}),
        "livemode": False,
        "pending_webhooks": len(endpoints),
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": type_,
    }
    if account != PLATFORM:
        event["account"] = account
    call.world.store.add(account, event | {"_order": time.time_ns()})
    for endpoint in endpoints:
        call.world.deliveries.push(event, endpoint)


def _endpoints(world, *, connect, type_):
    for endpoint in [*world.deliveries.endpoints, *_registered(world)]:
        if endpoint["connect"] == connect and ("*" in endpoint["events"] or type_ in endpoint["events"]):
            yield endpoint


def _registered(world):
    for item in world.store.newest_first(PLATFORM, "webhook_endpoint"):
        if item["status"] == "enabled":
            yield {
                "url": item["url"],
                "secret": item["_secret"],
                "connect": item["_connect"],
                "events": item["enabled_events"],
            }
