import re
from urllib.parse import parse_qs

from . import checkout
from .call import Call
from .currencies import shown
from .errors import ApiError
from .pages import page, render
from .store import PLATFORM
from .wire import Reply

_FIELDS = ("number", "expiry", "cvc", "name", "postal_code")


@page("GET", r"/c/pay/(\w+)")
def show(world, request, session_id):
    with world.lock:
        account, session = world.store.locate("checkout.session", session_id)
        return _page(world, account, session)


@page("POST", r"/c/pay/(\w+)")
def submit(world, request, session_id):
    form = {name: values[0].strip() for name, values in parse_qs(request.text()).items()}
    with world.lock:
        account, session = world.store.locate("checkout.session", session_id)
        if session is None or session["status"] != "open":
            return _page(world, account, session)
        world.changed()
        try:
            bank = checkout.submit(Call(world, account, base_url=request.base_url), session, _card_data(form))
        except ApiError as error:
            return _page(world, account, session, error=str(error), typed=form)
        return Reply.redirect(bank or checkout.success_url(session))


@page("GET", r"/c/pay/(\w+)/return")
def back_from_bank(world, request, session_id):
    with world.lock:
        account, session = world.store.locate("checkout.session", session_id)
        if session is not None and session["status"] == "complete":
            return Reply.redirect(checkout.success_url(session))
        return _page(
            world,
            account,
            session,
            error="We are unable to authenticate your card. Please try again or use another card.",
        )


def _page(world, account, session, error="", typed=None):
    if session is None:
        return render("message.html", 404, title="Not found", text="This checkout page does not exist.")
    if session["status"] != "open":
        return render("message.html", title="Checkout closed", text=f"This checkout session is {session['status']}.")
    typed = typed or {}
    paying = session["mode"] == "payment"
    total = shown(session["amount_total"], session["currency"]) if paying else ""
    return render(
        "checkout.html",
        402 if error else 200,
        heading="Your payment" if paying else "Save your card",
        business=_business(world, account),
        summary="; ".join(f"{item['quantity']} × {item['description']}" for item in session["_line_items"])
        or "Your card is saved, not charged.",
        total=total,
        action=f"Pay {total}" if paying else "Save card",
        error=error,
        state="wrong" if error else "fine",
        cancel=session["cancel_url"] or "",
        leave="leave" if session["cancel_url"] else "stay",
        # The card's own numbers are typed again, as on any payment page.
        name=typed.get("name", ""),
        postal_code=typed.get("postal_code", ""),
    )


def _business(world, account_id):
    account = world.store.get(PLATFORM, "account", account_id)
    if account is None:
        return "Local Stripe"
    return (
        account["business_profile"]["name"]
        or account["settings"]["dashboard"]["display_name"]
        or account["email"]
        or account_id
    )


def _card_data(form):
    month, year = _expiry(form.get("expiry", ""))
    billing = {"name": form.get("name", ""), "address": {"postal_code": form.get("postal_code", "")}}
    return {
        "card": {"number": form.get("number", ""), "exp_month": month, "exp_year": year, "cvc": form.get("cvc", "")},
        "billing_details": billing,
    }


def _expiry(text):
    match = re.fullmatch(r"(\d{1,2})\s*[/ -]?\s*(\d{4}|\d{2})", text)
    return match.groups() if match else ("", "")
