"""Whatever role support was given, no button that moves money, time or a customer is there for it."""

import pytest
from django.utils import timezone

from bookings.models import Booking
from bookings.tests.factories import at, make_past_visit
from giftcards.tests.making import make_card
from payments.models import MoneyAction
from payments.tests.conftest import account, ann, cut, local_stripe, stripe_server, works_here
from payments.tests.desk import page
from payments.tests.making import book, with_fees
from tenants.models import Role
from tenants.tests.api import NO_STATIC

__all__ = ["account", "ann", "cut", "local_stripe", "stripe_server", "works_here"]
pytestmark = NO_STATIC

#: every button of a visit
BUTTONS = (
    "check-in",
    "confirm",
    "reschedule",
    "undo-move",
    "complete",
    "no-show",
    "cancel",
    "retry",
    "send-link",
    "paid-in-cash",
    "refund",
    "correct",
    "let-go",
    "dispute-pack",
)
#: every button of a gift card
CARD_BUTTONS = ("page", "resend", "adjust", "prolong", "disable", "enable")


@pytest.fixture
def visit(salon, cut, ann, account):
    return make_past_visit(book(with_fees(salon), cut, at(salon), account))


@pytest.fixture
def support(salon, client_for, operator, let_in):
    def opened(role):
        let_in(role=role)
        return client_for(salon, operator)

    return opened


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_support_presses_nothing_on_a_visit(visit, account, support, role):
    client, before = support(role), Booking.objects.values().get(pk=visit.pk)

    shown = client.get(f"/admin/bookings/booking/{visit.pk}/change/")
    codes = {
        name: {client.get(page(visit, name)).status_code, client.post(page(visit, name), {}).status_code}
        for name in BUTTONS
    }

    assert shown.status_code == 200
    assert codes == {name: {403} for name in BUTTONS}
    assert Booking.objects.values().get(pk=visit.pk) == before
    assert (MoneyAction.objects.count(), account.ledger()) == (0, [])


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_support_presses_nothing_on_a_gift_card(salon, support, role):
    card = make_card()
    client = support(role)
    base = f"/admin/giftcards/giftcard/{card.pk}"

    codes = {
        name: {client.get(f"{base}/{name}/").status_code, client.post(f"{base}/{name}/", {}).status_code}
        for name in CARD_BUTTONS
    }

    assert codes == {name: {403} for name in CARD_BUTTONS}
    assert client.get("/admin/giftcards/giftcard/add/").status_code == 403


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_support_changes_no_customer(visit, support, role):
    client, customer = support(role), visit.customer
    path, before = f"/admin/bookings/customer/{customer.pk}", type(customer).objects.values().get(pk=customer.pk)

    assert client.get(f"{path}/change/").status_code == 200
    assert client.post(f"{path}/change/", {"first_name": "Somebody else"}).status_code == 403
    assert client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert type(customer).objects.values().get(pk=customer.pk) == before


def test_many_visits_are_not_closed_at_once_either(visit, account, support):
    client = support(Role.ADMIN)

    answer = client.post(
        "/admin/bookings/booking/", {"action": "complete_many", "_selected_action": [str(visit.pk)], "index": "0"}
    )

    visit.refresh_from_db()
    assert answer.status_code in (200, 302, 403)
    assert visit.status == "confirmed"
    assert visit.end_at < timezone.now()
    assert MoneyAction.objects.count() == 0
