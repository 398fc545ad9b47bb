from ..errors import invalid, missing
from ..fields import merged_metadata, taken
from ..lists import listing, page
from ..present import includable
from ..routing import route
from ..shapes.customer import add_customer

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
    return add_customer(call, _invoice_settings(call, {}))


@route("GET", "/v1/customers/{customer}", "CustomerRetrieveParams")
def retrieve(call, customer):
    return call.get("customer", customer)


@route("POST", "/v1/customers/{customer}", "CustomerUpdateParams", _ACCEPTS)
def update(call, customer):
    found = living_customer(call, customer, "id")
    fields = taken(call.params, *_FIELDS) | {
        "metadata": merged_metadata(found["metadata"], call.params),
        "invoice_settings": _invoice_settings(call, found["invoice_settings"], customer),
    }
    call.change(found, fields, "customer.updated")
    return found


@route("GET", "/v1/customers", "CustomerListParams", "created ending_before limit starting_after email")
def index(call):
    living = (customer for customer in call.every("customer") if not customer.get("deleted"))
    return page(call, "/v1/customers", living, equal=("email",))


@includable("customer", "sources")
@includable("customer", "tax_ids")
def _nothing(call, customer):
    return listing(f"/v1/customers/{customer['id']}/sources", [])


def _invoice_settings(call, current, customer_id=None):
    default = {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None}
    given = taken(call.params.get("invoice_settings") or {}, *default)
    method_id = given.get("default_payment_method")
    if method_id:
        method = call.find("payment_method", method_id)
        if method is None or method["customer"] is None or method["customer"] != customer_id:
            raise invalid(
                f"The customer does not have a payment method with the ID {method_id}. "
                "The payment method must be attached to the customer.",
                code="resource_missing",
                param="invoice_settings[default_payment_method]",
            )
    return default | current | given
