from ..fields import merged_metadata, with_defaults
from ..ids import random_text


def add_customer(call):
    """A customer of the call's parameters."""
    settings = {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None}
    customer = call.add(
        "customer",
        "cus",
        with_defaults(
            call.params,
            address=None,
            description=None,
            email=None,
            name=None,
            phone=None,
            preferred_locales=[],
            shipping=None,
            tax_exempt="none",
        )
        | {
            "balance": 0,
            "currency": None,
            "customer_account": None,
            "default_source": None,
            "delinquent": False,
            "discount": None,
            "invoice_prefix": random_text(8).upper(),
            "invoice_settings": settings,
            "metadata": merged_metadata({}, call.params),
            "next_invoice_sequence": 1,
            "test_clock": None,
        },
    )
    call.emit("customer.created", customer)
    return customer
