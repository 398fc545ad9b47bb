from .call import Call
from .currencies import shown
from .pages import fragment, joined, page, render
from .resources.balance import balance
from .store import PLATFORM


@page("GET", r"/express/(acct_\w+)/(\w+)")
def show(world, request, account_id, token):
    """What stands for the Express dashboard: the account's standing and its balance. The link works once."""
    with world.lock:
        link = world.store.get(PLATFORM, "login_link", token)
        if link is None or link["_account"] != account_id or link["_used"]:
            return render("message.html", 404, title="Link expired", text="Please ask for a new link.")
        link["_used"] = True
        world.changed()
        account = world.store.get(PLATFORM, "account", account_id)
        found = balance(Call(world, account_id))
        return render(
            "dashboard.html",
            name=account["business_profile"]["name"] or account["email"] or account_id,
            charges="Payments are on." if account["charges_enabled"] else "Payments are off.",
            payouts="Payouts are on." if account["payouts_enabled"] else "Payouts are off.",
            rows=joined(_row(name, each) for name in ("available", "pending") for each in found[name]),
        )


def _row(name, amount):
    return fragment("row.html", title=name.capitalize(), quiet="", end=shown(amount["amount"], amount["currency"]))
