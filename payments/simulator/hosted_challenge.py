import hmac
from urllib.parse import parse_qs

from .call import Call
from .challenge import find_intent, return_url, settle
from .currencies import shown
from .errors import ApiError
from .pages import page, render
from .wire import Reply


@page("GET", r"/3ds/(\w+)")
def show(world, request, intent_id):
    with world.lock:
        _, intent = find_intent(world.store, intent_id)
        if not _knows_secret(intent, parse_qs(request.query)):
            return _not_found()
        what = (
            "save this card"
            if intent["object"] == "setup_intent"
            else f"pay {shown(intent['amount'], intent['currency'])}"
        )
        return render("challenge.html", what=what, secret=intent["client_secret"])


@page("POST", r"/3ds/(\w+)")
def decide(world, request, intent_id):
    form = parse_qs(request.text())
    with world.lock:
        account, intent = find_intent(world.store, intent_id)
        if not _knows_secret(intent, form):
            return _not_found()
        try:
            settle(Call(world, account, base_url=request.base_url), intent, form.get("outcome") == ["complete"])
        except ApiError as error:
            return render("message.html", 409, title="Already answered", text=str(error))
        world.changed()
        target = return_url(intent)
    return (
        Reply.redirect(target) if target else render("message.html", title="Thank you", text="You may close this page.")
    )


def _knows_secret(intent, form):
    given = form.get("client_secret", [""])[0]
    return intent is not None and hmac.compare_digest(given.encode(), intent["client_secret"].encode())


def _not_found():
    return render("message.html", 404, title="Not found", text="There is nothing to authenticate here.")
