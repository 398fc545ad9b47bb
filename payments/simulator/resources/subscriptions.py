from ..billing import fees, starting, updating
from ..billing.standing import ENDED
from ..fields import only, unsupported
from ..lists import listing, page
from ..present import includable
from ..routing import route

_ACCEPTS = (
    "cancel_at cancel_at_period_end collection_method default_payment_method description items metadata off_session "
    "payment_behavior payment_settings proration_behavior trial_end trial_settings"
)


@route(
    "POST",
    "/v1/subscriptions",
    "SubscriptionCreateParams",
    f"{_ACCEPTS} application_fee_percent billing_mode customer trial_period_days",
)
def create(call):
    _check(call)
    return starting.start(call)


@route("GET", "/v1/subscriptions/{subscription}", "SubscriptionRetrieveParams")
def retrieve(call, subscription):
    return call.get("subscription", subscription)


@route(
    "POST",
    "/v1/subscriptions/{subscription}",
    "SubscriptionUpdateParams",
    f"{_ACCEPTS} billing_cycle_anchor cancellation_details pause_collection proration_date",
)
def update(call, subscription):
    found = call.get("subscription", subscription)
    _check(call)
    updating.update(call, found)
    return found


@route(
    "DELETE",
    "/v1/subscriptions/{subscription}",
    "SubscriptionCancelParams",
    "cancellation_details invoice_now prorate",
)
def cancel(call, subscription):
    found = call.get("subscription", subscription)
    updating.cancel(call, found)
    return found


@route(
    "POST",
    "/v1/subscriptions/{subscription}/resume",
    "SubscriptionResumeParams",
    "billing_cycle_anchor proration_behavior",
)
def resume(call, subscription):
    found = call.get("subscription", subscription)
    updating.resume(call, found)
    return found


@route(
    "GET",
    "/v1/subscriptions",
    "SubscriptionListParams",
    "collection_method created customer ending_before limit price starting_after status",
)
def index(call):
    price = call.params.get("price")
    found = (item for item in call.candidates("subscription") if _in_status(item, call.params.get("status")))
    found = (item for item in found if price is None or price in _prices(item))
    return page(call, "/v1/subscriptions", found, equal=("collection_method", "customer"))


@includable("customer", "subscriptions")
def _of_customer(call, customer):
    own = call.having("subscription", "customer", customer["id"])
    return listing(
        f"/v1/customers/{customer['id']}/subscriptions", [item for item in own if item["status"] not in ENDED]
    )


def _in_status(subscription, wanted):
    if wanted in (None, "all", "ended"):
        ended = subscription["status"] in ENDED
        return wanted == "all" or ended == (wanted == "ended")
    return subscription["status"] == wanted


def _prices(subscription):
    return {item["price"]["id"] for item in subscription["items"]["data"]}


def _check(call):
    """Refuse what we would not truly act on."""
    params = call.params
    fees.check_percent(call, params.get("application_fee_percent"))
    if params.get("collection_method") == "send_invoice":
        raise unsupported("collection_method=send_invoice")
    if params.get("payment_behavior") == "pending_if_incomplete":
        raise unsupported("payment_behavior=pending_if_incomplete")
    if (params.get("billing_mode") or {}).get("type", "flexible") != "flexible":
        raise unsupported("billing_mode[type]=classic")
    settings = only(params, "payment_settings", "payment_method_types", "save_default_payment_method")
    if settings.get("payment_method_types", ["card"]) != ["card"]:
        raise unsupported("payment_settings[payment_method_types]")
