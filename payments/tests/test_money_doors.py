"""I12: who may not press a money button can press it by no door: no page, no list, no program, no record's form.

Every door is tried by everybody who may not, with exactly what it asks for; then by the least of those who may, so that
the door is known to be one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django.utils import timezone

from audit import actors
from bookings.models import Booking
from bookings.tests.factories import at
from giftcards.models import GiftCardEntry
from messaging.models import Message
from payments import services
from payments.api import urls as program_urls
from payments.api.views import presses
from payments.models import GiftCardOrder, LedgerEntry, MoneyAction, Payment
from payments.services import orders
from payments.tests.desk import BOOKINGS, sent_by
from payments.tests.local_stripe import pay_on_stripes_page
from payments.tests.making import book, with_fees
from tenants.admin import site
from tenants.models import Role
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
ADMIN_API = "/api/v1/admin/bookings"


# What there is to press about -----------------------------------------------------------------------


def a_visit(world):
    return book(with_fees(world.salon), world.cut, at(world.salon), world.account)


def a_refused_payment(world):
    booking = book(world.salon, world.cut, at(world.salon), world.account, "pm_card_chargeCustomerFail")
    world.press(services.complete, booking)
    return booking


def a_paid_visit(world):
    booking = a_visit(world)
    world.press(services.complete, booking)
    return booking


def a_visit_given_back(world):
    booking = a_paid_visit(world)
    world.press(services.refund, booking)
    return booking


def a_sale(world):
    world.salon.sell_gift_cards = True
    wish = orders.Wish(amount_cents=5000, buyer_name="Ben", buyer_email="ben@example.com")
    sale = orders.place(business=world.salon, wish=wish, form_key="form")
    pay_on_stripes_page(
        orders.payment_page(order=sale, success_url="https://a.example", cancel_url="https://a.example")
    )
    sale.refresh_from_db()
    return orders.fulfil(order=sale, business=world.salon, now=timezone.now())


# Doors ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """A button's page in the admin; `typed` is what is pressed on it beside what it shows."""

    name: str
    before: Callable
    least: Role = Role.STAFF
    typed: dict = field(default_factory=dict)
    query: str = ""
    model: str = "bookings_booking"

    def open(self, world, subject):
        path = reverse(f"admin:{self.model}_{self.name}", args=[subject.pk], urlconf="config.urls_salon") + self.query
        form = sent_by(world.browser("owner").get(path), **self.typed)
        return lambda who: world.browser(who).post(path, form)


@dataclass(frozen=True)
class ForMany:
    """The same button for ticked visits of the list. Who has no such button gets the list again."""

    name: str
    before: Callable
    least: Role = Role.STAFF
    typed: dict = field(default_factory=dict)

    def open(self, world, subject):
        ticked = {"action": self.name, ACTION_CHECKBOX_NAME: str(subject.pk)}
        form = ticked | sent_by(world.browser("owner").post(BOOKINGS, ticked), **self.typed)
        return lambda who: world.browser(who).post(BOOKINGS, form)


@dataclass(frozen=True)
class Program:
    """An address of the API."""

    name: str
    before: Callable
    least: Role = Role.STAFF
    body: dict = field(default_factory=dict)

    def open(self, world, subject):
        about_one = self.name not in ("capture", "refund-of")
        path = reverse(f"payments-api:{self.name}", args=[subject.pk] if about_one else [], urlconf="config.urls_salon")
        body = {"idempotency_key": "press"} | self.body | ({} if about_one else {"booking_id": str(subject.pk)})
        return lambda who: world.program(who).post(path, body)


CORRECTION = {"correction": True, "reason": "The wrong button"}
DOORS = {
    "Completed": Page("complete", a_visit),
    "No-show": Page("no_show", a_visit),
    "No-show, fee let go": Page("no_show", a_visit, Role.ADMIN, {"waive": "1"}),
    "Cancelled": Page("cancel", a_visit),
    "Cancelled, fee let go": Page("cancel", a_visit, Role.ADMIN, {"waive": "1"}),
    "Correct": Page("correct", a_visit_given_back, Role.ADMIN, {"reason": "The wrong button"}, "?to=no_show"),
    "Try again": Page("retry", a_refused_payment),
    "Send a link": Page("send_link", a_refused_payment),
    "Paid in cash": Page("paid_in_cash", a_refused_payment),
    "Let it go": Page("let_go", a_refused_payment, Role.ADMIN),
    "Refund": Page("refund", a_paid_visit, Role.ADMIN),
    "Refund the sale": Page("refund_sale", a_sale, Role.ADMIN, model="payments_giftcardorder"),
    "Completed, many": ForMany("complete_selected", a_visit),
    "No-show, many": ForMany("no_show_selected", a_visit),
    "No-show, many, fees let go": ForMany("no_show_selected", a_visit, Role.ADMIN, {"waive": "1"}),
    "Cancelled, many": ForMany("cancel_selected", a_visit),
    "API complete": Program("complete", a_visit),
    "API complete, correcting": Program("complete", a_visit_given_back, Role.ADMIN, CORRECTION),
    "API capture": Program("capture", a_visit),
    "API no-show": Program("no-show", a_visit),
    "API no-show, fee let go": Program("no-show", a_visit, Role.ADMIN, {"waive_fee": True}),
    "API no-show, correcting": Program("no-show", a_visit_given_back, Role.ADMIN, CORRECTION),
    "API cancel": Program("cancel", a_visit),
    "API cancel, fee let go": Program("cancel", a_visit, Role.ADMIN, {"waive_fee": True}),
    "API refund": Program("refund", a_paid_visit, Role.ADMIN),
    "API refund of": Program("refund-of", a_paid_visit, Role.ADMIN),
    "API retry": Program("retry", a_refused_payment),
    "API send link": Program("send-link", a_refused_payment),
    "API paid in cash": Program("paid-in-cash", a_refused_payment),
    "API let go": Program("paid-in-cash", a_refused_payment, Role.ADMIN, {"waive": True}),
}


