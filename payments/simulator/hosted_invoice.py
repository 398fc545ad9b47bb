import datetime
import hmac

from .billing import collecting, standing
from .call import Call
from .card_form import card_data, card_fields
from .currencies import shown
from .errors import ApiError
from .hosted_checkout import business_name
from .pages import Markup, fragment, joined, page, read_form, render
from .payment_forms import bank_page, pay_with
from .wire import Reply

_STATES = {
    "open": "To be paid",
    "paid": "Paid",
    "void": "Void: nothing is due",
    "uncollectible": "To be paid",
}


@page("GET", r"/i/(in_\w+)/(\w+)(?:/pdf)?")
def show(world, request, invoice_id, token):
    with world.lock:
        call, invoice = _find(world, request, invoice_id, token)
        return _page(call, invoice)


@page("GET", r"/i/(in_\w+)/(\w+)/return")
def back_from_bank(world, request, invoice_id, token):
    with world.lock:
        call, invoice = _find(world, request, invoice_id, token)
        paid = invoice is not None and invoice["status"] == "paid"
        return _page(call, invoice, error="" if paid else "We are unable to authenticate your card. Please try again.")


@page("POST", r"/i/(in_\w+)/(\w+)")
def pay(world, request, invoice_id, token):
    form = read_form(request)
    with world.lock:
        call, invoice = _find(world, request, invoice_id, token)
        if invoice is None or not _payable(invoice):
            return _page(call, invoice)
        world.changed()
        try:
            bank = _pay(call, invoice, form)
        except ApiError as error:
            return _page(call, invoice, error=str(error), typed=form)
        return Reply.redirect(bank or invoice["hosted_invoice_url"])


def date(timestamp):
    return f"{datetime.datetime.fromtimestamp(timestamp, datetime.UTC):%-d %B %Y}"


def _find(world, request, invoice_id, token):
    account, invoice = world.store.locate("invoice", invoice_id)
    if invoice is None or not hmac.compare_digest(token.encode(), invoice.get("_token", "").encode()):
        return None, None
    return Call(world, account, base_url=request.base_url), invoice


def _pay(call, invoice, form):
    """Pay with the card on file or the typed one; returns the bank's page where it wants the customer first."""
    intent = call.get("payment_intent", invoice["_intent"])
    back = f"{invoice['hosted_invoice_url']}/return"
    if form.get("with") == "saved":
        collecting.collect(call, invoice, off_session=False, automatic=False)
        return bank_page(intent, back)
    return pay_with(call, intent, card_data(form), back)


def _page(call, invoice, error="", typed=None):
    if invoice is None:
        return render("message.html", 404, title="Not found", text="This invoice does not exist.")
    return render(
        "invoice.html",
        402 if error else 200,
        business=business_name(call.world, call.account),
        number=invoice["number"],
        total=shown(invoice["amount_due"], invoice["currency"]),
        state=_STATES[invoice["status"]],
        date=date(invoice["status_transitions"]["finalized_at"]),
        customer=invoice["customer_email"] or invoice["customer"],
        lines=joined(_line(invoice, line) for line in invoice["lines"]["data"]),
        error=error,
        forms=_forms(call, invoice, typed) if _payable(invoice) else Markup(),
    )


def _payable(invoice):
    return invoice["status"] in ("open", "uncollectible") and invoice["amount_remaining"] > 0


def _line(invoice, line):
    period = f"{date(line['period']['start'])} – {date(line['period']['end'])}"
    amount = shown(line["amount"], invoice["currency"])
    return fragment("row.html", title=line["description"], quiet=period, end=amount)


def _forms(call, invoice, typed):
    saved = standing.payment_method(call, collecting.subscription_of(call, invoice), invoice)
    total = shown(invoice["amount_remaining"], invoice["currency"])
    first = fragment("invoice_saved.html", total=total, last4=saved["card"]["last4"]) if saved else Markup()
    return joined([first, fragment("invoice_card.html", total=total, fields=card_fields(typed))])
