"""A visit's page and its buttons: who may open and press them, what they say, and that they take exactly that, once."""

import re
from dataclasses import replace

import pytest
from django.utils import timezone

from audit import actors
from audit.models import AuditEntry
from bookings import services as bookings
from bookings.models import Booking, Family, Status
from bookings.tests.factories import DETAILS, at, make_booking, make_past_visit
from dashboard.tests.pages import buttons, page, press, question, said, sent_by, url
from messaging.models import Message
from payments.desk.presses import PRESSES
from payments.models import MoneyAction, Payment
from payments.tests.making import book, with_fees
from tenants.models import Business, Role
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
VISA = "Visa •••• 4242"
ROLES = (Role.OWNER, Role.ADMIN, Role.STAFF, Role.VIEWER)
QUERIES = 18
MANAGED = ("refund", "correct", "let_go", "dispute_pack")


@pytest.fixture
def desk(salon, client_for, member):
    """`desk("staff")`: a browser signed in with that role at rosa."""
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def coming(salon, cut, ann, account):
    """50.00 by card in a week; not coming costs 30.00, calling it off now 20.00."""
    return book(with_fees(salon), cut, at(salon), account)


@pytest.fixture
def visit(coming):
    """The same, over since yesterday."""
    return make_past_visit(coming)


@pytest.fixture
def plain(salon, cut, ann):
    """A visit of next week, without a card."""
    return make_booking(salon, cut, at(salon))


def moved(account):
    return [(kind, amount, fee) for kind, amount, fee in account.ledger() if kind != "authorization"]


# Who may -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_a_visit(role, plain, desk):
    answer = desk(role).get(page(plain))

    assert answer.status_code == 200
    assert plain.ref in answer.text


