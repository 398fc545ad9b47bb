"""The money buttons in the salon's admin, against the local Stripe: what the page says is what happens, once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from bookings.models import Booking, Status
from bookings.services import Details
from bookings.tests.factories import DETAILS, at, hold, make_booking, make_past_visit, make_service
from messaging.models import Message
from payments import services
from payments.models import MoneyAction, Payment
from payments.tests.desk import BOOKINGS, buttons, form_of, lines, page, press, said, sent_by
from tenants.models import Business, Membership
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
#: What the salon's account has seen after one press: the price, with one percent for the platform.
CHARGED = [("authorization", 8500, 0), ("capture", 8500, 85)]


@pytest.fixture
def desk(salon, client_for, member):
    """`desk("staff")`: a browser signed in with that role at rosa."""
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def colour(ann):
    """85.00, by Ann."""
    service = make_service("Colour", cents=8500)
    service.assignments.create(team_member=ann)
    return service


def book(salon, service, start, account, card="pm_card_visa", details=DETAILS):
    now = timezone.now()
    booking = hold(salon, service, start)
    booking = services.submit_checkout(business=salon, booking=booking, details=details, address=None, now=now)
    account.save_card(services.prepare_card(business=salon, booking=booking)[1].id, card)
    return services.place_booking(business=salon, booking=booking, now=now)


@pytest.fixture
def visit(salon, colour, account):
    """Over since yesterday, with a Visa on file."""
    return make_past_visit(book(salon, colour, at(salon), account))


# Completed -------------------------------------------------------------------------------------


def test_completed_charges_what_its_page_said(visit, account, desk):
    client = desk()
    asked = client.get(page(visit, "complete"))

    answer = press(client, page(visit, "complete"))

    assert lines(asked)[-1] == "$85.00 will be charged to Visa •••• 4242. Platform fee $0.85."
    assert asked.context["warnings"] == []
    assert answer["Location"] == page(visit)
    assert account.ledger() == CHARGED
    assert Booking.objects.get().status == Status.COMPLETED
    assert Payment.objects.get().captured_cents == 8500
    assert said(client) == [("success", "Completed: $85.00 charged to Visa •••• 4242.")]


def test_nothing_moves_before_the_press(visit, account, desk):
    client = desk()

    for name in ("change", "complete", "complete"):
        assert client.get(page(visit, name)).status_code == 200

    assert account.ledger() == []
    assert account.intents() == []
    assert MoneyAction.objects.count() == 0


def test_one_form_sent_three_times_charges_once_and_says_the_same(visit, account, desk):
    client = desk()
    form = form_of(client, page(visit, "complete"))

    for _ in range(3):
        assert client.post(page(visit, "complete"), form)["Location"] == page(visit)

    assert account.ledger() == CHARGED
    assert MoneyAction.objects.count() == 1
    assert said(client) == [("success", "Completed: $85.00 charged to Visa •••• 4242.")] * 3


def test_a_second_page_opened_before_the_press_is_refused(visit, account, salon, member, client_for):
    ann, bob = client_for(salon, member("staff")), client_for(salon, member("admin"))
    forms = [form_of(client, page(visit, "complete")) for client in (ann, bob)]

    for client, form in zip((ann, bob), forms, strict=True):
        client.post(page(visit, "complete"), form)

    assert account.ledger() == CHARGED
    assert said(bob) == [("error", "This booking is completed and cannot be changed that way.")]


def test_who_pressed_is_on_record(visit, account, desk):
    press(desk(), page(visit, "complete"))

    trail = AuditEntry.objects.filter(actor_label="staff@rosa.example").values_list("action", "after")
    assert sorted(trail) == [
        ("booking.completed", {"status": "completed"}),
        ("payment.captured", {"amount_cents": 8500, "currency_code": "USD"}),
    ]
    assert Message.objects.filter(kind="receipt").count() == 1


def test_a_visit_that_has_not_begun_is_warned_about(salon, colour, account, desk):
    visit = book(salon, colour, at(salon), account)

    asked = desk().get(page(visit, "complete"))

    assert asked.context["warnings"] == [
        f"This visit has not started yet: it is on {visit.local_start:%a} {visit.local_start.day} {visit.local_start:%b}, 10:00."
    ]


def test_without_a_card_the_salon_takes_the_money(salon, colour, desk):
    visit = make_past_visit(make_booking(salon, colour, at(salon)))
    client = desk()
    asked = client.get(page(visit, "complete"))

    press(client, page(visit, "complete"))

    assert lines(asked)[-1] == "No card on file: take $85.00 at the salon; nothing is charged."
    assert said(client) == [("success", "Completed. Nothing was charged. Take $85.00 at the salon.")]
    assert (Payment.objects.get().method, MoneyAction.objects.get().payment_intent_id) == ("cash", None)
    assert "Paid at the salon" in client.get(BOOKINGS).text


def test_a_free_visit_says_so(salon, ann, desk):
    free = make_service("Consultation", cents=0)
    free.assignments.create(team_member=ann)
    visit = make_past_visit(make_booking(salon, free, at(salon)))
    client = desk()

    assert lines(client.get(page(visit, "complete")))[-1] == "There is nothing to pay; nothing is charged."
    press(client, page(visit, "complete"))
    assert said(client) == [("success", "Completed. Nothing was charged.")]


def test_a_booking_by_staff_never_charges_a_card(salon, colour, account, desk):
    client = desk()
    start = at(salon).astimezone(salon.zone)
    wish = {"wanted-TOTAL_FORMS": 1, "wanted-INITIAL_FORMS": 0, "wanted-0-service": colour.pk, "name": "Walk In"}
    wish |= {"date": f"{start:%Y-%m-%d}", "time": "10:00"}
    press(client, f"{BOOKINGS}add/", **wish)
    booking = make_past_visit(Booking.objects.get())

    press(client, page(booking, "complete"))

    assert account.ledger() == []
    assert (booking.card_required, Payment.objects.get().status) == (False, "captured")


def test_a_declined_card_says_why_and_can_be_tried_again(salon, colour, account, desk):
    visit = make_past_visit(book(salon, colour, at(salon), account, card="pm_card_chargeCustomerFail"))
    client = desk()

    press(client, page(visit, "complete"))

    [(level, text)] = said(client)
    action = MoneyAction.objects.get()
    assert (level, action.state, Booking.objects.get().status) == ("error", "failed", "completed")
    assert text == f"Completed, but the charge failed: {action.last_error}. Press Try again, or ask for another card."
    assert "declined" in action.last_error
    assert "Try again" in client.get(page(visit)).text
    asked = client.get(page(visit, "retry"))
    assert lines(asked) == [
        "$85.00 is tried once more. Nobody is charged twice: it is the same payment.",
        f"Last answer: {action.last_error}",
    ]
    press(client, page(visit, "retry"))
    assert [tag for tag, _ in said(client)] == ["error"]
    assert len(account.intents()) == 1
    assert account.ledger() == []


def test_a_charge_that_failed_at_stripe_succeeds_when_tried_again(visit, account, local_stripe, desk):
    local_stripe.fault("500", "/capture$", times=1)
    client = desk()
    press(client, page(visit, "complete"))
    first = said(client)

    press(client, page(visit, "retry"))

    assert first == [("warning", "Completed. Stripe did not answer; $85.00 will be finished in the background.")]
    assert said(client) == [("success", "Completed: $85.00 charged to Visa •••• 4242.")]
    assert account.ledger() == CHARGED
    assert client.get(page(visit, "retry"))["Location"] == page(visit)


def test_a_lost_answer_is_finished_later_and_charges_once(visit, account, local_stripe, desk):
    local_stripe.fault("lost_answer", "/capture$")
    client = desk()

    press(client, page(visit, "complete"))
    waiting = client.get("/admin/").context["waiting"]
    services.finish_open_actions(now=timezone.now() + timedelta(minutes=2))

    assert [text for _, text, _ in waiting] == ["1 payment to finish"]
    assert account.ledger() == CHARGED
    assert Payment.objects.get().status == "captured"


def test_money_that_waits_is_told_to_who_sees_money(salon, visit, account, local_stripe, desk):
    local_stripe.fault("lost_answer", "/capture$")
    press(desk(), page(visit, "complete"))
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_money": {"viewer": False}})

    assert desk("viewer").get("/admin/").context["waiting"] == []


def test_a_bank_that_wants_the_customer_is_waited_for(salon, colour, account, desk):
    visit = make_past_visit(book(salon, colour, at(salon), account, card="pm_card_authenticationRequired"))
    client = desk()

    press(client, page(visit, "complete"))

    assert MoneyAction.objects.get().state == "needs_customer"
    assert said(client) == [
        ("warning", "Completed, but the bank wants the customer to confirm $85.00. Nothing is charged yet.")
    ]
    assert account.ledger() == []


# A whole list ----------------------------------------------------------------------------------


@pytest.fixture
def three(salon, colour, account):
    """Two with cards, one without; all over."""
    guests = [Details(f"Guest {number}", f"guest{number}@example.com", f"+1212555018{number}") for number in range(3)]
    with_card = [
        book(salon, colour, at(salon, f"{10 + 2 * number}:00"), account, details=guest)
        for number, guest in enumerate(guests[:2])
    ]
    without = make_booking(salon, colour, at(salon, "15:00"), details=guests[2], source="staff")
    return [make_past_visit(booking, days=days) for days, booking in enumerate([*with_card, without], start=1)]


def tick(bookings, **more):
    return {"action": "complete_selected", "_selected_action": [str(booking.pk) for booking in bookings]} | more


def test_completed_for_a_list_says_each_and_charges_each_once(three, account, desk):
    client = desk()
    asked = client.post(BOOKINGS, tick(three))
    form = sent_by(asked, **tick(three))
    untouched = account.ledger()

    for _ in range(2):
        assert client.post(BOOKINGS, form)["Location"] == BOOKINGS

    refs = [booking.ref for booking in sorted(three, key=lambda booking: booking.start_at)]
    assert untouched == []
    assert lines(asked) == [
        f"{refs[0]}, Guest 2: No card on file: take $85.00 at the salon; nothing is charged.",
        f"{refs[1]}, Guest 1: $85.00 will be charged to Visa •••• 4242. Platform fee $0.85.",
        f"{refs[2]}, Guest 0: $85.00 will be charged to Visa •••• 4242. Platform fee $0.85.",
    ]
    assert account.ledger() == CHARGED * 2
    assert MoneyAction.objects.count() == 3
    charged = "Completed: $85.00 charged to Visa •••• 4242."
    assert [text for _, text in said(client)] == [
        f"{refs[0]}: Completed. Nothing was charged. Take $85.00 at the salon.",
        f"{refs[1]}: {charged}",
        f"{refs[2]}: {charged}",
    ] * 2


def test_one_refusal_in_a_list_stops_no_other(three, account, desk):
    client = desk()
    asked = client.post(BOOKINGS, tick(three))
    press(client, page(three[0], "complete"))

    client.post(BOOKINGS, sent_by(asked, **tick(three)))

    assert account.ledger() == CHARGED * 2
    assert [tag for tag, _ in said(client)] == ["success", "success", "success", "error"]


def test_a_list_with_nothing_to_complete_says_so(three, desk):
    client = desk()
    press(client, page(three[2], "complete"))
    said(client)

    answer = client.post(BOOKINGS, tick(three[2:]))

    assert answer.status_code == 302
    assert said(client) == [("warning", "None of these visits can be completed.")]


def test_a_viewer_has_no_list_to_complete(three, account, desk):
    client = desk("viewer")

    client.post(BOOKINGS, tick(three, key=str(uuid4())))

    assert account.ledger() == []
    assert MoneyAction.objects.count() == 0


# Refund ----------------------------------------------------------------------------------------


@pytest.fixture
def charged(visit, desk):
    press(desk("owner"), page(visit, "complete"))
    return visit


def test_a_refund_gives_back_the_amount_and_our_fee_in_proportion(charged, account, desk):
    client = desk("admin")
    asked = client.get(page(charged, "refund"))

    press(client, page(charged, "refund"), amount="20.00", reason="Too short")

    assert lines(asked)[0] == "At most $85.00 can go back to Visa •••• 4242."
    assert 'value="85.00"' in asked.text
    assert said(client) == [("success", "$20.00 refunded to Visa •••• 4242.")]
    assert account.ledger() == [*CHARGED, ("refund", 2000, 20)]
    assert (Payment.objects.get().status, Payment.objects.get().refunded_cents) == ("partially_refunded", 2000)
    assert AuditEntry.objects.first().after["reason"] == "Too short"


def test_one_refund_form_sent_twice_refunds_once(charged, account, desk):
    client = desk("admin")
    form = form_of(client, page(charged, "refund"), amount="85.00")

    for _ in range(2):
        client.post(page(charged, "refund"), form)

    assert account.ledger() == [*CHARGED, ("refund", 8500, 85)]
    assert said(client) == [("success", "$85.00 refunded to Visa •••• 4242.")] * 2


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("85.01", "Ensure this value is less than or equal to 85.00."),
        ("0", "Write how much goes back."),
        ("-1", "Ensure this value is greater than or equal to 0."),
        ("1.001", "Ensure that there are no more than 2 decimal places."),
        ("", "This field is required."),
    ],
)
def test_an_impossible_amount_is_refused_with_a_sentence(charged, account, desk, amount, sentence):
    answer = press(desk("admin"), page(charged, "refund"), amount=amount)

    assert answer.context["form"].errors["amount"] == [sentence]
    assert account.ledger() == CHARGED


def test_what_is_left_decides(charged, account, desk):
    client = desk("admin")
    forms = [form_of(client, page(charged, "refund"), amount="50.00") for _ in range(2)]

    for form in forms:
        client.post(page(charged, "refund"), form)

    assert account.ledger() == [*CHARGED, ("refund", 5000, 50)]
    assert said(client)[-1] == ("error", "At most $35.00 can be refunded.")


def test_staff_refund_nothing(charged, account, desk):
    client = desk("staff")

    assert client.get(page(charged, "refund")).status_code == 403
    assert client.post(page(charged, "refund"), {"key": str(uuid4()), "amount": "1"}).status_code == 403
    assert "Refund" not in buttons(client, charged)
    assert account.ledger() == CHARGED


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        ("viewer", [], []),
        ("staff", ["Completed", "No-show", "Check in", "Cancelled"], []),
        ("admin", ["Completed", "No-show", "Check in", "Cancelled"], ["Refund", "Dispute pack"]),
        ("owner", ["Completed", "No-show", "Check in", "Cancelled"], ["Refund", "Dispute pack"]),
    ],
)
def test_buttons_follow_the_role_and_the_state(visit, desk, role, before, after):
    client = desk(role)
    shown = buttons(client, visit)

    if role == "viewer":
        Membership.objects.filter(role="viewer").update(role="staff")
        press(client, page(visit, "complete"))
        Membership.objects.filter(role="staff").update(role="viewer")
    else:
        press(client, page(visit, "complete"))

    assert (shown, buttons(client, visit)) == (before, after)


def test_nothing_was_charged_so_nothing_goes_back(visit, desk):
    client = desk("admin")

    assert client.get(page(visit, "refund"))["Location"] == page(visit)
    assert said(client) == [("warning", "Not possible now: this booking is confirmed.")]


# Reading ---------------------------------------------------------------------------------------


def test_the_page_shows_card_payment_presses_and_refunds(charged, desk):
    client = desk("admin")
    press(client, page(charged, "refund"), amount="20.00", reason="Too short")

    text = client.get(page(charged)).text

    for shown in ("Visa •••• 4242", "$0.85", "Partly refunded", "Completed $85.00", "Refund $20.00", "Too short"):
        assert shown in text


@pytest.mark.parametrize("model", ["payment", "moneyaction", "refund"])
def test_records_are_read_by_everybody_and_edited_by_nobody(charged, desk, model):
    from django.apps import apps

    admin_client = desk("admin")
    press(admin_client, page(charged, "refund"), amount="20.00")
    row = apps.get_model("payments", model).objects.first()
    path = f"/admin/payments/{model}/{row.pk}/"

    assert desk("viewer").get(f"{path}change/").status_code == 200
    assert admin_client.post(f"{path}change/", {"amount_cents": "1"}).status_code == 403
    assert admin_client.post(f"{path}delete/", {"post": "yes"}).status_code == 403


def test_money_of_another_salon_is_not_there(charged, nora, client_for, member):
    client = client_for(nora, member("owner", nora))
    payment = Payment.objects.get()

    assert client.get(f"/admin/payments/payment/{payment.pk}/change/").status_code == 404
    assert client.post(page(charged, "refund"), {"key": str(uuid4()), "amount": "1"}).status_code == 404
