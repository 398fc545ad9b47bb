"""The simulator's own API under /_simulator/, for tests and the curious. It needs no key."""

import json
import re

from . import banks, challenge
from .call import Call
from .disputing import close_dispute, open_dispute
from .errors import ApiError
from .present import plain
from .refunding import settle
from .resources.accounts import deauthorize, set_status
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


@control("POST", "/billing")
def billing(world, data):
    """When unpaid invoices are tried again and what comes after the last attempt."""
    world.dunning.change(**data)
    return world.dunning.dump()


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


@control("POST", "/accounts")
def account_status(world, data):
    """What an onboarding page or Stripe's own review would decide."""
    call = Call(world, PLATFORM)
    account = call.get("account", data["account"])
    names = ("charges_enabled", "payouts_enabled", "details_submitted")
    status = {name: bool(data.get(name, account[name])) for name in names}
    wanted = ("currently_due", "eventually_due", "past_due", "pending_verification", "current_deadline", "errors")
    required = {name: data[name] for name in wanted if name in data}
    set_status(call, account, **status, disabled_reason=data.get("disabled_reason"), **required)
    return plain(account)


@control("POST", r"/accounts/(acct_\w+)/deauthorize")
def deauthorize_account(world, data, account_id):
    call = Call(world, PLATFORM)
    deauthorize(call, call.get("account", account_id))
    return {"deauthorized": account_id}


@control("POST", "/authentications")
def authenticate(world, data):
    """Press a button of the bank's page without a browser: `outcome` is complete or fail."""
    account, intent = challenge.find_intent(world.store, data["intent"])
    if intent is None:
        raise ValueError(f"no such intent: {data['intent']}")
    challenge.settle(Call(world, account), intent, data.get("outcome", "complete") == "complete")
    return plain(intent)


@control("POST", "/disputes")
def dispute(world, data):
    account, charge = world.store.locate("charge", data["charge"])
    if charge is None:
        raise ValueError(f"no such charge: {data['charge']}")
    asked = {name: data[name] for name in ("reason", "inquiry", "amount") if name in data}
    return plain(open_dispute(Call(world, account), charge, **asked))


@control("POST", r"/disputes/(du_\w+)/close")
def decide_dispute(world, data, dispute_id):
    account, found = world.store.locate("dispute", dispute_id)
    if found is None or data["status"] not in ("won", "lost", "warning_closed"):
        raise ValueError("an existing dispute is closed as won or lost, an inquiry as warning_closed")
    close_dispute(Call(world, account), found, data["status"])
    return plain(found)


@control("POST", r"/refunds/(re_\w+)/settle")
def settle_refund(world, data, refund_id):
    """How a refund ends: `status` succeeded or failed, with a `reason` for the latter."""
    account, found = world.store.locate("refund", refund_id)
    if found is None or data["status"] not in ("succeeded", "failed"):
        raise ValueError("an existing refund ends as succeeded or failed")
    settle(Call(world, account), found, data["status"], data.get("reason", "expired_or_canceled_card"))
    return plain(found)


@control("POST", "/cards")
def card(world, data):
    """What the bank of a saved card answers from now on: `declines` (a decline code or null), `balance`."""
    wishes = dict(data)
    _, method = world.store.locate("payment_method", wishes.pop("payment_method"))
    if method is None:
        raise ValueError("no such payment method")
    banks.instruct(method, **wishes)
    return method["_bank"]
