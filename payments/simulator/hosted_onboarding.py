from .call import Call
from .pages import page, render
from .resources.accounts import set_status
from .store import PLATFORM
from .wire import Reply


@page("GET", r"/setup/(acct_\w+)/(\w+)")
def show(world, request, account_id, token):
    with world.lock:
        link, account = _find(world, account_id, token)
        if link is None:
            return render("message.html", 404, title="Link not found", text="This onboarding link does not exist.")
        if link["_used"] or link["expires_at"] < world.clock.now():
            return Reply.redirect(link["_refresh_url"])
        name = account["business_profile"]["name"] or account["email"] or account_id
        return render("onboarding.html", name=name, leave=link["_return_url"])


@page("POST", r"/setup/(acct_\w+)/(\w+)")
def finish(world, request, account_id, token):
    with world.lock:
        link, account = _find(world, account_id, token)
        if link is None:
            return render("message.html", 404, title="Link not found", text="This onboarding link does not exist.")
        set_status(Call(world, PLATFORM), account, charges_enabled=True, payouts_enabled=True, details_submitted=True)
        link["_used"] = True
        world.changed()
        return Reply.redirect(link["_return_url"])


def _find(world, account_id, token):
    link = world.store.get(PLATFORM, "account_link", token)
    if link is None or link["_account"] != account_id:
        return None, None
    return link, world.store.get(PLATFORM, "account", account_id)
