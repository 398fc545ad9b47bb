from ..fields import merged_metadata, taken


def subscription_fields(call, customer_id, currency):
    """A new subscription without its items, trial and status."""
    params = call.params
    nothing = [
        "application", "application_fee_percent", "billing_cycle_anchor_config", "billing_thresholds", "cancel_at",
        "canceled_at", "customer_account", "days_until_due", "default_payment_method", "default_source", "description",
        "ended_at", "latest_invoice", "next_pending_invoice_item_invoice", "on_behalf_of", "pause_collection",
        "pending_invoice_item_interval", "pending_setup_intent", "pending_update", "schedule", "test_clock",
        "transfer_data",
    ]  # fmt: skip
    return (
        dict.fromkeys(nothing)
        | taken(params, "application_fee_percent", "description")
        | {
            "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
            "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible", "updated_at": None},
            "billing_schedules": [],
            "cancel_at_period_end": False,
            "cancellation_details": {"comment": None, "feedback": None, "reason": None},
            "collection_method": "charge_automatically",
            "currency": currency,
            "customer": customer_id,
            "default_tax_rates": [],
            "discounts": [],
            "invoice_settings": {
                "account_tax_ids": None,
                "custom_fields": None,
                "description": None,
                "footer": None,
                "issuer": {"type": "self"},
            },
            "metadata": merged_metadata({}, params),
            "payment_settings": payment_settings(params, {}),
            "start_date": call.now,
            "trial_settings": trial_settings(params),
        }
    )


def payment_settings(params, current):
    """The payment settings after a request: where a first card is kept, and nothing else that we act on."""
    default = {"payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off"}
    return default | current | taken(params.get("payment_settings") or {}, "save_default_payment_method")


def trial_settings(params):
    """What becomes of a subscription whose trial ends without a card."""
    given = params.get("trial_settings")
    return given or {"end_behavior": {"missing_payment_method": "create_invoice"}}
