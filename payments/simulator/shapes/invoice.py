def invoice_fields(call, customer, subscription, reason, lines):
    """A draft invoice of a subscription."""
    parent = {
        "quote_details": None,
        "subscription_details": {
            "metadata": dict(subscription["metadata"]),
            "subscription": subscription["id"],
            "subscription_proration_date": None,
        },
        "type": "subscription_details",
    }
    own = {"description": subscription["description"], "parent": parent}
    return bare_invoice(call, customer, subscription["currency"], reason, lines) | own


def bare_invoice(call, customer, currency, reason, lines):
    """A draft invoice that belongs to nothing but its customer."""
    total = sum(line["amount"] for line in lines)
    return _quiet() | {
        "account_name": "Local Stripe",
        "amount_due": max(total, 0),
        "amount_paid": 0,
        "amount_remaining": max(total, 0),
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatically_finalizes_at": None,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "currency": currency,
        "customer": customer["id"],
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_tax_exempt": customer["tax_exempt"],
        "description": None,
        "metadata": {},
        "next_payment_attempt": None,
        "number": None,
        "parent": None,
        "period_end": call.now,
        "period_start": call.now,
        "starting_balance": customer["balance"],
        "status": "draft",
        "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "total": total,
        "total_excluding_tax": total,
    }


def _quiet():
    """The fields whose features nobody asked for here."""
    nothing = [
        "account_tax_ids", "amount_paid_off_stripe", "application", "custom_fields", "customer_account",
        "customer_shipping", "default_payment_method", "default_source", "due_date", "effective_at", "ending_balance",
        "footer", "from_invoice", "hosted_invoice_url", "invoice_pdf", "last_finalization_error", "latest_revision",
        "on_behalf_of", "receipt_number", "rendering", "shipping_cost", "shipping_details", "statement_descriptor",
        "test_clock", "threshold_reason", "webhooks_delivered_at",
    ]  # fmt: skip
    none = ["customer_tax_ids", "default_tax_rates", "discounts", "total_discount_amounts", "total_taxes"]
    zero = [
        "amount_overpaid", "amount_shipping", "post_payment_credit_notes_amount", "pre_payment_credit_notes_amount",
    ]  # fmt: skip
    return (
        dict.fromkeys(nothing)
        | {name: [] for name in [*none, "total_pretax_credit_amounts"]}
        | dict.fromkeys(zero, 0)
        | {
            "account_country": "US",
            "automatic_tax": {
                "disabled_reason": None,
                "enabled": False,
                "liability": None,
                "provider": None,
                "status": None,
            },
            "issuer": {"type": "self"},
            "payment_settings": {
                "default_mandate": None,
                "payment_method_options": None,
                "payment_method_types": None,
            },
        }
    )
