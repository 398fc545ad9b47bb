"""The pieces of the billing portal's first page."""

from . import portal
from .billing import cycle
from .billing.lines import product_name
from .catalogue import amount_of
from .currencies import shown
from .hosted_invoice import date
from .pages import Markup, fragment, joined

_SHOWN_INVOICES = 12


def plan(call, session, subscription):
    items = subscription["items"]["data"]
    names = ", ".join(f"{item['quantity']} × {product_name(call, item['price'])}" for item in items)
    total = sum(amount_of(item["price"], item["quantity"]) for item in items)
    every = items[0]["price"]["recurring"]["interval"]
    return fragment(
        "portal_plan.html",
        name=names,
        price=f"{shown(total, subscription['currency'])} per {every}",
        status=_standing(subscription),
        actions=_actions(call, session, subscription),
    )


def _standing(subscription):
    """In words: what happens next, and when."""
    end = date(cycle.period_end(subscription))
    if subscription["cancel_at"]:
        return f"Ends on {date(subscription['cancel_at'])}."
    if subscription["pause_collection"]:
        return "Payments are paused."
    return {
        "trialing": f"Free trial until {end}.",
        "active": f"Renews on {end}.",
        "past_due": "The last payment failed. Please pay the open invoice or update your card.",
        "unpaid": "The last payment failed. Please pay the open invoice or update your card.",
        "incomplete": "The first payment is missing.",
        "paused": "Paused: a card is needed.",
    }[subscription["status"]]


def _actions(call, session, subscription):
    if subscription["status"] == "paused":
        return _button(session, "resume", subscription, "Resume plan")
    if not portal.features(call, session)["subscription_cancel"]["enabled"]:
        return Markup()
    if subscription["cancel_at"]:
        return _button(session, "keep", subscription, "Don't cancel")
    href = f"{session['url']}/cancel/{subscription['id']}"
    return fragment("portal_link.html", look="plain", href=href, words="Cancel plan")


def _button(session, verb, subscription, words):
    action = f"{session['url']}/{verb}/{subscription['id']}"
    return fragment("portal_button.html", action=action, look="", words=words)


def card(call, session):
    default = call.get("customer", session["customer"])["invoice_settings"]["default_payment_method"]
    own = [item["default_payment_method"] for item in portal.subscriptions(call, session)]
    chosen = default or next(filter(None, own), None)
    method = chosen and call.find("payment_method", chosen)
    words = nothing("No card yet.")
    if method:
        shown_card = method["card"]
        expiry = f"Expires {shown_card['exp_month']:02}/{shown_card['exp_year']}"
        title = f"{shown_card['brand'].title()} ending in {shown_card['last4']}"
        words = Markup(f'<ul class="rows">{fragment("row.html", title=title, quiet=expiry, end="")}</ul>')
    if not portal.features(call, session)["payment_method_update"]["enabled"]:
        return words
    link = fragment("portal_link.html", look="plain", href=f"{session['url']}/card", words="Update card")
    return joined([words, link])


def invoices(call, session):
    if not portal.features(call, session)["invoice_history"]["enabled"]:
        return nothing("Not shown here.")
    own = [each for each in call.every("invoice") if each["customer"] == session["customer"]]
    rows = [_invoice(each) for each in own if each["status"] != "draft"][:_SHOWN_INVOICES]
    return Markup(f'<ul class="rows">{joined(rows)}</ul>') if rows else nothing("None yet.")


def _invoice(invoice):
    return fragment(
        "portal_invoice.html",
        href=invoice["hosted_invoice_url"],
        number=invoice["number"],
        date=date(invoice["created"]),
        amount=shown(invoice["amount_due"], invoice["currency"]),
        status=invoice["status"].capitalize(),
    )


def nothing(words):
    return fragment("quiet.html", words=words)
