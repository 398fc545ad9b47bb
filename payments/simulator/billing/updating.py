"""What a request may change on a subscription."""

import copy

from ..errors import ApiError, invalid
from ..fields import merged_metadata, taken, unsupported
from ..shapes.subscription import payment_settings, trial_settings
from . import collecting, cycle, invoices, issuing, standing
from .items import changed_items, item_list
from .lines import item_lines
from .prorations import pending_of, prorate
from .starting import checked_trial_end, chosen_method, plan_end


def update(call, subscription):
    """Change what the call names, prorate and bill what follows from it, and tell once of all of it.

    Raises, leaving all as it was, where a payment must not fail and does.
    """
    _refuse_ended(call, subscription)
    before = copy.deepcopy(subscription)
    pending = {item["id"] for item in pending_of(call, subscription)}
    subscription["_being_made"] = True
    try:
        _change_words(call, subscription)
        _change_pause(call, subscription)
        _change_trial(call, subscription)
        _change_items(call, subscription)
        plan_end(call, subscription)
    except ApiError:
        _undo(call, subscription, before, pending)
        raise
    del subscription["_being_made"]
    changed = {name: value for name, value in before.items() if subscription[name] != value and name[0] != "_"}
    if changed:
        call.emit("customer.subscription.updated", subscription, changed)


def cancel(call, subscription):
    """End a subscription now, with a last invoice or a credit for unused time where the call asks for one."""
    if subscription["status"] in standing.ENDED:
        raise _gone(subscription)
    if call.params.get("prorate") and subscription["status"] not in ("trialing", "incomplete"):
        prorate(call, subscription, subscription["items"]["data"], [], call.now)
    if call.params.get("invoice_now") and pending_of(call, subscription):
        issuing.bill_now(call, subscription, "subscription_cycle", [])
    given = taken(call.params.get("cancellation_details") or {}, "comment", "feedback")
    standing.end(call, subscription, "cancellation_requested", **given)


def resume(call, subscription):
    """Take up a subscription that paused without a card: a new period, paid before it counts.

    An earlier try's invoice that is still open is tried again instead.
    """
    if subscription["status"] != "paused":
        raise invalid(
            f"You can only resume a subscription with the status of paused. This one is {subscription['status']}."
        )
    if call.params.get("billing_cycle_anchor") == "unchanged":
        raise unsupported("billing_cycle_anchor=unchanged")
    latest = call.find("invoice", subscription["latest_invoice"])
    if latest and latest["status"] == "open":
        standing.quietly(collecting.collect, call, latest, automatic=False)
        return
    cycle.begin_period(call, subscription, anchor=call.now)
    issuing.bill_now(call, subscription, "subscription_update", item_lines(call, subscription))


def _refuse_ended(call, subscription):
    allowed = {"cancellation_details", "metadata", "expand"}
    if subscription["status"] in standing.ENDED and call.params.keys() - allowed:
        raise invalid("A canceled subscription can only update its cancellation_details and metadata.")


def _change_words(call, subscription):
    params = call.params
    method = chosen_method(call, subscription["customer"])
    details = taken(params.get("cancellation_details") or {}, "comment", "feedback")
    subscription |= taken(params, "description") | {
        "cancellation_details": subscription["cancellation_details"] | details,
        "default_payment_method": method or subscription["default_payment_method"],
        "metadata": merged_metadata(subscription["metadata"], params),
        "payment_settings": payment_settings(params, subscription["payment_settings"]),
    }
    if "trial_settings" in params:
        subscription["trial_settings"] = trial_settings(params)


def _change_pause(call, subscription):
    if "pause_collection" not in call.params:
        return
    given = call.params["pause_collection"] or None
    subscription["pause_collection"] = given and {"behavior": given["behavior"], "resumes_at": given.get("resumes_at")}
    if given and given.get("resumes_at"):
        call.world.jobs.at(given["resumes_at"], "resume_collection", call.account, subscription["id"])


def _change_trial(call, subscription):
    end = call.params.get("trial_end")
    if end == "now":
        if subscription["status"] == "trialing":
            subscription |= {"status": "active", "trial_end": call.now}
            cycle.begin_period(call, subscription, anchor=call.now)
            _bill(call, subscription, item_lines(call, subscription))
    elif end is not None:
        _set_trial(call, subscription, checked_trial_end(call, end))


def _set_trial(call, subscription, end):
    """Let a trial end at another time, or give one in the midst of a paid period."""
    items, started = subscription["items"]["data"], subscription["status"] == "trialing"
    if not started:
        if _proration(call) != "none":
            prorate(call, subscription, items, [], call.now)
        subscription |= {"status": "trialing", "trial_start": call.now}
    subscription |= {"trial_end": end, "billing_cycle_anchor": end}
    cycle.set_period(call, subscription, items[0]["current_period_start"] if started else call.now, end)
    cycle.plan_trial(call, subscription)
    if not started:
        _bill(call, subscription, item_lines(call, subscription, trial=True))


def _change_items(call, subscription):
    restart = call.params.get("billing_cycle_anchor") == "now"
    if "items" not in call.params and not restart:
        return
    before = subscription["items"]["data"]
    after = changed_items(call, before, call.params.get("items", []))
    restart = restart or _recurring(before) != _recurring(after)
    charged = subscription["status"] not in ("trialing", "incomplete", "paused")
    if charged and _proration(call) != "none":
        prorate(call, subscription, before, [] if restart else after, call.params.get("proration_date", call.now))
    period = {name: before[0][name] for name in ("current_period_start", "current_period_end")}
    own = [item | period | {"subscription": subscription["id"]} for item in after]
    subscription["items"] = item_list(subscription["id"], own)
    if restart and charged:
        cycle.begin_period(call, subscription, anchor=call.now)
        _bill(call, subscription, item_lines(call, subscription))
    elif _proration(call) == "always_invoice" and pending_of(call, subscription):
        _bill(call, subscription, [])


def _bill(call, subscription, lines):
    behavior = call.params.get("payment_behavior", "allow_incomplete")
    issuing.bill_now(call, subscription, "subscription_update", lines, behavior)


def _proration(call):
    return call.params.get("proration_behavior", "create_prorations")


def _recurring(items):
    return [items[0]["price"]["recurring"][name] for name in ("interval", "interval_count")]


def _undo(call, subscription, before, pending):
    """Put a subscription back as it was; whatever waited to be invoiced before the call waits again."""
    for invoice in standing.invoices_of(call, subscription):
        if invoice["id"] == subscription["latest_invoice"] != before["latest_invoice"]:
            invoices.discard(call, invoice)
    for item in list(call.every("invoiceitem")):
        if item["_subscription"] == subscription["id"] and item["id"] not in pending:
            if item["invoice"] in (None, subscription["latest_invoice"]):
                call.remove(item)
        elif item["id"] in pending:
            item["invoice"] = None
    subscription.clear()
    subscription.update(before)


def _gone(subscription):
    return invalid(f"No such subscription: '{subscription['id']}'", code="resource_missing", param="id")