class World:
    def __init__(self, salon, cut, account, member, client_for, owner, other_salon):
        self.salon, self.cut, self.account, self.client_for = salon, cut, account, client_for
        self.people = {
            "owner": owner,
            "admin": member("admin"),
            "staff": member("staff"),
            "viewer": member("viewer"),
            "somebody else's owner": member("owner", other_salon),
            "nobody": None,
        }

    def browser(self, who):
        return self.client_for(self.salon, self.people[who])

    def program(self, who):
        return signed_in(self.salon, self.people[who]) if self.people[who] else Api(self.salon)

    def press(self, verb, booking):
        by, key = actors.user(self.people["owner"]), f"before-{MoneyAction.objects.count()}"
        verb(business=self.salon, booking=booking, key=key, by=by, now=timezone.now())

    def state(self):
        """Everything a press could change, at Stripe too."""
        return (
            sorted(MoneyAction.objects.values_list("pk", "state", "attempts")),
            sorted(Payment.objects.values_list("pk", "status", "refunded_cents", "cash_cents", "waived_cents")),
            sorted(Booking.objects.values_list("pk", "status")),
            sorted(GiftCardOrder.objects.values_list("pk", "status")),
            (LedgerEntry.objects.count(), GiftCardEntry.objects.count(), Message.objects.count()),
            [row["path"] for row in self.account.local.look("/requests") if row["method"] == "POST"],
        )


@pytest.fixture
def world(salon, cut, ann, account, member, client_for, owner, other_salon):
    return World(salon, cut, account, member, client_for, owner, other_salon)


@pytest.mark.parametrize("name", DOORS)
def test_a_door_opens_for_those_who_may_and_for_nobody_else(world, name):
    door = DOORS[name]
    press = door.open(world, door.before(world))
    before = world.state()
    again = {200} if isinstance(door, ForMany) else set()
    outside = {"viewer": {403} | again, "somebody else's owner": {404}, "nobody": {302, 401}}
    outside |= {"staff": {403}} if door.least == Role.ADMIN else {}

    for who, refusals in outside.items():
        assert press(who).status_code in refusals, who
        assert world.state() == before, who

    assert press(door.least).status_code in (200, 202, 302, 402)
    assert world.state() != before


# Whether these are all doors ------------------------------------------------------------------------

#: Buttons of a booking's page that move no money.
NO_MONEY = {"dispute_pack", "confirm", "check_in", "reschedule", "undo_move", "why_not"}


def buttons_of(model_admin):
    names = set()
    for entry in (*(model_admin.actions or ()), *(model_admin.actions_detail or ()), *(model_admin.actions_row or ())):
        names |= set(entry["items"]) if isinstance(entry, dict) else {entry}
    return names


def test_every_money_button_of_the_admin_is_a_door():
    pages = {door.name for door in DOORS.values() if isinstance(door, (Page, ForMany))}
    buttons = buttons_of(site._registry[Booking]) | buttons_of(site._registry[GiftCardOrder])

    assert buttons == pages | NO_MONEY


def test_every_money_button_of_the_api_is_a_door():
    names = {route.name for route in program_urls.urlpatterns if route.callback.__module__ == presses.__name__}

    assert names == {door.name for door in DOORS.values() if isinstance(door, Program)} | {"charge-preview"}


def test_no_record_of_money_is_written_by_hand(world):
    """Not even by the owner: not added, not changed, not deleted. A press is the only way."""
    a_visit_given_back(world)
    before, browser = world.state(), world.browser("owner")
    records = [model for model in site._registry if model._meta.app_label == "payments"]

    for model in records:
        address, row = f"/admin/payments/{model._meta.model_name}/", model.objects.first()
        for page in ("add/", *([f"{row.pk}/change/", f"{row.pk}/delete/"] if row else [])):
            answer = browser.post(address + page, {"post": "yes", "state": "succeeded", "status": "captured"})
            assert answer.status_code == 403, address + page

    assert {MoneyAction, Payment, LedgerEntry} <= set(records)
    assert world.state() == before
