from . import portal, portal_view
from .billing import cycle
from .call import Call
from .card_form import card_data, card_fields
from .errors import ApiError
from .hosted_checkout import business_name
from .hosted_invoice import date
from .pages import Markup, fragment, joined, page, read_form, render
from .wire import Reply

_PATH = r"/p/session/(bps_\w+)"


def portal_page(method, rest=""):
    """Register `handler(call, session, form, *path groups) -> Reply` for visitors whose link still works."""

    def register(handler):
        @page(method, _PATH + rest)
        def visit(world, request, session_id, *groups):
            with world.lock:
                account, session = world.store.locate("billing_portal.session", session_id)
                call = account and Call(world, account, base_url=request.base_url)
                if session is None or not portal.is_open(call, session):
                    return render("message.html", 404, title="Link expired", text="Please ask for a new link.")
                if method == "POST":
                    world.changed()
                return handler(call, session, read_form(request), *groups)

        return handler

    return register


@portal_page("GET")
def home(call, session, form):
    flow = session["flow"]
    if flow and not session.get("_flow_done"):
        place = "card" if flow["type"] == "payment_method_update" else _cancel_path(flow["subscription_cancel"])
        return Reply.redirect(f"{_home(session)}/{place}")
    return _show_home(call, session)


@portal_page("GET", r"/card")
def card_form(call, session, form):
    return _show_card(call, session)


@portal_page("POST", r"/card")
def change_card(call, session, form):
    try:
        bank = portal.change_card(call, session, card_data(form))
    except ApiError as error:
        return _show_card(call, session, error=str(error), typed=form)
    return Reply.redirect(bank) if bank else _done(session, "payment_method_update")


@portal_page("GET", r"/card/return")
def back_from_bank(call, session, form):
    intent = next(item for item in call.every("setup_intent") if item.get("_portal") == session["id"])
    if intent["status"] == "succeeded":
        return _done(session, "payment_method_update")
    return _show_card(call, session, error="We are unable to authenticate your card. Please try another one.")


@portal_page("GET", r"/cancel/(sub_\w+)")
def cancel_form(call, session, form, subscription_id):
    subscription = call.find("subscription", subscription_id)
    if subscription is None or subscription["customer"] != session["customer"]:
        return render("message.html", 404, title="Not found", text="There is no such subscription.")
    at_once = portal.features(call, session)["subscription_cancel"]["mode"] == "immediately"
    when = "at once" if at_once else f"on {date(cycle.period_end(subscription))}"
    return _form(call, session, "Cancel your plan", f"Your plan will end {when}.", "Cancel plan", Markup())


@portal_page("POST", r"/(cancel|keep|resume)/(sub_\w+)")
def act(call, session, form, verb, subscription_id):
    try:
        getattr(portal, verb)(call, session, subscription_id)
    except ApiError as error:
        return _show_home(call, session, error=str(error))
    return _done(session, "subscription_cancel" if verb == "cancel" else None)


def _done(session, flow_type):
    """Where a finished action leads: out of the flow the link was for, or to the portal's first page."""
    flow = session["flow"]
    if flow is None or flow["type"] != flow_type:
        return Reply.redirect(_home(session))
    session["_flow_done"] = True
    redirect = flow["after_completion"]["redirect"]
    return Reply.redirect(redirect["return_url"] if redirect else _home(session))


def _home(session):
    return session["url"]


def _cancel_path(cancel):
    return f"cancel/{cancel['subscription']}"


def _show_home(call, session, error=""):
    headline = call.get("billing_portal.configuration", session["configuration"])["business_profile"]["headline"]
    back = session["return_url"]
    return render(
        "portal.html",
        402 if error else 200,
        business=business_name(call.world, call.account),
        headline=headline or "Your plan and payments",
        error=error,
        plans=joined(portal_view.plan(call, session, item) for item in portal.subscriptions(call, session))
        or portal_view.nothing("No plan."),
        card=portal_view.card(call, session),
        invoices=portal_view.invoices(call, session),
        back=fragment("portal_link.html", look="plain", href=back, words="Return") if back else Markup(),
    )


def _show_card(call, session, error="", typed=None):
    text = "The card is used for all coming payments."
    return _form(call, session, "Update your card", text, "Save card", card_fields(typed), error)


def _form(call, session, heading, text, action, fields, error=""):
    return render(
        "portal_form.html",
        402 if error else 200,
        business=business_name(call.world, call.account),
        heading=heading,
        text=text,
        error=error,
        fields=fields,
        action=action,
        back=session["return_url"] if session["flow"] and session["return_url"] else _home(session),
    )
