"""Steps 11 and 12."""


def payments(business):
    billing = business.billing
    return {
        "stripe_account_id": billing.stripe_account_id,
        "connect_status": billing.connect_status,
        "charges_enabled": billing.charges_enabled,
        "subscription_status": billing.subscription_status,
    }


def going_live(business):
    return {"booking_url": business.url, "status": business.status}
