from ..lists import page
from ..routing import route


@route("GET", "/v1/invoiceitems/{item}", "InvoiceItemRetrieveParams")
def retrieve(call, item):
    return call.get("invoiceitem", item)


@route(
    "GET", "/v1/invoiceitems", "InvoiceItemListParams", "customer ending_before invoice limit pending starting_after"
)
def index(call):
    pending = call.params.get("pending")
    items = (item for item in call.every("invoiceitem") if pending in (None, item["invoice"] is None))
    return page(call, "/v1/invoiceitems", items, equal=("customer", "invoice"))
