from ..fields import merged_metadata
from ..lists import page
from ..refunding import refund, tell_updated
from ..routing import route


@route(
    "POST", "/v1/refunds", "RefundCreateParams", "amount charge metadata payment_intent reason refund_application_fee"
)
def create(call):
    return refund(call)


@route("GET", "/v1/refunds/{refund}", "RefundRetrieveParams")
def retrieve(call, refund):
    return call.get("refund", refund)


@route("POST", "/v1/refunds/{refund}", "RefundUpdateParams", "metadata")
def update(call, refund):
    found = call.get("refund", refund)
    metadata = merged_metadata(found["metadata"], call.params)
    if metadata != found["metadata"]:
        previous = {"metadata": found["metadata"]}
        found["metadata"] = metadata
        tell_updated(call, found, previous)
    return found


@route("GET", "/v1/refunds", "RefundListParams", "charge created ending_before limit payment_intent starting_after")
def index(call):
    return page(call, "/v1/refunds", call.candidates("refund"), equal=("charge", "payment_intent"))


@route("GET", "/v1/charges/{charge}/refunds", "ChargeListRefundsParams", "ending_before limit starting_after")
def of_charge(call, charge):
    call.get("charge", charge)
    return page(call, f"/v1/charges/{charge}/refunds", call.having("refund", "charge", charge))
