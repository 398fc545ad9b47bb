"""What the owner sees first."""

from datetime import UTC, datetime, timedelta

import pytest

from payments.subscriptions.notices import notices
from tenants.models import Business, ConnectStatus, TenantBilling
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)


def titles(business):
    found = Business.objects.select_related("billing").get(pk=business.pk)
    return [notice.title for notice in notices(found, NOW)]


@pytest.mark.parametrize(
    ("status", "wanted", "expected"),
    [
        (ConnectStatus.NONE, True, []),
        (ConnectStatus.PENDING, True, []),
        (ConnectStatus.ACTIVE, True, []),
        (ConnectStatus.RESTRICTED, True, ["No cards are taken at the moment"]),
        (ConnectStatus.RESTRICTED, False, []),
    ],
)
def test_stopped_cards_are_noticed_where_cards_are_wanted(rosa, status, wanted, expected):
    TenantBilling.objects.filter(business=rosa).update(connect_status=status)
    Business.objects.filter(pk=rosa.pk).update(require_card=wanted)

    assert titles(rosa) == expected


@pytest.mark.parametrize(
    ("billing", "expected"),
    [
        ({}, []),
        ({"trial_ends_at": NOW + timedelta(days=8)}, []),
        ({"trial_ends_at": NOW + timedelta(days=6)}, ["Your plan: Free trial"]),
        ({"trial_ends_at": NOW + timedelta(days=6), "card_label": "Visa •••• 4242"}, []),
        ({"subscription_status": "active"}, []),
        ({"subscription_status": "active", "cancel_at": NOW + timedelta(days=20)}, ["Your plan: Ending"]),
        ({"subscription_status": "past_due", "grace_ends_at": NOW}, ["Your plan: Payment overdue"]),
        ({"subscription_status": "paused", "pause_reason": "owner"}, []),
        ({"subscription_status": "paused", "pause_reason": "unpaid"}, ["Your plan: Closed until paid"]),
        ({"subscription_status": "canceled"}, ["Your plan: Ended"]),
    ],
)
def test_a_plan_is_noticed_when_it_stops_something(rosa, billing, expected):
    TenantBilling.objects.filter(business=rosa).update(**billing)

    assert titles(rosa) == expected


@pytest.mark.parametrize(
    ("role", "seen"), [("viewer", False), ("staff", False), ("admin", False), ("owner", True)], ids=str
)
def test_the_admin_shows_it_to_the_owner(rosa, member, client_for, role, seen):
    TenantBilling.objects.filter(business=rosa).update(connect_status=ConnectStatus.RESTRICTED)

    page = client_for(rosa, member(role)).get("/admin/").content.decode()

    assert ("No cards are taken at the moment" in page, f"/billing/{rosa.pk}/" in page) == (seen, seen)
