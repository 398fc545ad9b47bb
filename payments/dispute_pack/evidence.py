"""The pack as the text fields Stripe takes for a dispute."""

from payments.dispute_pack.told import sections

#: Stripe takes no more in one field.
MOST = 20_000
CANCELLATION = "What the customer agreed to"


def texts_for_stripe(*, pack):
    """Field of Stripe's → text; fields with nothing to say are left out."""
    told = dict(sections(pack))
    diary = pack.diary
    texts = {
        "customer_name": diary.customer_name,
        "customer_email_address": diary.customer_email,
        "customer_purchase_ip": diary.booked_from,
        "product_description": "\n".join([diary.service, *diary.parts]),
        "service_date": diary.start_at.date().isoformat(),
        "cancellation_policy_disclosure": _text(told.get(CANCELLATION, [])),
        "refund_policy_disclosure": _text(line for line in told.get(CANCELLATION, []) if line[0] == "Refunds"),
        "access_activity_log": _text(told.get("Check-in log", []) or told.get("History", [])),
        "uncategorized_text": "\n\n".join(
            f"{title}\n{_text(told[title])}"
            for title in ("The visit", "The card", "What was paid", "What moved", "History", "Messages sent")
            if title in told
        ),
    }
    return {field: text[:MOST] for field, text in texts.items() if text}


def _text(lines):
    return "\n".join(f"{label}: {text}" if label else text for label, text in lines)
