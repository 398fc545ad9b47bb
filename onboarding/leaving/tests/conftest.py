from payments.subscriptions.tests.conftest import clock_of, no_answer, other_plan, paying, plan
from payments.tests.conftest import account, ann, cheap_passwords, cut, local_stripe, stripe_server, works_here

__all__ = [
    "account",
    "ann",
    "cheap_passwords",
    "clock_of",
    "cut",
    "local_stripe",
    "no_answer",
    "other_plan",
    "paying",
    "plan",
    "stripe_server",
    "works_here",
]
