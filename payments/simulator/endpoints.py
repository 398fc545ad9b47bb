"""Registers every resource's routes; a new resource is a module and a line here."""

from .resources import (  # noqa: F401 -- imported for their routes
    account_links,
    accounts,
    application_fees,
    balance,
    charges,
    checkout_sessions,
    customers,
    disputes,
    events,
    payment_intents,
    payment_methods,
    prices,
    products,
    refunds,
    setup_intents,
    webhook_endpoints,
)
