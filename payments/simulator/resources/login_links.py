from ..errors import invalid
from ..ids import random_text
from ..routing import route


@route("POST", "/v1/accounts/{account}/login_links", "AccountCreateLoginLinkParams")
def create(call, account):
    """A link into the Express dashboard of an account whose owner finished onboarding; good for one visit."""
    found = call.get("account", account, "account")
    if found["type"] != "express" and found["controller"]["stripe_dashboard"]["type"] != "express":
        raise invalid("Cannot create a login link for an account that is not an Express account.")
    if not found["details_submitted"]:
        raise invalid("Cannot create a login link for an account that has not completed onboarding.")
    token = random_text(16)
    link = call.add(
        "login_link",
        "link",
        {"url": f"{call.base_url}/express/{account}/{token}", "_account": account, "_used": False},
        object_id=token,
    )
    return {name: link[name] for name in ("object", "created", "url")}
