from ..errors import access_revoked, forbidden, invalid, missing
from ..fields import merged_metadata, taken
from ..ids import new_id
from ..intents import APPLICATION
from ..lists import listing, page
from ..routing import route
from ..shapes.account import account_fields, capabilities, merged, requirements
from ..store import PLATFORM

_NEEDED = ["business_profile.url", "business_type", "external_account", "tos_acceptance.date", "tos_acceptance.ip"]
_WORDS = ("business_type", "company", "default_currency", "email", "individual")
_ACCEPTS = " ".join((*_WORDS, "business_profile", "capabilities", "metadata", "settings", "tos_acceptance"))


@route("POST", "/v1/accounts", "AccountCreateParams", f"{_ACCEPTS} controller country type")
def create(call):
    if call.account != PLATFORM:
        raise forbidden("Only the platform may create accounts.", "platform_account_required")
    params = call.params
    if "type" in params and "controller" in params:
        raise invalid("You may only specify one of `type` and `controller`.", param="type")
    account = call.add("account", "acct", account_fields(params), object_id=new_id("acct", 16))
    del account["livemode"]
    account["external_accounts"] = listing(f"/v1/accounts/{account['id']}/external_accounts", [])
    set_status(call, account, charges_enabled=False, payouts_enabled=False, details_submitted=False)
    return account


@route("GET", "/v1/account", "AccountRetrieveParams")
def current(call):
    return _account(call, call.account)


@route("GET", "/v1/accounts/{account}", "AccountRetrieveParams")
def retrieve(call, account):
    return _account(call, account)


@route("POST", "/v1/accounts/{account}", "AccountUpdateParams", _ACCEPTS)
def update(call, account):
    found = _account(call, account)
    fields = taken(call.params, *_WORDS) | {"metadata": merged_metadata(found["metadata"], call.params)}
    for name in ("business_profile", "settings", "tos_acceptance"):
        if name in call.params:
            fields[name] = merged(found[name], call.params[name])
    if "capabilities" in call.params:
        fields["capabilities"] = found["capabilities"] | capabilities(call.params, found["charges_enabled"])
    call.within(account).change(found, fields, "account.updated")
    return found


@route("DELETE", "/v1/accounts/{account}", "AccountDeleteParams")
def delete(call, account):
    call.remove(call.get("account", account))
    return {"id": account, "object": "account", "deleted": True}


@route("GET", "/v1/accounts", "AccountListParams", "created ending_before limit starting_after")
def index(call):
    connected = (account for account in call.every("account") if not account.get("_deauthorized"))
    return page(call, "/v1/accounts", connected)


def deauthorize(call, account):
    """Its owner cut the account off from the platform, which is told and can do nothing with it any more."""
    account["_deauthorized"] = True
    name = account["business_profile"]["name"]
    application = {"id": APPLICATION, "object": "application", "name": name or "Local platform"}
    call.within(account["id"]).emit("account.application.deauthorized", application)


@route("POST", "/v1/accounts/{account}/reject", "AccountRejectParams", "reason")
def reject(call, account):
    found = _account(call, account)
    reasons = ("fraud", "terms_of_service", "other")
    if call.params["reason"] not in reasons:
        raise invalid(f"Invalid reason: must be one of {', '.join(reasons)}", param="reason")
    set_status(
        call,
        found,
        charges_enabled=False,
        payouts_enabled=False,
        details_submitted=found["details_submitted"],
        disabled_reason=f"rejected.{call.params['reason']}",
    )
    return found


def set_status(call, account, *, charges_enabled, payouts_enabled, details_submitted, disabled_reason=None, **required):
    """Make an account able or unable to take charges and payouts; tells Connect endpoints when something changed.

    `required` may name what Stripe asks for: `currently_due`, `past_due`, `eventually_due`, `current_deadline`…
    """
    due = [] if details_submitted else list(_NEEDED)
    reason = disabled_reason or (None if charges_enabled and payouts_enabled else "requirements.past_due")
    previous = account.get("charges_enabled")
    fields = {
        "charges_enabled": charges_enabled,
        "payouts_enabled": payouts_enabled,
        "details_submitted": details_submitted,
        "capabilities": dict.fromkeys(account["capabilities"], "active" if charges_enabled else "inactive"),
        "requirements": requirements(due, reason) | required,
    }
    call.within(account["id"]).change(account, fields, None if previous is None else "account.updated")


def _account(call, account_id):
    found = call.world.store.get(PLATFORM, "account", account_id)
    if account_id == PLATFORM and call.account == PLATFORM:
        return _platform(call)
    if found is None or call.account not in (PLATFORM, account_id):
        raise missing("account", account_id, "account")
    if found.get("_deauthorized"):
        raise access_revoked("sk_test_…", account_id)
    return found


def _platform(call):
    account = account_fields(
        {"country": "US", "type": "standard", "capabilities": {"card_payments": {"requested": True}}}
    )
    return {
        "id": PLATFORM,
        "object": "account",
        "created": 1_600_000_000,
        **account,
        "charges_enabled": True,
        "payouts_enabled": True,
        "details_submitted": True,
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "external_accounts": listing(f"/v1/accounts/{PLATFORM}/external_accounts", []),
        "requirements": requirements([], None),
    }
