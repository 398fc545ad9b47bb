from ..errors import invalid
from ..ids import random_text
from ..routing import route
from ..store import PLATFORM

_LASTS = 300


@route(
    "POST",
    "/v1/account_links",
    "AccountLinkCreateParams",
    "account collect collection_options refresh_url return_url type",
)
def create(call):
    params = call.params
    account = call.world.store.get(PLATFORM, "account", params["account"])
    if account is None:
        raise invalid(f"No such account: '{params['account']}'", code="resource_missing", param="account")
    for name in ("refresh_url", "return_url"):
        if not params.get(name, "").startswith(("http://", "https://")):
            raise invalid("Not a valid URL", code="url_invalid", param=name)
    token = random_text(16)
    link = call.add(
        "account_link",
        "link",
        {
            "expires_at": call.now + _LASTS,
            "url": f"{call.base_url}/setup/{account['id']}/{token}",
            "_account": account["id"],
            "_refresh_url": params["refresh_url"],
            "_return_url": params["return_url"],
            "_used": False,
        },
        object_id=token,
    )
    return {name: link[name] for name in ("object", "created", "expires_at", "url")}
