from ..errors import invalid
from ..fields import merged_metadata
from ..lists import page
from ..routing import route
from .balance import enter

DISPUTE_FEE = 1500
_ANSWER_WITHIN = 7 * 24 * 3600
_OPEN = ("needs_response", "under_review", "warning_needs_response")


def open_dispute(call, charge, reason="fraudulent"):
    """A cardholder's bank takes a charge back until the dispute is decided."""
    if charge["disputed"] or not charge["captured"]:
        raise invalid(f"Charge {charge['id']} cannot be disputed: it is uncaptured or disputed already.")
    amount = charge["amount_captured"]
    dispute = call.add(
        "dispute",
        "du",
        {
            "amount": amount,
            "charge": charge["id"],
            "currency": charge["currency"],
            "enhanced_eligibility_types": [],
            "evidence": {},
            "evidence_details": {
                "due_by": call.now + _ANSWER_WITHIN,
                "has_evidence": False,
                "past_due": False,
                "submission_count": 0,
            },
            "is_charge_refundable": False,
            "metadata": {},
            "payment_intent": charge["payment_intent"],
            "payment_method_details": {
                "card": {
                    "brand": charge["payment_method_details"]["card"]["brand"],
                    "case_type": "chargeback",
                    "network_reason_code": "10.4",
                },
                "type": "card",
            },
            "reason": reason,
            "status": "needs_response",
        },
    )
    charge["disputed"] = True
    call.emit("charge.dispute.created", dispute)
    _move_money(call, charge, dispute, -amount, "dispute", [("stripe_fee", "Dispute fee", DISPUTE_FEE)])
    call.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(call, dispute, status):
    """Decide a dispute, `won` or `lost`; money comes back when it is won."""
    if dispute["status"] not in _OPEN:
        raise invalid(f"Dispute {dispute['id']} is closed already ({dispute['status']}).")
    dispute["status"] = status
    call.emit("charge.dispute.closed", dispute)
    if status == "won":
        charge = call.get("charge", dispute["charge"])
        _move_money(call, charge, dispute, dispute["amount"], "dispute_won", [])
        call.emit("charge.dispute.funds_reinstated", dispute)


@route("GET", "/v1/disputes/{dispute}", "DisputeRetrieveParams")
def retrieve(call, dispute):
    return call.get("dispute", dispute)


@route("GET", "/v1/disputes", "DisputeListParams", "charge created ending_before limit payment_intent starting_after")
def index(call):
    return page(call, "/v1/disputes", call.every("dispute"), equal=("charge", "payment_intent"))


@route("POST", "/v1/disputes/{dispute}", "DisputeUpdateParams", "evidence metadata submit")
def update(call, dispute):
    found = call.get("dispute", dispute)
    if found["status"] not in _OPEN:
        raise invalid("This dispute is already closed.", code="dispute_closed")
    fields = {"metadata": merged_metadata(found["metadata"], call.params)}
    if call.params.get("evidence"):
        details = found["evidence_details"]
        submitted = call.params.get("submit", True)
        fields["evidence"] = found["evidence"] | call.params["evidence"]
        fields["evidence_details"] = details | {
            "has_evidence": True,
            "submission_count": details["submission_count"] + int(submitted),
        }
        fields["status"] = "under_review" if submitted else found["status"]
    call.change(found, fields, "charge.dispute.updated")
    return found


@route("POST", "/v1/disputes/{dispute}/close", "DisputeCloseParams")
def close(call, dispute):
    found = call.get("dispute", dispute)
    close_dispute(call, found, "lost")
    return found


def _move_money(call, charge, dispute, amount, kind, fees):
    transaction = enter(call, "adjustment", amount, dispute, fees)
    shown = call.get("balance_transaction", transaction)
    dispute["balance_transactions"] = [*dispute.get("balance_transactions", []), shown]
    call.world.ledger.write(
        at=call.now, kind=kind, account=call.account, charge=charge, amount=abs(amount), metadata=charge["metadata"]
    )
