"""The simulator's own addresses under /_simulator/, for tests and the curious."""

from . import telling

STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"}
START = {"START", "YES", "UNSTOP"}


def answer(world, method, path, data):
    """(status, JSON value)"""
    act = CONTROLS.get((method, path.removeprefix("/_simulator")))
    if act is None:
        return 404, {"message": f"No such control: {method} {path}"}
    return 200, act(world, data)


def health(world, data):
    return {"ok": True}


def messages(world, data):
    return [{name: value for name, value in each.items() if name != "_callback"} for each in world.newest_first()]


def reset(world, data):
    world.reset()
    return {"ok": True}


def fail(world, data):
    """The next `times` messages meet this: lost_answer (taken, and nobody hears of it), 429, 500 or hang."""
    world.faults += [data["kind"]] * data.get("times", 1)
    return {"left": len(world.faults)}


def hold(world, data):
    """From now on news waits in `/callbacks` instead of being posted."""
    world.holds_callbacks = data.get("on", True)
    return {"held": len(world.callbacks)}


def callbacks(world, data):
    return world.callbacks


def status(world, data):
    """News of a message, as asked: returned, not posted."""
    return telling.status_call(world, world.messages[data["sid"]], data["status"], data.get("code"))


def inbound(world, data):
    """Somebody writes to our number; returned where `hold` says so, else posted, with what was answered."""
    word = data["body"].strip().upper()
    if word in STOP:
        world.stopped.add(data["from"])
    if word in START:
        world.stopped.discard(data["from"])
    url = data.get("url") or world.inbound
    call = telling.inbound_call(world, url, data["from"], data["body"], **data.get("more", {}))
    if data.get("hold"):
        return call
    code, body = telling.post(call)
    return {"status": code, "body": body}


CONTROLS = {
    ("GET", "/health"): health,
    ("GET", "/messages"): messages,
    ("POST", "/reset"): reset,
    ("POST", "/faults"): fail,
    ("POST", "/hold"): hold,
    ("GET", "/callbacks"): callbacks,
    ("POST", "/status"): status,
    ("POST", "/inbound"): inbound,
}
