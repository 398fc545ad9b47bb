"""What the owner sees first."""

import pytest

from payments.subscriptions.notices import notices
from tenants.models import Business, ConnectStatus, TenantBilling
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


def titles(business):
    return [notice.title for notice in notices(Business.objects.select_related("billing").get(pk=business.pk))]


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
    ("role", "seen"), [("viewer", False), ("staff", False), ("admin", False), ("owner", True)], ids=str
)
def test_the_admin_shows_it_to_the_owner(rosa, member, client_for, role, seen):
    TenantBilling.objects.filter(business=rosa).update(connect_status=ConnectStatus.RESTRICTED)

    page = client_for(rosa, member(role)).get("/admin/").content.decode()

    assert ("No cards are taken at the moment" in page, f"/billing/{rosa.pk}/" in page) == (seen, seen)
