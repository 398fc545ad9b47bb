"""A cardholder's bank takes a charge back, or asks about it, until the matter is decided."""

from .errors import invalid
from .jobs import job
from .resources.balance import enter
from .shapes.dispute import no_evidence

FEE = 1_500
OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
_ANSWER_WITHIN = 7 * 24 * 3600
_REASON_CODES = {"fraudulent": "10.4", "product_not_received": "13.1", "product_unacceptable": "13.3"}


def open_dispute(call, charge, reason="fraudulent", inquiry=False, amount=None):
    """Dispute a captured charge, or part of it. An inquiry takes no money and leaves the charge refundable."""
    if charge["disputed"] or not charge["captured"]:
        raise invalid(f"Charge {charge['id']} cannot be disputed: it is uncaptured or disputed already.")
    left = charge["amount"] - charge["amount_refunded"]
    if amount is not None and not 1 <= amount <= left:
        raise invalid(f"Between 1 and {left} of charge {charge['id']} can be disputed.", param="amount")
    dispute = _add(call, charge, reason, amount or left, inquiry)
    charge["disputed"] = True
    call.emit("charge.dispute.created", dispute)
    if not inquiry:
        _move_money(call, charge, dispute, -dispute["amount"], "dispute", [("stripe_fee", "Dispute fee", FEE)])
        call.emit("charge.dispute.funds_withdrawn", dispute)
    call.world.jobs.at(dispute["evidence_details"]["due_by"], "dispute_due", call.account, dispute["id"])
    return dispute


def close_dispute(call, dispute, status):
    """Decide a dispute, `won` or `lost`, or an inquiry, `warning_closed`; money comes back when it is won."""
    if dispute["status"] not in OPEN:
        raise invalid(f"Dispute {dispute['id']} is closed already ({dispute['status']}).")
    if (status == "warning_closed") != dispute["status"].startswith("warning"):
        raise invalid("A dispute is won or lost; an inquiry is warning_closed.")
    call.change(dispute, {"status": status, "is_charge_refundable": status != "lost"})
    call.emit("charge.dispute.closed", dispute)
    if status == "won":
        charge = call.get("charge", dispute["charge"])
        _move_money(call, charge, dispute, dispute["amount"], "dispute_won", [])
        call.emit("charge.dispute.funds_reinstated", dispute)


def submit(dispute, details):
    """The fields of a dispute whose evidence goes to the bank now."""
    warning = dispute["status"].startswith("warning")
    return {
        "evidence_details": details | {"submission_count": details["submission_count"] + 1},
        "status": "warning_under_review" if warning else "under_review",
    }


def holds_money(call, charge):
    """Whether a dispute has taken the charge's money, so that there is nothing to refund."""
    if not charge["disputed"]:
        return False
    return any(not dispute["is_charge_refundable"] for dispute in call.having("dispute", "charge", charge["id"]))


@job("dispute_due")
def dispute_due(call, dispute_id):
    """Who does not answer in time has lost."""
    dispute = call.find("dispute", dispute_id)
    if dispute is not None and dispute["status"] == "needs_response":
        dispute["evidence_details"]["past_due"] = True
        close_dispute(call, dispute, "lost")


def _add(call, charge, reason, amount, inquiry):
    card = charge["payment_method_details"]["card"]
    code = _REASON_CODES.get(reason, "10.4")
    return call.add(
        "dispute",
        "du",
        {
            "amount": amount,
            "balance_transactions": [],
            "charge": charge["id"],
            "currency": charge["currency"],
            "enhanced_eligibility_types": [],
            "evidence": no_evidence(),
            "evidence_details": {
                "due_by": call.now + _ANSWER_WITHIN,
                "enhanced_eligibility": {},
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": inquiry,
            "metadata": {},
            "network_reason_code": code,
            "payment_intent": charge["payment_intent"],
            "payment_method_details": {
                "card": {
                    "brand": card["brand"],
                    "case_type": "inquiry" if inquiry else "chargeback",
                    "network_reason_code": code,
                },
                "type": "card",
            },
            "reason": reason,
            "status": "warning_needs_response" if inquiry else "needs_response",
        },
    )


def _move_money(call, charge, dispute, amount, kind, fees):
    transaction = enter(call, "adjustment", amount, dispute, fees)
    dispute["balance_transactions"] = [*dispute["balance_transactions"], call.get("balance_transaction", transaction)]
    call.world.ledger.write(
        at=call.now,
        kind=kind,
        account=call.account,
        charge=charge,
        amount=abs(amount),
        metadata=charge["metadata"],
        source=dispute["id"],
    )
