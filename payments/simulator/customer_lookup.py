from .errors import missing


def living_customer(call, customer_id, param="customer"):
    """A customer that may be used; a deleted one is as missing as one that never was."""
    customer = call.get("customer", customer_id, param)
    if customer.get("deleted"):
        raise missing("customer", customer_id, param)
    return customer
