"""What the next invoice of a subscription would say, without making one."""

import copy

from ..errors import invalid
from ..fields import only
from ..ids import new_id
from ..lists import listing
from ..shapes.invoice import invoice_fields
from . import cycle
from .items import changed_items, item_list, with_period
from .lines import item_lines, pending_lines
from .periods import next_boundary
from .prorations import pending_of, prorations


def preview(call):
    """The renewal as it stands, or as it would be with other items (`subscription_details`); nothing is kept."""
    if "subscription" not in call.params:
        raise invalid("You must pass `subscription`.", code="parameter_missing", param="subscription")
    subscription = call.get("subscription", call.params["subscription"], "subscription")
    details = only(call.params, "subscription_details", "items", "proration_behavior", "proration_date")
    planned = copy.deepcopy(subscription)
    lines = pending_lines(pending_of(call, subscription))
    if "items" in details:
        before = subscription["items"]["data"]
        planned["items"] = item_list(planned["id"], changed_items(call, before, details["items"]))
        if subscription["status"] != "trialing" and details.get("proration_behavior") != "none":
            at = details.get("proration_date", call.now)
            found = prorations(call, planned, before, planned["items"]["data"], at)
            lines += pending_lines({"id": new_id("ii"), "_line": line} for line in found)
    return _shown(call, planned, lines)


def _shown(call, planned, lines):
    start = cycle.period_end(planned)
    items = planned["items"]["data"]
    end = next_boundary(planned["billing_cycle_anchor"], items[0]["price"]["recurring"], start)
    if not planned["cancel_at"]:
        planned["items"] = item_list(planned["id"], with_period(items, start, end))
        lines = [*lines, *item_lines(call, planned)]
    customer = call.get("customer", planned["customer"])
    invoice_id = new_id("upcoming_in")
    fields = invoice_fields(call, customer, planned, "upcoming", lines)
    due = max(0, fields["total"] + customer["balance"])
    return (
        {"id": invoice_id, "object": "invoice", "created": start, "livemode": False}
        | fields
        | {
            "amount_due": due,
            "amount_remaining": due,
            "lines": listing(f"/v1/invoices/{invoice_id}/lines", lines) | {"total_count": len(lines)},
            "next_payment_attempt": start + call.world.dunning.finalize_after,
            "period_end": start,
        }
    )
