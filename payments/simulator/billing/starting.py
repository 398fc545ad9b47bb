"""How a subscription comes to be, and its first payment."""

from ..customer_lookup import living_customer
from ..errors import ApiError, invalid
from ..fields import taken
from ..following import follower
from ..resources import setup_intents
from ..shapes.subscription import subscription_fields
from . import collecting, cycle, invoices, standing
from .items import item_list, new_items
from .lines import item_lines

_DAY = 24 * 3600
_FIRST_PAYMENT_WITHIN = 23 * 3600
_LONGEST_TRIAL = 730 * _DAY


def start(call, *, paid_by=None):
    """A new subscription out of the call's parameters, with its first invoice.

    A first payment is tried at once, as `payment_behavior` says; `paid_by` is a payment intent that made it already.
    Raises, leaving no subscription, where a payment must not fail and does.
    """
    for name in ("customer", "items"):
        if not call.params.get(name):
            raise invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)
    customer = living_customer(call, call.params["customer"])
    subscription = _add(call, customer)
    try:
        _first_invoice(call, subscription, paid_by)
    except ApiError:
        _undo(call, subscription)
        raise
    del subscription["_being_made"]
    call.emit("customer.subscription.created", subscription)
    _plan(call, subscription)
    return subscription


def chosen_method(call, customer_id):
    """The id of the customer's own card that the call names, or None."""
    method_id = call.params.get("default_payment_method")
    if not method_id:
        return None
    method = call.find("payment_method", method_id)
    if method is None or method["customer"] != customer_id:
        raise invalid(
            f"The customer does not have a payment method with the ID {method_id}. "
            "The payment method must be attached to the customer.",
            code="resource_missing",
            param="default_payment_method",
        )
    return method_id


def checked_trial_end(call, end):
    """A trial's end as given, refused when past or too far."""
    if end <= call.now:
        raise invalid("Invalid timestamp: must be an integer Unix timestamp in the future.", param="trial_end")
    if end > call.now + _LONGEST_TRIAL:
        raise invalid("Invalid timestamp: can be no more than two years in the future.", param="trial_end")
    return end


def plan_end(call, subscription):
    """Note that the call wants an end at the period's end or at an instant, or no end any more."""
    params = call.params
    if "cancel_at_period_end" in params and params.get("cancel_at"):
        raise invalid("`cancel_at` and `cancel_at_period_end` cannot both be set.", param="cancel_at")
    if "cancel_at_period_end" in params:
        wanted = params["cancel_at_period_end"]
        _set_end(call, subscription, cycle.period_end(subscription) if wanted else None, at_period_end=wanted)
    elif "cancel_at" in params:
        given = params["cancel_at"] or None
        if isinstance(given, str):  # min_period_end and max_period_end are one here
            given = cycle.period_end(subscription)
        _set_end(call, subscription, given, at_period_end=False)


@follower("_pending_for")
def card_set_up(call, intent):
    """The card for a subscription that takes no money yet was saved or authenticated."""
    subscription = call.find("subscription", intent["_pending_for"])
    if subscription is None or intent["status"] != "succeeded":
        return
    fields = {"pending_setup_intent": None}
    if subscription["payment_settings"]["save_default_payment_method"] == "on_subscription":
        fields["default_payment_method"] = intent["payment_method"]
    call.change(subscription, fields, "customer.subscription.updated")


def _add(call, customer):
    items = new_items(call, call.params["items"])
    method = chosen_method(call, customer["id"])
    trial_end = _trial_end(call)
    subscription = call.add(
        "subscription",
        "sub",
        subscription_fields(call, customer["id"], items[0]["price"]["currency"])
        | {
            "billing_cycle_anchor": trial_end or call.now,
            "default_payment_method": method,
            "status": "trialing" if trial_end else "incomplete",
            "trial_end": trial_end,
            "trial_start": call.now if trial_end else None,
            "_being_made": True,
            "_due_at": None,
        },
    )
    own = [item | {"subscription": subscription["id"]} for item in items]
    subscription["items"] = item_list(subscription["id"], own)
    cycle.begin_period(call, subscription)
    plan_end(call, subscription)
    return subscription


def _trial_end(call):
    given = taken(call.params, "trial_end", "trial_period_days")
    if len(given) > 1:
        raise invalid("`trial_end` and `trial_period_days` cannot both be set.", param="trial_end")
    end = given.get("trial_end")
    if given.get("trial_period_days"):
        end = call.now + given["trial_period_days"] * _DAY
    return None if end in (None, "now") else checked_trial_end(call, end)


def _first_invoice(call, subscription, paid_by):
    trial = subscription["status"] == "trialing"
    behavior = call.params.get("payment_behavior", "allow_incomplete")
    lines = item_lines(call, subscription, trial=trial)
    needs_card = not (trial or paid_by) and behavior != "default_incomplete"
    if needs_card and any(line["amount"] for line in lines) and not standing.payment_method(call, subscription):
        raise collecting.nothing_to_charge()
    invoice = invoices.draft(call, subscription, "subscription_create", lines)
    invoices.finalize(call, invoice, paid_by)
    if paid_by:
        collecting.intent_told(call, paid_by)
    elif trial:
        _expect_card(call, subscription)
    elif invoice["status"] == "paid":
        standing.move(call, subscription, "active")
    elif behavior != "default_incomplete":
        _pay(call, invoice, behavior)


def _pay(call, invoice, behavior):
    off_session = bool(call.params.get("off_session"))
    if behavior == "error_if_incomplete":
        collecting.collect_or_refuse(call, invoice, off_session=off_session)
    else:
        standing.quietly(collecting.collect, call, invoice, off_session=off_session)


def _expect_card(call, subscription):
    """A setup intent for the card that will be charged after the trial, unless one is ready for it."""
    method = standing.payment_method(call, subscription)
    if method is not None and not standing.wants_authentication(method):
        return
    inner = call.within(call.account, customer=subscription["customer"], payment_method_types=["card"])
    intent = setup_intents.create(inner)
    intent["_pending_for"] = subscription["id"]
    subscription["pending_setup_intent"] = intent["id"]
    if method is not None:
        inner.params = {"payment_method": method["id"]}
        standing.quietly(setup_intents.confirm_setup, inner, intent)


def _plan(call, subscription):
    if subscription["status"] == "trialing":
        cycle.plan_trial(call, subscription)
    elif subscription["status"] == "incomplete":
        call.world.jobs.at(call.now + _FIRST_PAYMENT_WITHIN, "expire_incomplete", call.account, subscription["id"])


def _undo(call, subscription):
    call.remove(subscription)
    for invoice in standing.invoices_of(call, subscription):
        invoices.discard(call, invoice)


def _set_end(call, subscription, at, *, at_period_end):
    if at is not None and at <= call.now:
        raise invalid("`cancel_at` must be in the future.", param="cancel_at")
    subscription |= {
        "cancel_at": at,
        "cancel_at_period_end": at_period_end,
        "canceled_at": (subscription["canceled_at"] or call.now) if at else None,
        "cancellation_details": subscription["cancellation_details"]
        | {"reason": "cancellation_requested" if at else None},
    }
    cycle.plan(call, subscription)
