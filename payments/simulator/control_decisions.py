"""What Stripe itself, a bank or an account's owner would decide, decided by a test."""

from . import banks, challenge
from .call import Call
from .control import control
from .disputing import close_dispute, open_dispute
from .present import plain
from .refunding import settle
from .resources.accounts import deauthorize, set_status
from .store import PLATFORM


@control("POST", "/billing")
def billing(world, data):
    """When unpaid invoices are tried again and what comes after the last attempt."""
    world.dunning.change(**data)
    return world.dunning.dump()


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
