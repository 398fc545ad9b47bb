from ..customer_lookup import living_customer
from ..errors import invalid
from ..fields import merged_metadata, taken
from ..lists import listing, page
from ..present import includable
from ..routing import route
from ..shapes.customer import add_customer
from .payment_methods import attach_to, check_savable, usable

_FIELDS = ("address", "description", "email", "name", "phone", "preferred_locales", "shipping", "tax_exempt")
_ACCEPTS = " ".join((*_FIELDS, "metadata", "invoice_settings"))


@route("POST", "/v1/customers", "CustomerCreateParams", f"{_ACCEPTS} payment_method")
def create(call):
    """A customer; a `payment_method` given along is attached and may be the default at once."""
    method = usable(call, call.params["payment_method"]) if "payment_method" in call.params else None
    if method is not None:
        check_savable(method)
    customer = add_customer(call)
    if method is not None:
        attach_to(call, method, customer)
    wanted = call.params.get("invoice_settings") or {}
    if method and wanted.get("default_payment_method") == call.params["payment_method"]:
        wanted["default_payment_method"] = method["id"]  # a test id stands for the card it made
    customer["invoice_settings"] = _invoice_settings(call, customer["invoice_settings"], customer["id"])
    return customer


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
