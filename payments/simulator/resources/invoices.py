from ..billing import collecting, invoices, issuing
from ..billing.preview import preview
from ..billing.starting import chosen_method
from ..errors import invalid
from ..fields import merged_metadata, taken
from ..lists import listing, page
from ..present import includable
from ..routing import route


@route("GET", "/v1/invoices/{invoice}", "InvoiceRetrieveParams")
def retrieve(call, invoice):
    return call.get("invoice", invoice)


@route(
    "POST",
    "/v1/invoices/{invoice}",
    "InvoiceUpdateParams",
    "auto_advance default_payment_method description footer metadata",
)
def update(call, invoice):
    found = call.get("invoice", invoice)
    if call.params.keys() - {"metadata", "auto_advance", "default_payment_method", "expand"}:
        invoices.refuse_unless(found, "update", "draft")
    fields = taken(call.params, "auto_advance", "default_payment_method", "description", "footer")
    fields["metadata"] = merged_metadata(found["metadata"], call.params)
    if call.params.get("default_payment_method"):
        fields["default_payment_method"] = chosen_method(call, found["customer"])
    call.change(found, fields, "invoice.updated")
    if call.params.get("auto_advance"):
        issuing.advance(call, found)
    return found


@route("DELETE", "/v1/invoices/{invoice}", "InvoiceDeleteParams")
def delete(call, invoice):
    raise invalid("You can only delete draft invoices that are not from a subscription.", code="invoice_not_editable")


@route("POST", "/v1/invoices/{invoice}/finalize", "InvoiceFinalizeInvoiceParams", "auto_advance")
def finalize(call, invoice):
    found = call.get("invoice", invoice)
    invoices.finalize(call, found)
    found["auto_advance"] = call.params.get("auto_advance", found["auto_advance"])
    issuing.advance(call, found)
    return found


@route("POST", "/v1/invoices/{invoice}/pay", "InvoicePayParams", "off_session paid_out_of_band payment_method")
def pay(call, invoice):
    found = call.get("invoice", invoice)
    if found["status"] == "paid":
        raise invalid("Invoice is already paid", code="invoice_already_paid")
    if found["status"] == "draft":
        invoices.finalize(call, found)
    invoices.refuse_unless(found, "pay", "open", "uncollectible", "paid")
    if call.params.get("paid_out_of_band"):
        collecting.paid_elsewhere(call, found)
    elif found["status"] != "paid":
        off_session = call.params.get("off_session", True)
        method = collecting.named_method(call, found)
        collecting.collect(call, found, method=method, off_session=off_session, automatic=False)
        if found["status"] != "paid":
            raise collecting.needs_customer(call, found)
    return found


@route("POST", "/v1/invoices/{invoice}/void", "InvoiceVoidInvoiceParams")
def void(call, invoice):
    found = call.get("invoice", invoice)
    invoices.void(call, found)
    return found


@route("POST", "/v1/invoices/{invoice}/mark_uncollectible", "InvoiceMarkUncollectibleParams")
def mark_uncollectible(call, invoice):
    found = call.get("invoice", invoice)
    invoices.mark_uncollectible(call, found)
    return found


@route(
    "GET",
    "/v1/invoices",
    "InvoiceListParams",
    "collection_method created customer ending_before limit starting_after status subscription",
)
def index(call):
    wanted = call.params.get("subscription")
    found = (invoice for invoice in call.every("invoice") if wanted in (None, invoice["_subscription"]))
    return page(call, "/v1/invoices", found, equal=("collection_method", "customer", "status"))


@route("GET", "/v1/invoices/{invoice}/lines", "InvoiceListLinesParams", "ending_before limit starting_after")
def lines(call, invoice):
    found = call.get("invoice", invoice)
    return page(call, f"/v1/invoices/{invoice}/lines", found["lines"]["data"])


@route(
    "POST", "/v1/invoices/create_preview", "InvoiceCreatePreviewParams", "customer subscription subscription_details"
)
def create_preview(call):
    return preview(call)


@includable("invoice", "payments")
def _payments(call, invoice):
    return listing("/v1/invoice_payments", invoices.payments_of(call, invoice))


@includable("invoice", "confirmation_secret")
def _secret(call, invoice):
    intent_id = call.get("invoice", invoice["id"])["_intent"]
    if intent_id is None:
        return None
    return {"client_secret": call.get("payment_intent", intent_id)["client_secret"], "type": "payment_intent"}
