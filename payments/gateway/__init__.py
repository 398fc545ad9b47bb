"""Stripe: the only package that speaks to it. Returns our values, raises our errors, changes none of our rows.

Charges are direct charges on the salon's connected account. Never call this inside a database transaction.
"""

from payments.gateway.accounts import (
    Account,
    create_account,
    create_account_link,
    find_account,
    retrieve_account,
)
from payments.gateway.calling import client, configure
from payments.gateway.cards import (
    SetupIntent,
    create_customer,
    create_setup_intent,
    create_setup_page,
    retrieve_setup_intent,
    setup_intent_of_page,
    update_customer,
)
from payments.gateway.checkout import PaymentPage, create_payment_page, retrieve_payment_page
from payments.gateway.disputes import DisputeFound, list_disputes, retrieve_dispute
from payments.gateway.errors import (
    AuthenticationNeeded,
    CallInsideTransaction,
    CardDeclined,
    GatewayError,
    GatewayUnavailable,
    UnexpectedState,
)
from payments.gateway.events import BadSignature, read_event
from payments.gateway.pages import HostedPage
from payments.gateway.payments import (
    PaymentIntent,
    cancel_payment,
    capture_payment,
    confirm_payment,
    create_payment,
    find_payment,
    list_payments,
    retrieve_payment,
)
from payments.gateway.refunds import RefundResult, create_refund, find_refund, list_refunds

__all__ = [
    "Account",
    "AuthenticationNeeded",
    "BadSignature",
    "CallInsideTransaction",
    "CardDeclined",
    "DisputeFound",
    "GatewayError",
    "GatewayUnavailable",
    "HostedPage",
    "PaymentIntent",
    "PaymentPage",
    "RefundResult",
    "SetupIntent",
    "UnexpectedState",
    "cancel_payment",
    "capture_payment",
    "client",
    "configure",
    "confirm_payment",
    "create_account",
    "create_account_link",
    "create_customer",
    "create_payment",
    "create_payment_page",
    "create_refund",
    "create_setup_intent",
    "create_setup_page",
    "find_account",
    "find_payment",
    "find_refund",
    "list_disputes",
    "list_payments",
    "list_refunds",
    "read_event",
    "retrieve_account",
    "retrieve_dispute",
    "retrieve_payment",
    "retrieve_payment_page",
    "retrieve_setup_intent",
    "setup_intent_of_page",
    "update_customer",
]
