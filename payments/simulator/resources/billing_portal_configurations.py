from ..errors import invalid
from ..fields import merged_metadata, only, taken, unsupported
from ..lists import page
from ..routing import route

_ACCEPTS = "business_profile default_return_url features metadata name"
_OFF = ("customer_update", "subscription_update")
_PROFILE = ("headline", "privacy_policy_url", "terms_of_service_url")


@route("POST", "/v1/billing_portal/configurations", "billing_portal.ConfigurationCreateParams", _ACCEPTS)
def create(call):
    return add_configuration(call)


@route("GET", "/v1/billing_portal/configurations/{configuration}", "billing_portal.ConfigurationRetrieveParams")
def retrieve(call, configuration):
    return call.get("billing_portal.configuration", configuration)


@route(
    "POST",
    "/v1/billing_portal/configurations/{configuration}",
    "billing_portal.ConfigurationUpdateParams",
    f"active {_ACCEPTS}",
)
def update(call, configuration):
    found = call.get("billing_portal.configuration", configuration)
    fields = taken(call.params, "active", "default_return_url", "name") | _given(call, found)
    call.change(found, fields | {"updated": call.now}, "billing_portal.configuration.updated")
    return found


@route(
    "GET",
    "/v1/billing_portal/configurations",
    "billing_portal.ConfigurationListParams",
    "active ending_before is_default limit starting_after",
)
def index(call):
    found = call.every("billing_portal.configuration")
    return page(call, "/v1/billing_portal/configurations", found, equal=("active", "is_default"))


def default_configuration(call):
    """The account's default, made when it is first needed; on Stripe its owner saves one in the dashboard."""
    for configuration in call.every("billing_portal.configuration"):
        if configuration["is_default"]:
            return configuration
    everything = {"enabled": True}
    features = dict.fromkeys(("invoice_history", "payment_method_update", "subscription_cancel"), everything)
    return add_configuration(call.within(call.account, features=features), is_default=True)


def add_configuration(call, is_default=False):
    features = {name: {"enabled": False} for name in (*_OFF, "invoice_history", "payment_method_update")}
    features["subscription_cancel"] = {
        "cancellation_reason": {"enabled": False, "options": []},
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    }
    blank = {"business_profile": dict.fromkeys(_PROFILE), "features": features, "metadata": {}}
    configuration = call.add(
        "billing_portal.configuration",
        "bpc",
        {
            "active": True,
            "application": None,
            "default_return_url": call.params.get("default_return_url") or None,
            "is_default": is_default,
            "login_page": {"enabled": False, "url": None},
            "name": call.params.get("name") or None,
            "updated": call.now,
        }
        | _given(call, blank),
    )
    call.emit("billing_portal.configuration.created", configuration)
    return configuration


def _given(call, current):
    profile = taken(only(call.params, "business_profile", *_PROFILE), *_PROFILE)
    features = only(call.params, "features", *current["features"])
    for name in _OFF:
        if features.get(name, {}).get("enabled"):
            raise unsupported(f"features[{name}][enabled]")
    if features.get("subscription_cancel", {}).get("proration_behavior") == "always_invoice":
        raise unsupported("features[subscription_cancel][proration_behavior]=always_invoice")
    _check_cancel(features.get("subscription_cancel", {}))
    merged = {name: current["features"][name] | features.get(name, {}) for name in current["features"]}
    return {
        "business_profile": current["business_profile"] | profile,
        "features": merged,
        "metadata": merged_metadata(current["metadata"], call.params),
    }


def _check_cancel(given):
    if given.get("mode") == "at_period_end" and given.get("proration_behavior", "none") != "none":
        raise invalid(
            "`proration_behavior` must be `none` when the mode is `at_period_end`.",
            param="features[subscription_cancel][proration_behavior]",
        )
