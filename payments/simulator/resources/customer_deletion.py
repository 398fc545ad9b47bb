from ..billing import standing
from ..routing import route
from .customers import living_customer


@route("DELETE", "/v1/customers/{customer}", "CustomerDeleteParams")
def delete(call, customer):
    """Leave a tombstone; subscriptions end at once and cards cannot be used any more."""
    found = living_customer(call, customer, "id")
    for subscription in call.every("subscription"):
        if subscription["customer"] == customer and subscription["status"] not in standing.ENDED:
            standing.end(call, subscription, "cancellation_requested")
    call.emit("customer.deleted", found)
    for method in call.every("payment_method"):
        if method["customer"] == customer:
            method["customer"] = None
            method["_spent"] = True
    tombstone = {"id": customer, "object": "customer", "deleted": True}
    call.world.store.add(call.account, tombstone)
    return tombstone
