from ..customer_lookup import living_customer
from ..errors import invalid
from ..fields import only, unsupported
from ..routing import route
from .billing_portal_configurations import default_configuration

_OPENS_WITHIN = 300
_FLOWS = ("payment_method_update", "subscription_cancel")


@route(
    "POST",
    "/v1/billing_portal/sessions",
    "billing_portal.SessionCreateParams",
    "configuration customer flow_data locale return_url",
)
def create(call):
    """A link to the customer's portal, good for five minutes, and for an hour after each visit."""
    params = call.params
    if "customer" not in params:
        raise invalid("Missing required param: customer.", code="parameter_missing", param="customer")
    customer = living_customer(call, params["customer"])
    configuration = _configuration(call)
    return_url = params.get("return_url") or configuration["default_return_url"]
    session = call.add(
        "billing_portal.session",
        "bps",
        {
            "configuration": configuration["id"],
            "customer": customer["id"],
            "customer_account": None,
            "flow": _flow(call, customer),
            "locale": params.get("locale"),
            "on_behalf_of": None,
            "return_url": return_url,
            "_expires_at": call.now + _OPENS_WITHIN,
        },
    )
    session["url"] = f"{call.base_url}/p/session/{session['id']}"
    call.emit("billing_portal.session.created", session)
    return session


def _configuration(call):
    if "configuration" not in call.params:
        return default_configuration(call)
    found = call.get("billing_portal.configuration", call.params["configuration"], "configuration")
    if not found["active"]:
        raise invalid("The configuration is not active.", param="configuration")
    return found


def _flow(call, customer):
    given = only(call.params, "flow_data", "after_completion", "subscription_cancel", "type")
    if not given:
        return None
    if given["type"] not in _FLOWS:
        raise unsupported(f"flow_data[type]={given['type']}")
    cancel = given.get("subscription_cancel")
    if given["type"] == "subscription_cancel":
        subscription = cancel and call.get("subscription", cancel["subscription"], "flow_data[subscription_cancel]")
        if not subscription or subscription["customer"] != customer["id"]:
            raise invalid("A subscription of this customer is needed.", param="flow_data[subscription_cancel]")
    after = given.get("after_completion") or {"type": "portal_homepage"}
    return {
        "after_completion": {"hosted_confirmation": None, "redirect": None} | after,
        "subscription_cancel": cancel and {"retention": None} | cancel,
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": given["type"],
    }
