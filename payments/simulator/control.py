"""The simulator's own API under /_simulator/, for tests and the curious. It needs no key."""

import json
import re

from .errors import ApiError
from .present import plain
from .store import PLATFORM
from .ticking import run_due
from .wire import Reply

_ROUTES = []


def control(method, pattern):
    """Register `handler(world, request data, *path groups) -> JSON value`."""

    def register(handler):
        _ROUTES.append((method, re.compile(f"/_simulator{pattern}" + r"\Z"), handler))
        return handler

    return register


def answer(world, request, query):
    try:
        data = json.loads(request.text() or "{}") if request.method == "POST" else query
        for method, pattern, handler in _ROUTES:
            match = pattern.match(request.path)
            if match and method == request.method:
                with world.lock:
                    if request.method == "POST":
                        world.changed()
                    return Reply.json(200, handler(world, data, *match.groups()))
    except ApiError as error:
        return Reply.json(error.status, error.body())
    except (ValueError, TypeError, KeyError, re.error) as error:
        return Reply.json(400, {"error": {"message": f"{type(error).__name__}: {error}"}})
    return Reply.json(404, {"error": {"message": f"No such control: {request.method} {request.path}"}})


@control("GET", "/health")
def health(world, data):
    return {"ok": True, "now": world.clock.now(), "platform": PLATFORM, "faults_left": world.faults.left()}


@control("GET", "/ledger")
def ledger(world, data):
    return world.ledger.rows(data.get("account"))


@control("GET", "/open")
def open_intents(world, data):
    """The payment intents whose story has not ended."""
    accounts = [data["account"]] if "account" in data else world.store.accounts()
    shown = ("id", "status", "amount", "amount_capturable", "currency", "created", "customer", "metadata")
    return [
        {"account": account, "invoice": intent.get("_invoice")} | {name: intent[name] for name in shown}
        for account in accounts
        for intent in world.store.newest_first(account, "payment_intent")
        if intent["status"] not in ("succeeded", "canceled")
    ]


@control("GET", "/requests")
def requests(world, data):
    return world.requests.rows()


@control("GET", "/events")
def events(world, data):
    everyone = [PLATFORM, *(account["id"] for account in world.store.newest_first(PLATFORM, "account"))]
    accounts = [data["account"]] if "account" in data else everyone
    found = [event for account in accounts for event in world.store.newest_first(account, "event")]
    wanted = (event for event in found if data.get("type") in (None, event["type"]))
    return [plain(event) for event in sorted(wanted, key=lambda event: event["_order"])]


@control("POST", "/reset")
def reset(world, data):
    world.reset()
    return {"ok": True}


@control("POST", "/clock")
def clock(world, data):
    if "set" in data:
        world.clock.set(data["set"])
    world.clock.advance(data.get("advance_seconds", 0))
    run_due(world)
    return {"now": world.clock.now()}


@control("POST", "/faults")
def faults(world, data):
    world.faults.order(**data)
    return {"left": world.faults.left()}


@control("POST", "/faults/clear")
def clear_faults(world, data):
    world.faults.clear()
    return {"left": 0}


@control("POST", "/chaos")
def start_chaos(world, data):
    if data.get("rate"):
        world.chaos.start(**data)
    else:
        world.chaos.stop()
    return world.chaos.report()


@control("GET", "/chaos")
def chaos(world, data):
    return world.chaos.report()


@control("POST", "/webhooks")
def add_webhook(world, data):
    world.deliveries.add_endpoint(**data)
    return {"endpoints": len(world.deliveries.endpoints)}


@control("POST", "/webhooks/clear")
def clear_webhooks(world, data):
    world.deliveries.endpoints.clear()
    world.deliveries.clear()
    return {"endpoints": 0}


@control("GET", "/webhooks")
def webhooks(world, data):
    return world.deliveries.report()


@control("POST", "/webhooks/mode")
def webhook_mode(world, data):
    world.deliveries.set_mode(**data)
    return world.deliveries.report()["mode"]


@control("POST", "/webhooks/release")
def release_webhooks(world, data):
    return {"released": world.deliveries.release(shuffle=bool(data.get("shuffle")))}
