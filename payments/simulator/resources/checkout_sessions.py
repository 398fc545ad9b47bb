from ..checkout import completing, sessions  # noqa: F401 -- completing listens for intents
from ..errors import invalid
from ..fields import merged_metadata
from ..lists import page
from ..routing import route


@route(
    "POST",
    "/v1/checkout/sessions",
    "checkout.SessionCreateParams",
    "cancel_url client_reference_id currency customer customer_creation customer_email expires_at invoice_creation "
    "line_items locale metadata mode payment_intent_data payment_method_collection payment_method_types "
    "setup_intent_data subscription_data success_url",
)
def create(call):
    return sessions.new_session(call)


@route("GET", "/v1/checkout/sessions/{session}", "checkout.SessionRetrieveParams")
def retrieve(call, session):
    return call.get("checkout.session", session)


@route("POST", "/v1/checkout/sessions/{session}", "checkout.SessionUpdateParams", "metadata")
def update(call, session):
    found = call.get("checkout.session", session)
    found["metadata"] = merged_metadata(found["metadata"], call.params)
    return found


@route("POST", "/v1/checkout/sessions/{session}/expire", "checkout.SessionExpireParams")
def expire(call, session):
    found = call.get("checkout.session", session)
    if found["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Session has a status of {found['status']}."
        )
    sessions.expire(call, found)
    return found


@route(
    "GET",
    "/v1/checkout/sessions",
    "checkout.SessionListParams",
    "created customer ending_before limit payment_intent starting_after status subscription",
)
def index(call):
    equal = ("customer", "payment_intent", "status", "subscription")
    return page(call, "/v1/checkout/sessions", call.every("checkout.session"), equal=equal)


@route(
    "GET",
    "/v1/checkout/sessions/{session}/line_items",
    "checkout.SessionLineItemListParams",
    "ending_before limit starting_after",
)
def line_items(call, session):
    found = call.get("checkout.session", session)
    return page(call, f"/v1/checkout/sessions/{session}/line_items", found["_line_items"])
