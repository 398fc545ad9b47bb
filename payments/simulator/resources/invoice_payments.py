from ..lists import page
from ..routing import route


@route("GET", "/v1/invoice_payments/{payment}", "InvoicePaymentRetrieveParams")
def retrieve(call, payment):
    return call.get("invoice_payment", payment)


@route(
    "GET",
    "/v1/invoice_payments",
    "InvoicePaymentListParams",
    "created ending_before invoice limit payment starting_after status",
)
def index(call):
    intent = (call.params.get("payment") or {}).get("payment_intent")
    payments = (
        item for item in call.candidates("invoice_payment") if intent in (None, item["payment"]["payment_intent"])
    )
    return page(call, "/v1/invoice_payments", payments, equal=("invoice", "status"))
