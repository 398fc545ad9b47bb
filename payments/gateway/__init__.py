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
    PaymentMethod,
    SetupIntent,
    create_customer,
    create_setup_intent,
    create_setup_page,
    detach_payment_method,
    retrieve_payment_method,
    retrieve_setup_intent,
    setup_intent_of_page,
    update_customer,
)
from payments.gateway.checkout import PaymentPage, create_payment_page, retrieve_payment_page
from payments.gateway.disputes import DisputeFound, answer_dispute, list_disputes, retrieve_dispute
from payments.gateway.errors import (
    AuthenticationNeeded,
    CallInsideTransaction,
    CardDeclined,
    GatewayError,
    GatewayUnavailable,
    UnexpectedState,
)
from payments.gateway.events import BadSignature, read_event
from payments.gateway.invoices import Invoice, retrieve_invoice
from payments.gateway.pages import HostedPage
from payments.gateway.payers import (
    CardPage,
    create_card_page,
    has_card,
    mark_card_page,
    retrieve_card_page,
    set_card,
)
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
from payments.gateway.portal import create_portal_link
from payments.gateway.refunds import RefundResult, create_refund, find_refund, list_refunds
from payments.gateway.subscriptions import (
    Subscription,
    cancel_at_period_end,
    cancel_now,
    create_subscription,
    end_trial,
    ensure_price,
    find_subscription,
    pause_collection,
    pay_invoice,
    resume_collection,
    retrieve_subscription,
)

__all__ = [
    "Account",
    "AuthenticationNeeded",
    "BadSignature",
    "CallInsideTransaction",
    "CardDeclined",
    "CardPage",
    "DisputeFound",
    "GatewayError",
    "GatewayUnavailable",
    "HostedPage",
    "Invoice",
    "PaymentIntent",
    "PaymentMethod",
    "PaymentPage",
    "RefundResult",
    "SetupIntent",
    "Subscription",
    "UnexpectedState",
    "answer_dispute",
    "cancel_at_period_end",
    "cancel_now",
    "cancel_payment",
    "capture_payment",
    "client",
    "configure",
    "confirm_payment",
    "create_account",
    "create_account_link",
    "create_card_page",
    "create_customer",
    "create_payment",
    "create_payment_page",
    "create_portal_link",
    "create_refund",
    "create_setup_intent",
    "create_setup_page",
    "create_subscription",
    "detach_payment_method",
    "end_trial",
    "ensure_price",
    "find_account",
    "find_payment",
    "find_refund",
    "find_subscription",
    "has_card",
    "list_disputes",
    "list_payments",
    "list_refunds",
    "mark_card_page",
    "pause_collection",
    "pay_invoice",
    "read_event",
    "resume_collection",
    "retrieve_account",
    "retrieve_card_page",
    "retrieve_dispute",
    "retrieve_invoice",
    "retrieve_payment",
    "retrieve_payment_method",
    "retrieve_payment_page",
    "retrieve_setup_intent",
    "retrieve_subscription",
    "set_card",
    "setup_intent_of_page",
    "update_customer",
]
