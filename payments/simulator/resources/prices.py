from ..catalogue import new_price, new_product
from ..errors import invalid
from ..fields import merged_metadata, taken
from ..lists import page
from ..present import includable
from ..routing import route

_WORDS = "active lookup_key nickname tax_behavior"


@route(
    "POST",
    "/v1/prices",
    "PriceCreateParams",
    f"{_WORDS} currency metadata product product_data recurring unit_amount unit_amount_decimal",
)
def create(call):
    params = call.params
    if ("product" in params) == ("product_data" in params):
        raise invalid(
            "You must specify either `product` or `product_data` when creating a price.", code="parameter_missing"
        )
    product = (
        new_product(call, params["product_data"])
        if "product_data" in params
        else call.get("product", params["product"], "product")
    )
    return new_price(call, params, product["id"])


@route("GET", "/v1/prices/{price}", "PriceRetrieveParams")
def retrieve(call, price):
    return call.get("price", price)


@route("POST", "/v1/prices/{price}", "PriceUpdateParams", f"{_WORDS} metadata")
def update(call, price):
    found = call.get("price", price)
    fields = taken(call.params, *_WORDS.split()) | {"metadata": merged_metadata(found["metadata"], call.params)}
    call.change(found, fields, "price.updated")
    return found


@route(
    "GET",
    "/v1/prices",
    "PriceListParams",
    "active created currency ending_before limit lookup_keys product starting_after type",
)
def index(call):
    keys = call.params.get("lookup_keys")
    prices = (price for price in call.every("price") if keys is None or price["lookup_key"] in keys)
    return page(call, "/v1/prices", prices, equal=("active", "currency", "product", "type"))


@includable("price", "currency_options")
def _currency_options(call, price):
    shown = ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")
    return {price["currency"]: {name: price[name] for name in shown}}


@includable("price", "tiers")
def _no_tiers(call, price):
    return None
