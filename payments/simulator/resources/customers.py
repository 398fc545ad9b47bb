from ..errors import missing
from ..fields import merged_metadata, taken, with_defaults
from ..ids import random_text
from ..lists import listing, page
from ..present import includable
from ..routing import route

_FIELDS = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping", "tax_exempt")
_ACCEPTS = " ".join((*_FIELDS, "metadata", "invoice_settings"))


def living_customer(call, customer_id, param="customer"):
    """A customer that may be used; a deleted one is as missing as one that never was."""
    customer = call.get("customer", customer_id, param)
    if customer.get("deleted"):
        raise missing("customer", customer_id, param)
    return customer


@route("POST", "/v1/customers", "CustomerCreateParams", _ACCEPTS)
def create(call):
    customer = call.add(
        "customer",
        "cus",
        with_defaults(
            call.params,
            address=None,
            description=None,
            email=None,
            name=None,
            phone=None,
            preferred_locales=[],
            shipping=None,
            tax_exempt="none",
        )
        | {
            "balance": 0,
            "currency": None,
            "default_source": None,
            "delinquent": False,
            "discount": None,
            "invoice_prefix": random_text(8).upper(),
            "invoice_settings": _invoice_settings({}, call.params),
            "metadata": merged_metadata({}, call.params),
            "next_invoice_sequence": 1,
            "test_clock": None,
        },
    )
    call.emit("customer.created", customer)
    return customer


@route("GET", "/v1/customers/{customer}", "CustomerRetrieveParams")
def retrieve(call, customer):
    return call.get("customer", customer)


@route("POST", "/v1/customers/{customer}", "CustomerUpdateParams", _ACCEPTS)
def update(call, customer):
    found = living_customer(call, customer, "id")
    fields = taken(call.params, *_FIELDS) | {
        "metadata": merged_metadata(found["metadata"], call.params),
        "invoice_settings": _invoice_settings(found["invoice_settings"], call.params),
    }
    call.change(found, fields, "customer.updated")
    return found


@route("DELETE", "/v1/customers/{customer}", "CustomerDeleteParams")
def delete(call, customer):
    found = living_customer(call, customer, "id")
    call.emit("customer.deleted", found)
    for method in call.every("payment_method"):
        if method["customer"] == customer:
            method["customer"] = None
            method["_spent"] = True
    tombstone = {"id": customer, "object": "customer", "deleted": True}
    call.world.store.add(call.account, tombstone)
    return tombstone


@route("GET", "/v1/customers", "CustomerListParams", "created ending_before limit starting_after email")
def index(call):
    living = (customer for customer in call.every("customer") if not customer.get("deleted"))
    return page(call, "/v1/customers", living, equal=("email",))


@includable("customer", "sources")
@includable("customer", "subscriptions")
@includable("customer", "tax_ids")
def _nothing(call, customer):
    return listing(f"/v1/customers/{customer['id']}/sources", [])


def _invoice_settings(current, params):
    default = {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None}
    return default | current | taken(params.get("invoice_settings") or {}, *default)
