"""Where a plan stands and what that allows, case by case."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from payments.gateway import Subscription
from payments.subscriptions import rules
from payments.subscriptions.rules import ACTIVE, ALLOWED, CANCELED, PAST_DUE, PAUSED, TRIAL, Standing
from tenants.models import PauseReason, SubscriptionStatus

NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)
GRACE = timedelta(days=14)
OWNER, UNPAID = PauseReason.OWNER, PauseReason.UNPAID


def found(status, *, paused=False, pause_reason=""):
    nothing = dict.fromkeys(("trial_ends_at", "cancel_at", "canceled_at", "resumes_at"))
    text = dict.fromkeys(("id", "customer_id", "invoice_id", "invoice_url", "card_brand", "card_last4"), "")
    return Subscription(
        **nothing,
        **text,
        status=status,
        paused=paused,
        pause_reason=pause_reason,
        price_cents=1199,
        period_ends_at=NOW,
        metadata={},
    )


@pytest.mark.parametrize(
    ("status", "pause", "grace_ends_at", "expected"),
    [
        ("trialing", None, None, Standing(TRIAL)),
        ("active", None, None, Standing(ACTIVE)),
        ("active", None, NOW, Standing(ACTIVE)),
        ("past_due", None, None, Standing(PAST_DUE, "", NOW + GRACE)),
        ("past_due", None, NOW + timedelta(seconds=1), Standing(PAST_DUE, "", NOW + timedelta(seconds=1))),
        ("past_due", None, NOW, Standing(PAUSED, UNPAID, NOW)),
        ("unpaid", None, NOW - GRACE, Standing(PAUSED, UNPAID, NOW - GRACE)),
        ("past_due", UNPAID, NOW, Standing(PAUSED, UNPAID, NOW)),
        ("past_due", OWNER, NOW + GRACE, Standing(PAST_DUE, "", NOW + GRACE)),
        ("active", OWNER, None, Standing(PAUSED, OWNER)),
        ("trialing", OWNER, None, Standing(PAUSED, OWNER)),
        ("active", "", None, Standing(PAUSED, OWNER)),
        ("active", UNPAID, NOW, Standing(ACTIVE)),
        ("canceled", None, None, Standing(CANCELED)),
        ("canceled", OWNER, NOW, Standing(CANCELED)),
        ("incomplete_expired", None, None, Standing(CANCELED)),
        ("incomplete", None, None, None),
    ],
)
def test_where_a_plan_stands(status, pause, grace_ends_at, expected):
    said = found(status, paused=pause is not None, pause_reason=pause or "")

    assert rules.standing(said, grace_ends_at=grace_ends_at, grace=GRACE, now=NOW) == expected


@pytest.mark.parametrize(
    ("status", "reason", "site", "bookings", "links", "writes", "money", "export"),
    [
        (TRIAL, "", "active", True, True, True, True, True),
        (ACTIVE, "", "active", True, True, True, True, True),
        (PAST_DUE, "", "active", True, True, True, True, True),
        (PAUSED, OWNER, "active", True, True, True, True, True),
        (PAUSED, UNPAID, "paused", False, True, True, True, True),
        (CANCELED, "", "canceled", False, False, False, False, True),
    ],
)
def test_what_a_plan_allows(status, reason, site, bookings, links, writes, money, export):
    allowed = rules.allowed(status, reason)

    assert (rules.site_status(status, reason), allowed) == (
        site,
        rules.Allowed(bookings, links, writes, money, export),
    )


def test_every_state_has_its_row():
    assert {status for status, _ in rules.TABLE} == set(SubscriptionStatus) == set(ALLOWED)


def test_there_is_no_second_trial():
    closed = {(a, b) for a, b in product(SubscriptionStatus, repeat=2) if a != b and b not in ALLOWED[a]}

    assert closed == {(CANCELED, TRIAL)}
