from ..billing import standing
from ..customer_lookup import living_customer
from ..routing import route


@route("DELETE", "/v1/customers/{customer}", "CustomerDeleteParams")
def delete(call, customer):
    """Leave a tombstone; subscriptions end at once and cards cannot be used any more."""
    found = living_customer(call, customer, "id")
    for subscription in call.having("subscription", "customer", customer):
        if subscription["status"] not in standing.ENDED:
            standing.end(call, subscription, "cancellation_requested")
    call.emit("customer.deleted", found)
    for method in list(call.having("payment_method", "customer", customer)):
        method |= {"customer": None, "_spent": True}
    tombstone = {"id": customer, "object": "customer", "deleted": True}
    call.world.store.add(call.account, tombstone)
    return tombstone