@pytest.mark.parametrize("name", PRESSES)
def test_a_viewer_presses_nothing(name, plain, desk):
    client, before = desk("viewer"), Booking.objects.values().get()
    address = page(plain, name.replace("_", "-"))

    answers = [client.get(address), client.post(address, {"key": "00000000-0000-4000-8000-000000000001"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert Booking.objects.values().get() == before
    assert MoneyAction.objects.count() == 0


@pytest.mark.parametrize("name", MANAGED)
def test_staff_press_nothing_that_gives_money_away(name, plain, desk):
    assert desk("staff").post(page(plain, name.replace("_", "-")), {}).status_code == 403


@pytest.mark.parametrize("name", ["", *PRESSES])
def test_strangers_and_other_salons_members_find_nothing(name, salon, other_salon, plain, client_for, member):
    address = page(plain, name.replace("_", "-"))
    foreign = client_for(salon, member("owner", other_salon))

    assert client_for(salon).get(address)["Location"] == f"/accounts/login/?next={address}"
    assert foreign.get(address).status_code == 404
    assert foreign.post(address, {}).status_code == (404 if name else 405)


@pytest.mark.parametrize("name", ["", *PRESSES])
def test_another_salons_visit_is_not_here(name, plain, other_salon, client_for, member):
    owner = client_for(other_salon, member("owner", other_salon))

    assert owner.get(page(plain, name.replace("_", "-"))).status_code == 404


def test_a_visit_to_come_leads_to_the_pages_that_move_and_lengthen_it(plain, desk):
    texts = {role: desk(role).get(page(plain)).text for role in ("staff", "viewer")}

    ways = [f"/dashboard/calendar/{plain.pk}/move/", f"/dashboard/calendar/{plain.pk}/length/"]
    assert [[way in text for way in ways] for text in texts.values()] == [[True, True], [False, False]]


def test_a_visit_that_is_over_keeps_its_length(visit, desk):
    assert "/length/" not in desk().get(page(visit)).text


def test_the_buttons_are_those_a_role_may_press(visit, desk):
    shown = {role: buttons(desk(role), visit) for role in ROLES}

    working = ["Completed", "No-show", "Check in", "Cancelled"]
    assert shown == {Role.OWNER: working, Role.ADMIN: working, Role.STAFF: working, Role.VIEWER: []}


def test_the_trail_is_for_those_who_may_see_it(plain, desk):
    trails = {role: desk(role).get(page(plain)).context["trail"] for role in ("admin", "staff")}

    assert [act for _, act, _ in trails["admin"]] == ["Booking confirmed", "Booking pending"]
    assert trails["staff"] is None


def test_who_sees_no_customers_sees_no_way_to_reach_them(salon, visit, desk):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})
    Booking.objects.update(consent=visit.consent | {"address": "203.0.113.9"})

    told = {role: desk(role).get(page(visit)).text for role in ("viewer", "staff")}

    contact = (visit.contact_email, str(visit.contact_phone), "203.0.113.9")
    assert [word in told["viewer"] for word in contact] == [False, False, False]
    assert [word in told["staff"] for word in contact] == [True, True, True]
    assert visit.contact_name in told["viewer"]


def test_who_sees_no_money_reads_no_receipt(salon, visit, account, desk):
    client = desk()
    press(client, page(visit, "complete"))
    receipt = Message.objects.get(kind="receipt")
    pages = (page(visit), url("customer", visit.customer_id), f"/admin/bookings/booking/{visit.pk}/change/")
    pages += ("/admin/messaging/message/", f"/admin/messaging/message/{receipt.pk}/change/")
    before = [receipt.subject in client.get(path).text for path in pages]

    Business.objects.filter(pk=salon.pk).update(role_changes={"view_money": {"staff": False, "viewer": False}})

    assert before == [True] * 5
    assert [receipt.subject in client.get(path).text for path in pages] == [False] * 5
    assert client.get(pages[-1]).status_code == 404
    assert "Confirmed: " in client.get(pages[0]).text


# What they say and take ----------------------------------------------------------------------------


def test_a_visit_that_costs_more_than_any_card_takes_is_paid_at_the_till(visit, account, desk):
    """A party in a currency without cents, say: 120,000,000 of it."""
    Booking.objects.update(price_cents=120_000_000)
    client = desk()

    pages = [client.get(page(visit)), client.get(page(visit, "complete"))]
    press(client, page(visit, "complete"))

    assert [answer.status_code for answer in pages] == [200, 200]
    assert (Booking.objects.get().status, moved(account)) == (Status.COMPLETED, [])
    assert MoneyAction.objects.values_list("cash_cents", "amount_cents").get() == (120_000_000, 0)


def test_completed_says_the_amount_and_takes_it_once(visit, account, desk):
    client = desk()
    asked = client.get(page(visit, "complete"))
    form = sent_by(asked)

    answers = [client.post(page(visit, "complete"), form) for _ in range(3)]

    assert question(asked).lines[-1] == f"$50.00 will be charged to {VISA}. Platform fee $0.50."
    assert question(asked).button == "Completed: charge $50.00"
    assert {answer["Location"] for answer in answers} == {page(visit)}
    assert moved(account) == [("capture", 5000, 50)]
    assert MoneyAction.objects.count() == 1
    assert said(client) == [("success", f"Completed: $50.00 charged to {VISA}.")] * 3


def test_the_admins_page_and_the_dashboards_are_one_press(visit, account, salon, member, client_for):
    client = client_for(salon, member("staff"))
    form = sent_by(client.get(page(visit, "complete")))

    client.post(f"/admin/bookings/booking/{visit.pk}/complete/", form)
    client.post(page(visit, "complete"), form)

    assert moved(account) == [("capture", 5000, 50)]


def test_a_typed_tip_is_shown_before_it_is_charged(visit, account, desk):
    client = desk()
    form = sent_by(client.get(page(visit, "complete")), tip="5.00")

    again = client.post(page(visit, "complete"), form)
    nothing = moved(account)
    client.post(page(visit, "complete"), sent_by(again))

    assert "another amount than the page showed" in question(again).warnings[0]
    assert question(again).button == "Completed: charge $55.00"
    assert nothing == []
    assert moved(account) == [("capture", 5500, 55)]


def test_an_old_page_takes_nothing_it_did_not_say(salon, cut, ann, account, desk):
    """Opened while cancelling was free, pressed when it costs something."""
    visit, client = book(with_fees(salon, window_hours=24), cut, at(salon), account), desk()
    old = sent_by(client.get(page(visit, "cancel")))
    Booking.objects.update(consent=visit.consent | {"free_until": timezone.now().isoformat()})

    again = client.post(page(visit, "cancel"), old)

    assert question(again).button == "Cancelled: charge $20.00"
    assert (Booking.objects.get().status, account.ledger()) == (Status.CONFIRMED, [])


def test_a_press_without_what_was_seen_takes_nothing(visit, account, desk):
    client = desk()
    form = sent_by(client.get(page(visit, "complete")))
    del form["seen"]

    assert client.post(page(visit, "complete"), form).status_code == 200
    assert moved(account) == []


def test_no_show_takes_the_fee(visit, account, desk):
    press(desk(), page(visit, "no-show"))

    assert moved(account) == [("capture", 3000, 30)]
    assert Booking.objects.get().status == Status.NO_SHOW


def test_staff_cannot_let_a_fee_go(visit, account, desk):
    client = desk("staff")
    asked = client.get(page(visit, "no-show"))

    answer = client.post(page(visit, "no-show"), sent_by(asked, waive="1"))

    assert question(asked).more == ()
    assert answer.status_code == 403
    assert (moved(account), Booking.objects.get().status) == ([], Status.CONFIRMED)


def test_an_admin_can(visit, account, desk):
    client = desk("admin")

    press(client, page(visit, "no-show"), waive="1")

    assert moved(account) == []
    assert said(client) == [("success", "No-show. Nothing was charged. $30.00 was let go.")]


def test_a_refund_gives_back_what_is_typed(visit, account, desk):
    client = desk("admin")
    press(client, page(visit, "complete"))
    said(client)

    press(client, page(visit, "refund"), amount="20.00", reason="Sorry")

    assert moved(account) == [("capture", 5000, 50), ("refund", 2000, 20)]
    assert said(client) == [("success", f"$20.00 refunded to {VISA}.")]


def test_a_wrong_button_is_put_right_once_its_money_is_back(visit, account, desk):
    client = desk("admin")
    press(client, page(visit, "no-show"))
    press(client, page(visit, "refund"))
    choices = question(client.get(page(visit, "correct"))).choices

    press(client, f"{page(visit, 'correct')}?to=complete", reason="They came")

    assert choices == (("to=complete", "Completed"), ("to=no_show", "No-show"), ("to=cancel", "Cancelled"))
    assert Booking.objects.get().status == Status.COMPLETED
    assert moved(account)[-1] == ("capture", 5000, 50)


def test_check_in_is_one_page_and_one_press(plain, desk):
    client = desk()
    asked = client.get(page(plain, "check-in"))

    press(client, page(plain, "check-in"))

    assert question(asked).lines == ("Anna Berg has arrived for Cut with Ann.",)
    assert Booking.objects.get().status == Status.CHECKED_IN
    assert AuditEntry.objects.filter(action="booking.checked_in", actor_label="staff@rosa.example").count() == 1


def test_a_move_is_taken_back(salon, plain, desk):
    before, by = plain.start_at, actors.SYSTEM
    start = at(salon, "14:00")
    bookings.reschedule_booking(business=salon, booking=plain, start=start, by=by, now=timezone.now())

    press(desk(), page(plain, "undo-move"))

    assert Booking.objects.get().start_at == before


def test_what_is_not_possible_now_is_said(plain, desk):
    client = desk()
    press(client, page(plain, "cancel"))
    said(client)

    answer = client.get(page(plain, "check-in"))

    assert answer["Location"] == page(plain)
    assert said(client) == [("warning", "Not possible now: this booking is cancelled.")]


def test_nothing_moves_before_the_press(visit, account, desk):
    client = desk("owner")

    for name in PRESSES:
        client.get(page(visit, name.replace("_", "-")))

    assert moved(account) == []
    assert (MoneyAction.objects.count(), Payment.objects.get().status) == (0, "requires_action")


def test_a_visit_costs_as_many_questions_whatever_happened_to_it(visit, desk, django_assert_num_queries):
    client = desk("owner")
    client.get(page(visit))

    with django_assert_num_queries(QUERIES):
        client.get(page(visit))
    press(client, page(visit, "complete"))
    with django_assert_num_queries(QUERIES - 1):  # no plan is worked out any more
        client.get(page(visit))


def test_who_was_booked_together_is_named_with_a_way_to_their_visit(salon, cut, ann, plain, desk):
    family = Family.objects.create(order="after")
    other = make_booking(salon, cut, at(salon, "11:00"), details=replace(DETAILS, for_name="Lena"))
    for number, each in enumerate((plain, other), 1):
        Booking.objects.filter(pk=each.pk).update(family=family, family_number=number)

    browser = desk("viewer")
    answer = browser.get(page(plain)).text

    assert "Booked together" in answer
    assert re.search(rf'<a href="{page(other)}">Lena, ', answer)
    assert "Booked together" not in browser.get(page(make_booking(salon, cut, at(salon, "13:00")))).text
