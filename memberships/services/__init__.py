"""Every write of memberships. No verb sets a state: each reads Stripe again and writes down what it says."""

from memberships.services.cards import accept_card, open_card_page
from memberships.services.ending import end_at_period_end, end_now, keep
from memberships.services.errors import (
    AlreadyMember,
    AlreadyRefunded,
    CardNotLeft,
    CardRefused,
    MembershipBusy,
    NotOffered,
    NotPossible,
    PaymentsAway,
    PlanRefused,
)
from memberships.services.forgetting import forget, join_customers
from memberships.services.grants import refresh_disputes, refresh_refunds, refund
from memberships.services.joining import join
from memberships.services.plans import add_plan, change_plan
from memberships.services.reading import catch_up, look_after, refresh, to_look_after

__all__ = [
    "AlreadyMember",
    "AlreadyRefunded",
    "CardNotLeft",
    "CardRefused",
    "MembershipBusy",
    "NotOffered",
    "NotPossible",
    "PaymentsAway",
    "PlanRefused",
    "accept_card",
    "add_plan",
    "catch_up",
    "change_plan",
    "end_at_period_end",
    "end_now",
    "forget",
    "join",
    "join_customers",
    "keep",
    "look_after",
    "open_card_page",
    "refresh",
    "refresh_disputes",
    "refresh_refunds",
    "refund",
    "to_look_after",
]
