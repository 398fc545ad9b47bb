"""Events of the platform's own account: what people and salons pay us."""

from payments.credits import events as credit_events
from payments.subscriptions import events as plan_events


def handle(*, kind, data):
    """Hand one event to everybody it may be about."""
    credit_events.handle(kind=kind, data=data)
    plan_events.handle(kind=kind, data=data)
