from ..disputing import OPEN, close_dispute, submit
from ..errors import invalid
from ..fields import merged_metadata
from ..lists import page
from ..routing import route

_LONGEST_EVIDENCE = 150_000


@route("GET", "/v1/disputes/{dispute}", "DisputeRetrieveParams")
def retrieve(call, dispute):
    return call.get("dispute", dispute)


@route("GET", "/v1/disputes", "DisputeListParams", "charge created ending_before limit payment_intent starting_after")
def index(call):
    return page(call, "/v1/disputes", call.candidates("dispute"), equal=("charge", "payment_intent"))


@route("POST", "/v1/disputes/{dispute}", "DisputeUpdateParams", "evidence metadata submit")
def update(call, dispute):
    found = call.get("dispute", dispute)
    if found["status"] not in OPEN:
        raise invalid("This dispute is already closed.", code="dispute_closed")
    given = {name: value for name, value in call.params.get("evidence", {}).items() if value != found["evidence"][name]}
    evidence = found["evidence"] | given
    if sum(len(value) for value in evidence.values() if value) > _LONGEST_EVIDENCE:
        raise invalid(f"The combined character count of evidence may be at most {_LONGEST_EVIDENCE}.", param="evidence")
    details = found["evidence_details"] | {"has_evidence": any(evidence.values())}
    fields = {"evidence": evidence, "evidence_details": details}
    fields["metadata"] = merged_metadata(found["metadata"], call.params)
    if call.params.get("submit", bool(given)):
        fields |= submit(found, details)
    call.change(found, fields, "charge.dispute.updated")
    _decide(call, found)
    return found


@route("POST", "/v1/disputes/{dispute}/close", "DisputeCloseParams")
def close(call, dispute):
    found = call.get("dispute", dispute)
    close_dispute(call, found, "warning_closed" if found["status"].startswith("warning") else "lost")
    return found


def _decide(call, dispute):
    """Stripe's magic words of test mode decide a dispute as soon as they are submitted."""
    words = dispute["evidence"]["uncategorized_text"]
    outcome = {"winning_evidence": "won", "losing_evidence": "lost"}.get(words)
    if outcome and dispute["status"] == "under_review":
        close_dispute(call, dispute, outcome)
