from ..fields import merged_metadata, taken
from ..ids import random_text
from ..lists import page
from ..routing import route


@route(
    "POST",
    "/v1/webhook_endpoints",
    "WebhookEndpointCreateParams",
    "api_version connect description enabled_events metadata url",
)
def create(call):
    params = call.params
    secret = f"whsec_{random_text(32)}"
    endpoint = call.add(
        "webhook_endpoint",
        "we",
        {
            "api_version": params.get("api_version"),
            "application": None,
            "description": params.get("description") or None,
            "enabled_events": params["enabled_events"],
            "metadata": merged_metadata({}, params),
            "status": "enabled",
            "url": params["url"],
            "_connect": params.get("connect", False),
            "_secret": secret,
        },
    )
    return endpoint | {"secret": secret}  # shown this once


@route("GET", "/v1/webhook_endpoints/{endpoint}", "WebhookEndpointRetrieveParams")
def retrieve(call, endpoint):
    return call.get("webhook_endpoint", endpoint)


@route(
    "POST",
    "/v1/webhook_endpoints/{endpoint}",
    "WebhookEndpointUpdateParams",
    "description disabled enabled_events metadata url",
)
def update(call, endpoint):
    found = call.get("webhook_endpoint", endpoint)
    found |= taken(call.params, "description", "enabled_events", "url") | {
        "metadata": merged_metadata(found["metadata"], call.params)
    }
    if "disabled" in call.params:
        found["status"] = "disabled" if call.params["disabled"] else "enabled"
    return found


@route("DELETE", "/v1/webhook_endpoints/{endpoint}", "WebhookEndpointDeleteParams")
def delete(call, endpoint):
    call.remove(call.get("webhook_endpoint", endpoint))
    return {"id": endpoint, "object": "webhook_endpoint", "deleted": True}


@route("GET", "/v1/webhook_endpoints", "WebhookEndpointListParams", "ending_before limit starting_after")
def index(call):
    return page(call, "/v1/webhook_endpoints", call.every("webhook_endpoint"))
