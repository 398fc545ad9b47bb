from ..billing.items import plan_of
from ..errors import missing
from ..routing import route


@route("GET", "/v1/plans/{plan}", "PlanRetrieveParams")
def retrieve(call, plan):
    """The older shape of a recurring price."""
    price = call.get("price", plan)
    if price["recurring"] is None:
        raise missing("plan", plan)
    return plan_of(price)
