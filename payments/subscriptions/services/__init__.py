"""A salon's plan: every verb talks to Stripe first and then writes down what Stripe says.

Stripe is called between transactions; one verb at a time works on a salon's plan (`leases`). Whatever is pressed
twice, lost or told late ends the same: what counts is Stripe's subscription, read again.
"""

from payments.subscriptions.services.cards import accept_card, open_card_page, open_portal
from payments.subscriptions.services.errors import (
    CardNeeded,
    CardRefused,
    ConfirmationNeeded,
    NothingToManage,
    PageNotDone,
    PlanBusy,
    PlanUnavailable,
    WrongState,
)
from payments.subscriptions.services.reading import catch_up, refresh
from payments.subscriptions.services.site import PlanClosed, close_site, open_site
from payments.subscriptions.services.verbs import Outcome, activate, cancel, keep, pause, resume, start_trial

__all__ = [
    "CardNeeded",
    "CardRefused",
    "ConfirmationNeeded",
    "NothingToManage",
    "Outcome",
    "PageNotDone",
    "PlanBusy",
    "PlanClosed",
    "PlanUnavailable",
    "WrongState",
    "accept_card",
    "activate",
    "cancel",
    "catch_up",
    "close_site",
    "keep",
    "open_card_page",
    "open_portal",
    "open_site",
    "pause",
    "refresh",
    "resume",
    "start_trial",
]
