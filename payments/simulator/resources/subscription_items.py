from ..billing import updating
from ..errors import missing
from ..lists import page
from ..routing import route

_ACCEPTS = "metadata off_session payment_behavior price price_data proration_behavior proration_date quantity"


@route("POST", "/v1/subscription_items", "SubscriptionItemCreateParams", f"{_ACCEPTS} subscription")
def create(call):
    subscription = call.get("subscription", call.params["subscription"], "subscription")
    known = _ids(subscription)
    _update(call, subscription, {})
    return next(item for item in subscription["items"]["data"] if item["id"] not in known)


@route("GET", "/v1/subscription_items/{item}", "SubscriptionItemRetrieveParams")
def retrieve(call, item):
    return _find(call, item)[1]


@route("POST", "/v1/subscription_items/{item}", "SubscriptionItemUpdateParams", _ACCEPTS)
def update(call, item):
    subscription, _ = _find(call, item)
    _update(call, subscription, {"id": item})
    return _find(call, item)[1]


@route("DELETE", "/v1/subscription_items/{item}", "SubscriptionItemDeleteParams", "proration_behavior proration_date")
def delete(call, item):
    subscription, _ = _find(call, item)
    _update(call, subscription, {"id": item, "deleted": True})
    return {"id": item, "object": "subscription_item", "deleted": True}


@route("GET", "/v1/subscription_items", "SubscriptionItemListParams", "ending_before limit starting_after subscription")
def index(call):
    subscription = call.get("subscription", call.params["subscription"], "subscription")
    return page(call, "/v1/subscription_items", subscription["items"]["data"])


def _update(call, subscription, change):
    """One item changed by way of its subscription's update."""
    own = ("metadata", "price", "price_data", "quantity")
    change |= {name: call.params[name] for name in own if name in call.params}
    rest = {name: value for name, value in call.params.items() if name not in (*own, "subscription", "expand")}
    updating.update(call.within(call.account, items=[change], **rest), subscription)


def _find(call, item_id):
    for subscription in call.every("subscription"):
        for item in subscription["items"]["data"]:
            if item["id"] == item_id:
                return subscription, item
    raise missing("subscription_item", item_id)


def _ids(subscription):
    return {item["id"] for item in subscription["items"]["data"]}
