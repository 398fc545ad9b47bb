import datetime

from .call import Call
from .card_form import card_data, card_fields
from .checkout import sessions, submitting
from .currencies import shown
from .errors import ApiError
from .pages import fragment, joined, page, read_form, render
from .store import PLATFORM
from .wire import Reply


@page("GET", r"/c/pay/(\w+)")
def show(world, request, session_id):
    with world.lock:
        account, session = world.store.locate("checkout.session", session_id)
        return _page(world, account, session)


@page("POST", r"/c/pay/(\w+)")
def submit(world, request, session_id):
    form = read_form(request)
    with world.lock:
        account, session = world.store.locate("checkout.session", session_id)
        if session is None or session["status"] != "open":
            return _page(world, account, session)
        world.changed()
        card = card_data(form) if submitting.asks_for_card(session) else None
        try:
            call = Call(world, account, base_url=request.base_url)
            bank = submitting.submit(call, session, card, form.get("email", ""))
        except ApiError as error:
            return _page(world, account, session, error=str(error), typed=form)
        return Reply.redirect(bank or sessions.success_url(session))


@page("GET", r"/c/pay/(\w+)/return")
def back_from_bank(world, request, session_id):
    with world.lock:
        account, session = world.store.locate("checkout.session", session_id)
        if session is not None and session["status"] == "complete":
            return Reply.redirect(sessions.success_url(session))
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
    heading, total, action = _words(session)
    return render(
        "checkout.html",
        402 if error else 200,
        heading=heading,
        business=business_name(world, account),
        summary=_summary(session),
        total=total,
        action=action,
        error=error,
        state="wrong" if error else "fine",
        cancel=session["cancel_url"] or "",
        leave="leave" if session["cancel_url"] else "stay",
        fields=_fields(session, typed or {}),
    )


def _words(session):
    """Heading, total and the button's words."""
    if session["mode"] == "setup":
        return "Save your card", "", "Save card"
    total = shown(session["amount_total"], session["currency"])
    if session["mode"] == "payment":
        return "Your payment", total, f"Pay {total}"
    return "Subscribe", total, "Start trial" if sessions.is_trial(session) else "Subscribe"


def _summary(session):
    items = "; ".join(f"{item['quantity']} × {item['description']}" for item in session["_line_items"])
    if session["mode"] == "setup":
        return "Your card is saved, not charged."
    if session["mode"] == "payment":
        return items
    every = session["_line_items"][0]["price"]["recurring"]["interval"]
    each = shown(sum(item["amount_total"] for item in session["_line_items"]), session["currency"])
    if not sessions.is_trial(session):
        return f"{items}: {each} every {every}."
    return f"{items}: free {_until(session)}, then {each} every {every}."


def _until(session):
    days, end = session["_data"].get("trial_period_days"), session["_data"].get("trial_end")
    if days:
        return f"for {days} days"
    return f"until {datetime.datetime.fromtimestamp(end, datetime.UTC):%-d %B %Y}"


def _fields(session, typed):
    email = typed.get("email") or session["customer_email"] or ""
    asks_email = session["customer"] is None and session["mode"] != "setup"
    return joined(
        [
            *([fragment("email_field.html", email=email)] if asks_email else []),
            *([card_fields(typed)] if submitting.asks_for_card(session) else []),
        ]
    )


def business_name(world, account_id):
    account = world.store.get(PLATFORM, "account", account_id)
    if account is None:
        return "Local Stripe"
    return (
        account["business_profile"]["name"]
        or account["settings"]["dashboard"]["display_name"]
        or account["email"]
        or account_id
    )
