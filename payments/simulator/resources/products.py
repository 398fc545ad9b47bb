from ..catalogue import new_product
from ..fields import merged_metadata, taken
from ..lists import listing, page
from ..routing import route

_WORDS = "active description images marketing_features name shippable statement_descriptor tax_code unit_label url"


@route("POST", "/v1/products", "ProductCreateParams", f"{_WORDS} id metadata default_price_data")
def create(call):
    return new_product(call, call.params)


@route("GET", "/v1/products/{product}", "ProductRetrieveParams")
def retrieve(call, product):
    return call.get("product", product)


@route("POST", "/v1/products/{product}", "ProductUpdateParams", f"{_WORDS} metadata default_price")
def update(call, product):
    found = call.get("product", product)
    fields = taken(call.params, *_WORDS.split(), "default_price") | {
        "metadata": merged_metadata(found["metadata"], call.params)
    }
    call.change(found, fields, "product.updated")
    found["updated"] = call.now
    return found


@route("GET", "/v1/products", "ProductListParams", "active created ending_before limit starting_after ids")
def index(call):
    ids = call.params.get("ids")
    products = (product for product in call.every("product") if ids is None or product["id"] in ids)
    return page(call, "/v1/products", products, equal=("active",))


@route("GET", "/v1/products/{product}/features", "ProductFeatureListParams", "ending_before limit starting_after")
def features(call, product):
    call.get("product", product)
    return listing(f"/v1/products/{product}/features", [])
