"""What time brings: trials end, periods follow one another, and what was canceled comes to its end."""

from ..jobs import job
from . import issuing, standing
from .items import item_list, with_period
from .lines import item_lines
from .periods import next_boundary

_WAITING = ("incomplete", "paused")
_NOTICE = 3 * 24 * 3600


def begin_period(call, subscription, *, anchor=None):
    """Go on to the period that begins now; with `anchor` the calendar starts anew there."""
    if anchor is not None:
        subscription["billing_cycle_anchor"] = anchor
    recurring = subscription["items"]["data"][0]["price"]["recurring"]
    set_period(call, subscription, call.now, next_boundary(subscription["billing_cycle_anchor"], recurring, call.now))


def set_period(call, subscription, start, end):
    """Move every item to a period and plan what comes at its end."""
    items = with_period(subscription["items"]["data"], start, end)
    subscription["items"] = item_list(subscription["id"], items)
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = end
    plan(call, subscription)


def plan(call, subscription):
    """Note what is due by itself next: the end of the period, or an earlier end of all."""
    ends = period_end(subscription)
    due = min(ends, subscription["cancel_at"] or ends)
    if subscription["_due_at"] != due:
        subscription["_due_at"] = due
        call.world.jobs.at(due, "subscription_due", call.account, subscription["id"])


def period_end(subscription):
    return subscription["items"]["data"][0]["current_period_end"]


def plan_trial(call, subscription):
    """Have the end of a trial announced three days before, or at once when it is nearer."""
    at = max(call.now, subscription["trial_end"] - _NOTICE)
    call.world.jobs.at(at, "trial_will_end", call.account, subscription["id"])


@job("subscription_due")
def due(call, subscription_id):
    """Cancel, end the trial or renew, unless plans changed meanwhile."""
    subscription = call.find("subscription", subscription_id)
    if subscription is None or subscription["_due_at"] != call.now:
        return
    if subscription["cancel_at"] and subscription["cancel_at"] <= call.now:
        standing.end(call, subscription, "cancellation_requested")
    elif subscription["status"] == "trialing":
        _end_trial(call, subscription)
    elif subscription["status"] not in _WAITING:
        _renew(call, subscription)


@job("trial_will_end")
def trial_will_end(call, subscription_id):
    subscription = call.find("subscription", subscription_id)
    if subscription and subscription["status"] == "trialing" and subscription["trial_end"] - _NOTICE <= call.now:
        call.emit("customer.subscription.trial_will_end", subscription)


@job("expire_incomplete")
def expire_incomplete(call, subscription_id):
    subscription = call.find("subscription", subscription_id)
    if subscription and subscription["status"] == "incomplete":
        standing.expire(call, subscription)


@job("resume_collection")
def resume_collection(call, subscription_id):
    subscription = call.find("subscription", subscription_id)
    paused = subscription and subscription["pause_collection"]
    if paused and paused["resumes_at"] == call.now:
        call.change(subscription, {"pause_collection": None}, "customer.subscription.updated")


def _end_trial(call, subscription):
    without_card = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    has_card = standing.payment_method(call, subscription) is not None
    if has_card or without_card == "create_invoice":
        _renew(call, subscription, status="active")
    elif without_card == "cancel":
        standing.end(call, subscription, None)
    else:
        standing.move(call, subscription, "paused", _due_at=None)
        call.emit("customer.subscription.paused", subscription)


def _renew(call, subscription, **fields):
    before = {name: subscription[name] for name in ("items", "latest_invoice", *fields)}
    subscription |= fields
    begin_period(call, subscription)
    issuing.bill_later(call, subscription, "subscription_cycle", item_lines(call, subscription))
    call.emit("customer.subscription.updated", subscription, before)
