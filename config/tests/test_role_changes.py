"""What an owner changes opens and closes real doors: pages, the admin and the API, cell by cell."""

from uuid import UUID

import pytest
from django_tenants.utils import tenant_context

from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.models import Business
from tenants.permissions import EDITABLE, TABLE
from tenants.tests.api import NO_STATIC, cheap_passwords, signed_in

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
NOBODY = UUID(int=0)
KEY = {"idempotency_key": "a key of this test"}

#: permission → (page of the dashboard, door of the admin, endpoint), each (method, address, body); None where there is none
DOORS = {
    "close_visits": (
        ("POST", "/dashboard/visits/close/", {}),
        ("GET", f"/admin/bookings/booking/{NOBODY}/complete/", None),
        ("POST", f"/api/v1/admin/bookings/{NOBODY}/complete", {}),
    ),
    "refund": (
        None,
        ("GET", f"/admin/bookings/booking/{NOBODY}/refund/", None),
        ("POST", f"/api/v1/admin/bookings/{NOBODY}/refund", {}),
    ),
    "waive_fees": (
        None,
        ("GET", f"/admin/bookings/booking/{NOBODY}/let-go/", None),
        ("POST", "/api/v1/admin/bookings/<visit>/no-show", KEY | {"waive_fee": True}),
    ),
    "view_money": (
        None,
        ("GET", "/admin/payments/payment/", None),
        ("GET", "/api/payments/methods", None),
    ),
    "view_customers": (
        ("GET", "/dashboard/customers/", None),
        ("GET", "/admin/bookings/customer/", None),
        ("GET", "/api/v1/admin/customers", None),
    ),
    "edit_customers": (
        ("GET", "/dashboard/customers/add/", None),
        ("GET", "/admin/bookings/customer/add/", None),
        ("POST", "/api/v1/admin/customers", {}),
    ),
    "export_customers": (("GET", "/dashboard/customers/import/", None), None, None),
    "erase_customers": (
        ("GET", f"/dashboard/customers/{NOBODY}/erase/", None),
        ("GET", "/admin/bookings/customer/<guest>/delete/", None),
        ("POST", f"/api/v1/admin/customers/{NOBODY}/erase", {}),
    ),
    "view_analytics": (
        ("GET", "/dashboard/analytics/", None),
        None,
        ("GET", "/api/v1/admin/analytics/revenue", None),
    ),
    "arrange": (
        ("GET", "/dashboard/settings/", None),
        ("GET", "/admin/bookings/closure/add/", None),
        ("POST", "/api/v1/closures", {}),
    ),
    "manage_gift_cards": (
        None,
        ("GET", "/admin/giftcards/giftcard/add/", None),
        ("POST", "/api/v1/gift-cards", {}),
    ),
    "write_words": (
        None,
        ("POST", "/admin/words/booking_confirmed/email/", {}),
        ("POST", "/api/v1/notification-templates", {}),
    ),
    "manage_access": (("GET", "/dashboard/settings/roles/", None), ("GET", "/admin/team-access/", None), None),
    "manage_integrations": (None, ("GET", "/admin/api-access/", None), ("GET", "/api/v1/webhooks", None)),
}
CELLS = [(str(permission), str(role)) for permission, roles in EDITABLE.items() for role in roles]


def test_every_permission_that_can_be_changed_has_a_door():
    assert set(DOORS) == set(EDITABLE)
    assert all(any(doors) for doors in DOORS.values())


@pytest.mark.parametrize("kind", [0, 1, 2], ids=("page", "admin", "api"))
@pytest.mark.parametrize(("permission", "role"), CELLS)
def test_a_door_opens_and_closes_with_its_cell(permission, role, kind, rosa, member, client_for):
    door = DOORS[permission][kind]
    if door is None:
        assert any(DOORS[permission])
        return
    person = member(role)
    with tenant_context(rosa):
        service = make_service()
        make_member(performs=[service])
        visit = make_booking(rosa, service, at(rosa))
        browser, api = client_for(rosa, person), signed_in(rosa, person)

        found = {}
        for allowed in (True, False):
            Business.objects.filter(pk=rosa.pk).update(role_changes={permission: {role: allowed}})
            found[allowed] = knock(api if kind == 2 else browser, door, visit) != 403
        Business.objects.filter(pk=rosa.pk).update(role_changes={})
        suggested = knock(api if kind == 2 else browser, door, visit) != 403

    assert found == {True: True, False: False}
    assert suggested is TABLE[permission][role]


def knock(client, door, visit):
    method, path, body = door
    path = path.replace("<visit>", str(visit.pk)).replace("<guest>", str(visit.customer_id))
    answer = client.get(path) if method == "GET" else client.post(path, body)
    assert answer.status_code in (200, 201, 302, 400, 402, 403, 404, 409, 422)
    return answer.status_code


@pytest.mark.parametrize(("permission", "role"), [("view_money", "viewer"), ("view_money", "staff")])
def test_a_visit_says_nothing_of_money_to_whose_role_does_not_see_it(permission, role, rosa, member, client_for):
    person = member(role)
    with tenant_context(rosa):
        service = make_service()
        make_member(performs=[service])
        visit = make_booking(rosa, service, at(rosa))
        browser, api = client_for(rosa, person), signed_in(rosa, person)
        address = f"/admin/bookings/booking/{visit.pk}/change/"
        before = ">Money</h3>" in browser.get(address).text

        Business.objects.filter(pk=rosa.pk).update(role_changes={permission: {role: False}})
        text, shown = browser.get(address).text, api.get(f"/api/v1/admin/bookings/{visit.pk}").json()

    assert (before, ">Money</h3>" in text) == (True, False)
    assert ("No card on file" in text) == (role == "staff")  # who presses Completed reads what it takes
    assert (shown["payments"], shown["card"], shown["ledger"], shown["price_cents"]) == (None, None, None, 5000)


def test_menus_leave_out_what_was_closed(rosa, member, client_for):
    viewer = client_for(rosa, member("viewer"))
    before = {
        path: path in viewer.get("/dashboard/").text for path in ("/dashboard/customers/", "/dashboard/analytics/")
    }
    closed = {"view_customers": {"viewer": False}, "view_analytics": {"viewer": False}}
    Business.objects.filter(pk=rosa.pk).update(role_changes=closed)

    after = {path: path in viewer.get("/dashboard/").text for path in before}

    assert (set(before.values()), set(after.values())) == ({True}, {False})
