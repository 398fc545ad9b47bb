"""No-show, Cancelled, another price, a correction, and what a card did not give: each page says what its press does."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import actors
from bookings import services as bookings
from bookings.models import Booking, Status
from bookings.tests.factories import at, make_past_visit
from giftcards.tests.making import balance, make_card, reserve
from messaging.models import Message
from payments import services
from payments.models import CardHold, Dispute, LedgerEntry, MoneyAction, Payment, Refund
from payments.services import disputes
from payments.tests.desk import BOOKINGS, buttons, form_of, lines, page, press, said, sent_by
from payments.tests.making import book, with_fees
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
VISA = "Visa •••• 4242"


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
def by(owner):
    return actors.user(owner)


def moved(account):
    return [(kind, amount, fee) for kind, amount, fee in account.ledger() if kind != "authorization"]


# No-show and Cancelled -------------------------------------------------------------------------


def test_no_show_says_the_fee_and_takes_it(visit, account, desk):
    client = desk()
    asked = client.get(page(visit, "no-show"))

    press(client, page(visit, "no-show"))

    assert lines(asked)[1:] == [
        "By the terms the customer accepted, not coming costs $30.00.",
        f"$30.00 will be charged to {VISA}. Platform fee $0.30.",
    ]
    assert asked.context["button"] == "No-show: charge $30.00"
    assert moved(account) == [("capture", 3000, 30)]
    assert said(client) == [("success", f"No-show: $30.00 charged to {VISA}.")]
    assert client.get(page(visit)).context["payment_badge"] == ("Fee paid", "success")


def test_cancelled_late_says_the_fee_and_takes_it(coming, account, desk):
    client = desk()
    asked = client.get(page(coming, "cancel"))

    press(client, page(coming, "cancel"), reason="Ill")

    assert lines(asked)[1:3] == [
        "The customer is told by e-mail.",
        f"Cancelling was free until {(coming.local_start - timezone.timedelta(days=30)):%a %-d %b, %H:%M}.",
    ]
    assert lines(asked)[3:] == [
        "By the terms the customer accepted, cancelling now costs $20.00.",
        f"$20.00 will be charged to {VISA}. Platform fee $0.20.",
    ]
    assert moved(account) == [("capture", 2000, 20)]
    assert (Booking.objects.get().status, Booking.objects.get().cancellation_reason) == ("canceled", "Ill")
    assert Message.objects.filter(kind__in=["booking_cancelled", "receipt"]).count() == 2


def test_cancelled_in_time_takes_nothing(salon, cut, ann, account, desk):
    visit = book(with_fees(salon, window_hours=24), cut, at(salon), account)
    client = desk()
    asked = client.get(page(visit, "cancel"))

    press(client, page(visit, "cancel"))

    assert lines(asked)[-2:] == [
        "By the terms the customer accepted, cancelling now is free.",
        "Nothing is charged.",
    ]
    assert (asked.context["button"], asked.context["more_buttons"]) == ("Cancelled", [])
    assert said(client) == [("success", "Cancelled. Nothing was charged.")]
    assert account.ledger() == []


def test_a_late_cancellation_of_the_customers_waits_for_the_press(salon, coming, account, desk):
    customer = actors.customer("Anna")
    bookings.cancel_booking(business=salon, booking=coming, by=customer, now=timezone.now())
    client = desk()

    before = client.get(page(coming)).context
    listed = client.get(f"{BOOKINGS}?payment=fee_due").text
    waiting = [text for _, text, _ in client.get("/admin/").context["waiting"]]
    press(client, page(coming, "cancel"))

    assert before["payment_badge"] == ("Fee due: press Cancelled", "warning")
    assert before["next"]["sentences"] == [
        "Called off late: by the accepted terms a fee of $20.00 is due. Press Cancelled."
    ]
    assert [label for _, label in before["next"]["buttons"]] == ["Cancelled"]
    assert before["money"] == [("Card", VISA), ("Fee due", "$20.00")]
    assert coming.ref in listed
    assert "1 fee due" in waiting
    assert moved(account) == [("capture", 2000, 20)]
    assert client.get(page(coming)).context["next"] is None
    assert coming.ref not in client.get(f"{BOOKINGS}?payment=fee_due").text


@pytest.mark.parametrize(("name", "fee"), [("no-show", "$30.00"), ("cancel", "$20.00")])
def test_an_admin_may_let_the_fee_go(coming, account, desk, name, fee):
    client = desk("admin")
    asked = client.get(page(coming, name))

    client.post(page(coming, name), sent_by(asked, waive="1"))

    assert [text for *_, text in asked.context["more_buttons"]] == [
        f"{ {'no-show': 'No-show', 'cancel': 'Cancelled'}[name] }: let {fee} go"
    ]
    assert said(client)[0][1].endswith(f"Nothing was charged. {fee} was let go.")
    assert account.ledger() == []
    assert client.get(page(coming)).context["payment_badge"] == ("Let go", "")


def test_staff_let_no_fee_go(coming, account, desk):
    client = desk()
    asked = client.get(page(coming, "no-show"))

    answer = client.post(page(coming, "no-show"), sent_by(asked, waive="1"))

    assert (asked.context["more_buttons"], answer.status_code) == ([], 403)
    assert (MoneyAction.objects.count(), Booking.objects.get().status) == (0, Status.CONFIRMED)


def test_without_terms_or_card_no_fee_is_taken(salon, cut, ann, account, desk):
    salon.billing.charges_enabled = False
    without = make_past_visit(book(with_fees(salon), cut, at(salon)))
    Booking.objects.filter(pk=without.pk).update(consent=without.consent)
    client = desk()

    assert lines(client.get(page(without, "no-show")))[-2:] == [
        "By the terms the customer accepted, not coming costs $30.00.",
        "No card on file: $30.00 is let go; nothing is charged.",
    ]
    Booking.objects.update(consent={})
    assert lines(client.get(page(without, "no-show")))[-2:] == [
        "No fee was agreed to for this visit.",
        "Nothing is charged.",
    ]


# Completed, with more than the price -----------------------------------------------------------


def test_a_typed_amount_is_shown_before_it_is_taken(visit, account, desk):
    client = desk()
    form = form_of(client, page(visit, "complete"), price="60.00", tip="5.00", reason="Longer hair")

    shown = client.post(page(visit, "complete"), form)
    untouched = account.ledger()
    client.post(page(visit, "complete"), sent_by(shown))

    assert shown.status_code == 200
    assert shown.context["warnings"] == [
        "This is another amount than the page showed before. Look at it and press once more; nothing was charged."
    ]
    assert lines(shown)[1:] == [
        "$60.00 and a tip of $5.00.",
        f"$65.00 will be charged to {VISA}. Platform fee $0.65.",
    ]
    assert untouched == []
    assert moved(account) == [("capture", 6500, 65)]
    assert [line for line in client.get(page(visit)).context["money"] if line[0] != "When"] == [
        ("Card", VISA),
        ("Price", "$60.00"),
        ("Tip", "$5.00"),
        ("Together", "$65.00"),
        ("By card", "$65.00"),
        ("Platform fee", "$0.65"),
    ]


def test_another_price_needs_a_reason(visit, account, desk):
    answer = press(desk(), page(visit, "complete"), price="40.00")

    assert answer.context["form"].errors["reason"] == ["Say why the price differs from the one that was agreed."]
    assert account.ledger() == []


@pytest.mark.parametrize(
    "typed", [{"price": "-1"}, {"tip": "-0.01"}, {"price": "1000000"}, {"tip": "1e6"}, {"price": ""}]
)
def test_an_impossible_amount_is_refused_on_the_page(visit, account, desk, typed):
    answer = press(desk(), page(visit, "complete"), reason="x", **typed)

    assert list(answer.context["form"].errors) == list(typed)
    assert (account.ledger(), MoneyAction.objects.count()) == ([], 0)


def test_a_gift_card_is_named_before_and_after(salon, visit, account, desk):
    card = make_card(3000)
    reserve(salon, visit, card)
    client = desk()
    before = client.get(page(visit)).context["money"]
    asked = client.get(page(visit, "complete"))

    press(client, page(visit, "complete"))

    assert (f"Gift card {card}", "$30.00 put aside") in before
    assert lines(asked)[1:] == [
        "The gift card pays $30.00.",
        f"$20.00 will be charged to {VISA}. Platform fee $0.20.",
    ]
    assert said(client) == [("success", f"Completed: $20.00 charged to {VISA}. The gift card paid $30.00.")]
    assert client.get(page(visit)).context["money"][1:4] == [
        ("Price", "$50.00"),
        ("By gift card", "$30.00"),
        ("By card", "$20.00"),
    ]


def test_what_a_gift_card_pays_alone_is_not_called_cash(salon, cut, ann, account, desk):
    visit = make_past_visit(book(salon, cut, at(salon), account))
    reserve(salon, visit, make_card(percent=100))
    client = desk()

    press(client, page(visit, "complete"))

    assert client.get(page(visit)).context["payment_badge"] == ("Paid by gift card", "success")
    assert account.ledger() == []


def test_money_held_on_the_card_is_named(visit, account, desk):
    CardHold.objects.create(
        booking=visit, stripe_account_id=account.id, amount_cents=5000, currency_code="USD", state="held"
    )
    client = desk()

    assert lines(client.get(page(visit, "complete")))[1] == (
        "$50.00 is held on the card. It is used for what is charged; the rest is given up."
    )
    assert client.get(page(visit)).context["holds"] == ["$50.00 held"]


# Old pages -------------------------------------------------------------------------------------


def test_an_old_page_takes_nothing_that_it_did_not_say(salon, visit, account, desk):
    client = desk()
    old = form_of(client, page(visit, "complete"))
    reserve(salon, visit, make_card(1000))

    shown = client.post(page(visit, "complete"), old)
    untouched = account.ledger()
    client.post(page(visit, "complete"), sent_by(shown))

    assert (shown.status_code, untouched) == (200, [])
    assert moved(account) == [("capture", 4000, 40)]


def test_a_page_whose_free_time_ran_out_asks_again(salon, cut, ann, account, desk):
    visit = book(with_fees(salon, window_hours=24), cut, at(salon), account)
    client = desk()
    old = form_of(client, page(visit, "cancel"))
    Booking.objects.update(consent=visit.consent | {"free_until": timezone.now().isoformat()})

    shown = client.post(page(visit, "cancel"), old)

    assert shown.context["button"] == "Cancelled: charge $20.00"
    assert (Booking.objects.get().status, account.ledger()) == (Status.CONFIRMED, [])


@pytest.mark.parametrize("name", ["complete", "no-show", "cancel"])
def test_a_form_that_never_saw_the_amount_takes_nothing(visit, account, desk, name):
    client = desk()

    answer = client.post(page(visit, name), {"key": str(uuid4()), "price": "50.00"})

    assert answer.status_code == 200
    assert (account.ledger(), Booking.objects.get().status) == ([], Status.CONFIRMED)


def test_a_page_of_a_visit_closed_meanwhile_changes_nothing(visit, account, desk, client_for, salon, member):
    ann, bob = desk(), client_for(salon, member("admin"))
    old = form_of(bob, page(visit, "no-show"))
    press(ann, page(visit, "complete"))

    answer = bob.post(page(visit, "no-show"), old)

    assert answer["Location"] == page(visit)
    assert said(bob) == [("error", "This booking is completed and cannot be changed that way.")]
    assert moved(account) == [("capture", 5000, 50)]


# A card that does not do -----------------------------------------------------------------------


@pytest.fixture
def declined(salon, cut, ann, account, desk):
    visit = make_past_visit(book(salon, cut, at(salon), account, "pm_card_chargeCustomerFail"))
    press(desk("owner"), page(visit, "complete"))
    return visit


def test_a_declined_card_shows_what_can_be_done(declined, account, desk):
    shown = desk().get(page(declined)).context

    assert shown["payment_badge"] == ("Payment due: card declined", "danger")
    assert [label for _, label in shown["next"]["buttons"]] == ["Try again", "Send a link", "Paid in cash"]
    assert shown["next"]["sentences"][0].startswith("Completed, payment due: $50.00.")
    assert ("Still due", "$50.00") in shown["money"]
    assert [label for _, label in desk("admin").get(page(declined)).context["next"]["buttons"]][-1] == "Let it go"


def test_one_try_again_sent_twice_tries_once(declined, account, desk):
    client = desk()
    form = form_of(client, page(declined, "retry"))

    for _ in range(2):
        client.post(page(declined, "retry"), form)

    assert MoneyAction.objects.get(kind="complete").declines == 2
    assert [press.actor_label for press in MoneyAction.objects.filter(kind="retry")] == ["staff@rosa.example"]


def test_a_card_that_will_never_do_is_not_tried_again(declined, desk):
    MoneyAction.objects.update(decline_code="stolen_card")
    client = desk()

    assert "Try again" not in buttons(client, declined)
    assert client.get(page(declined, "retry"))["Location"] == page(declined)
    client.post(page(declined, "retry"), {"key": str(uuid4())})
    assert said(client)[-1] == ("error", services.RetryRefused.message)


def test_a_link_is_sent_once_a_press(declined, desk):
    client = desk()
    form = form_of(client, page(declined, "send-link"))

    for _ in range(2):
        client.post(page(declined, "send-link"), form)
    press(client, page(declined, "send-link"))

    assert Message.objects.filter(kind="pay_link").count() == 2
    assert said(client)[0] == ("success", "A link was sent to anna@example.com.")


def test_paid_in_cash_closes_the_charge(declined, account, desk):
    client = desk()
    form = form_of(client, page(declined, "paid-in-cash"))

    for _ in range(2):
        client.post(page(declined, "paid-in-cash"), form)

    assert said(client) == [("success", "$50.00 taken at the salon. The card was not charged.")] * 2
    assert client.get(page(declined)).context["payment_badge"] == ("Paid at the salon", "success")
    assert [intent.status for intent in account.intents()] == ["canceled"]
    assert account.ledger() == []


def test_only_an_admin_lets_it_go(declined, account, desk):
    staff, admin = desk(), desk("admin")

    refused = staff.post(page(declined, "let-go"), {"key": str(uuid4())})
    press(admin, page(declined, "let-go"), reason="Regular")

    assert refused.status_code == 403
    assert said(admin) == [("success", "$50.00 was let go. Nothing was charged.")]
    assert admin.get(page(declined)).context["payment_badge"] == ("Let go", "")


def test_a_bank_that_wants_the_customer_is_shown_as_due(salon, cut, ann, account, desk):
    visit = make_past_visit(book(salon, cut, at(salon), account, "pm_card_authenticationRequired"))
    client = desk()

    press(client, page(visit, "complete"))

    assert client.get(page(visit)).context["payment_badge"] == ("Payment due: customer to confirm", "warning")
    assert "Paid" not in client.get(BOOKINGS).rendered_content.split("changelist-form")[1].replace("Paid in cash", "")


# Refund ----------------------------------------------------------------------------------------


def test_a_refund_names_card_and_gift_card(salon, visit, account, desk):
    card = make_card(3000)
    reserve(salon, visit, card)
    client = desk("admin")
    press(client, page(visit, "complete"))
    asked = client.get(page(visit, "refund"))

    press(client, page(visit, "refund"), amount="25.00")

    assert lines(asked)[0] == f"At most $50.00 can go back: $20.00 to {VISA} first, then $30.00 to the gift card."
    assert said(client)[-1] == ("success", f"$20.00 refunded to {VISA}, $5.00 to the gift card.")
    assert balance(card) == 500
    assert [line for line in client.get(page(visit)).context["money"] if line[0].startswith(("Back", "Left"))] == [
        ("Back to the card", "$20.00"),
        ("Back to the gift card", "$5.00"),
        ("Left of the card’s part", "$0.00"),
    ]


def test_a_no_show_fee_goes_back_by_its_own_button(visit, account, desk):
    client = desk("admin")
    press(client, page(visit, "no-show"))
    asked = client.get(page(visit, "refund"))

    client.post(page(visit, "refund"), sent_by(asked, refund_type="no_show_fee_only"))

    assert [text for *_, text in asked.context["more_buttons"]] == ["No-show fee only: $30.00"]
    assert moved(account)[-1] == ("refund", 3000, 30)


def test_a_disputed_payment_is_frozen_with_a_sentence(visit, account, local_stripe, desk):
    client = desk("admin")
    press(client, page(visit, "complete"))
    found = local_stripe.control("/disputes", charge=Payment.objects.get().provider_charge_id, reason="fraudulent")
    disputes.refresh(account=account.id, dispute_id=found["id"], now=timezone.now())

    asked = client.get(page(visit, "refund"))
    client.post(page(visit, "refund"), {"key": str(uuid4()), "amount": "1.00"})
    shown = client.get(page(visit)).context

    assert (asked.context["warnings"], asked.context["button"]) == ([services.Disputed.message], "")
    assert [kind for kind, *_ in moved(account)] == ["capture", "dispute"]
    assert shown["payment_badge"] == ("Disputed", "danger")
    assert [text for _, text, _ in shown["disputes"]] == ["$50.00, fraudulent"]
    assert shown["next"]["sentences"][0].startswith("The customer’s bank disputes $50.00 (fraudulent).")


# Correct ---------------------------------------------------------------------------------------


@pytest.fixture
def wrong(visit, desk):
    """Marked as completed and refunded: nobody came."""
    client = desk("owner")
    press(client, page(visit, "complete"))
    press(client, page(visit, "refund"))
    return visit


def test_a_correction_says_what_it_takes_and_why(wrong, account, desk):
    client = desk("admin")
    chosen = client.get(page(wrong, "correct"))
    path = page(wrong, "correct") + "?to=no_show"
    asked = client.get(path)

    without = press(client, path)
    press(client, path, reason="Nobody came")

    assert [text for _, text in chosen.context["choices"]] == ["Completed", "No-show", "Cancelled"]
    assert (chosen.context["button"], asked.context["title"]) == ("", "Correct to no-show")
    assert lines(asked)[-1] == f"$30.00 will be charged to {VISA}. Platform fee $0.30."
    assert without.context["form"].errors["reason"] == ["This field is required."]
    assert moved(account) == [("capture", 5000, 50), ("refund", 5000, 50), ("capture", 3000, 30)]
    assert Booking.objects.get().status == Status.NO_SHOW
    assert client.get(page(wrong)).context["earlier"] == [
        [
            ("Price", "$50.00"),
            ("By card", "$50.00"),
            ("Platform fee", "$0.50"),
            ("Back to the card", "$50.00"),
            ("Left of the card’s part", "$0.00"),
        ]
    ]


def test_nothing_is_corrected_while_money_is_taken_or_by_staff(visit, account, desk):
    admin, staff = desk("admin"), desk()
    press(admin, page(visit, "complete"))
    path = page(visit, "correct") + "?to=no_show"

    assert "Correct" not in buttons(admin, visit)
    assert admin.get(page(visit, "correct"))["Location"] == admin.get(path)["Location"] == page(visit)
    admin.post(path, {"key": str(uuid4()), "seen": "x", "reason": "No"})
    assert said(admin)[-1] == ("error", services.MoneyTaken.message)
    assert (staff.get(path).status_code, staff.post(path, {"key": str(uuid4())}).status_code) == (403, 403)
    assert moved(account) == [("capture", 5000, 50)]


# Many at once ----------------------------------------------------------------------------------


@pytest.fixture
def three(salon, cut, ann, account):
    """Two with fees and a card, one without a card."""
    with_fees(salon)
    cards = [book(salon, cut, at(salon, clock, days=days), account) for days, clock in ((5, "10:00"), (6, "10:00"))]
    salon.billing.charges_enabled = False
    return [*cards, book(salon, cut, at(salon, days=7))]


def tick(kind, chosen, **more):
    return {"action": f"{kind}_selected", "_selected_action": [str(booking.pk) for booking in chosen]} | more


@pytest.mark.parametrize(
    ("kind", "taken", "state"),
    [("complete", 5000, "completed"), ("no_show", 3000, "no_show"), ("cancel", 2000, "canceled")],
)
def test_a_list_says_what_each_takes_and_presses_each_once(three, account, desk, kind, taken, state):
    client = desk()
    asked = client.post(BOOKINGS, tick(kind, three))
    form = sent_by(asked, **tick(kind, three))

    for _ in range(2):
        client.post(BOOKINGS, form)

    assert [taken_line.split(": ", 1)[0] for taken_line in lines(asked)] == [f"{one.ref}, Anna Berg" for one in three]
    assert f"${taken / 100:.2f} will be charged to {VISA}." in lines(asked)[0]
    assert lines(asked)[2].endswith("nothing is charged.")
    assert moved(account) == [("capture", taken, taken // 100)] * 2
    assert {booking.status for booking in Booking.objects.all()} == {state}
    assert len(said(client)) == 6


def test_fees_of_a_list_can_be_let_go_by_an_admin(three, account, desk):
    staff, admin = desk(), desk("admin")

    refused = staff.post(
        BOOKINGS, sent_by(staff.post(BOOKINGS, tick("cancel", three)), **tick("cancel", three, waive="1"))
    )
    form = sent_by(admin.post(BOOKINGS, tick("cancel", three)), **tick("cancel", three, waive="1"), reason="We are ill")
    admin.post(BOOKINGS, form)

    assert refused.status_code == 403
    assert account.ledger() == []
    assert {booking.cancellation_reason for booking in Booking.objects.all()} == {"We are ill"}


def test_what_changed_in_a_list_is_left_alone(salon, three, account, desk):
    client = desk()
    asked = client.post(BOOKINGS, tick("complete", three))
    reserve(salon, three[0], make_card(1000))

    client.post(BOOKINGS, sent_by(asked, **tick("complete", three)))

    assert moved(account) == [("capture", 5000, 50)]
    assert [level for level, _ in said(client)] == ["error", "success", "success"]


def test_more_than_twenty_are_too_many(three, desk, monkeypatch):
    from payments.desk import many

    monkeypatch.setattr(many, "AT_ONCE", 2)
    client = desk()

    assert client.post(BOOKINGS, tick("no_show", three)).status_code == 302
    assert said(client) == [("warning", "Choose at most 2 visits at once.")]


@pytest.mark.parametrize("kind", ["complete", "no_show", "cancel"])
def test_a_page_about_three_costs_as_much_as_about_one(three, desk, kind, django_assert_num_queries):
    client = desk()
    client.post(BOOKINGS, tick(kind, three[:1]))

    with django_assert_num_queries(13) as one:
        client.post(BOOKINGS, tick(kind, three[:1]))
    with django_assert_num_queries(len(one)):
        client.post(BOOKINGS, tick(kind, three))


def test_the_page_costs_the_same_for_one_and_three_of_everything(salon, visit, account, desk):
    client = desk("admin")
    press(client, page(visit, "complete"))
    payment, card = Payment.objects.get(), make_card(1000)

    def cost_of(numbers):
        for number in numbers:
            about = {"booking": visit, "payment": payment}
            CardHold.objects.create(booking=visit, amount_cents=1, currency_code="USD", state="failed")
            action = MoneyAction.objects.create(
                kind="refund", client_key=f"{number}", amount_cents=1, currency_code="USD", state="succeeded", **about
            )
            LedgerEntry.objects.create(
                kind="refund", stripe_id=f"re_{number}", amount_cents=1, currency_code="USD", at=timezone.now(), **about
            )
            Refund.objects.create(action=action, amount_cents=1, refund_type="partial", status="succeeded", **about)
            Dispute.objects.create(
                stripe_id=f"du_{number}", payment=payment, amount_cents=1, currency_code="USD", opened_at=timezone.now()
            )
            card.reservations.create(booking=visit, cents=1, state="released")
            Payment.objects.create(
                booking=visit, customer=visit.customer, is_current=False, amount_cents=1, currency_code="USD"
            )
        with CaptureQueriesContext(connection) as seen:
            assert client.get(page(visit)).status_code == 200
        return len(seen)

    cost_of([0])
    assert cost_of([]) == cost_of([1, 2])


# Who and where ---------------------------------------------------------------------------------

#: button → the least role
LEAST = {
    "complete": "staff",
    "no-show": "staff",
    "cancel": "staff",
    "retry": "staff",
    "send-link": "staff",
    "paid-in-cash": "staff",
    "refund": "admin",
    "correct": "admin",
    "let-go": "admin",
}
ORDER = ("viewer", "staff", "admin", "owner")


@pytest.mark.parametrize("role", ORDER)
def test_a_role_may_press_what_the_table_says(visit, account, desk, role):
    client = desk(role)

    codes = {
        name: [client.get(page(visit, name)).status_code, client.post(page(visit, name), {}).status_code]
        for name in LEAST
    }

    may = {name: ORDER.index(role) >= ORDER.index(least) for name, least in LEAST.items()}
    assert {name: 403 not in both for name, both in codes.items()} == may
    assert {name for name, both in codes.items() if both == [403, 403]} == {
        name for name, allowed in may.items() if not allowed
    }
    assert (MoneyAction.objects.count(), account.ledger()) == (0, [])


@pytest.mark.parametrize("name", LEAST)
def test_another_salons_visit_has_no_buttons_here(visit, nora, client_for, member, name):
    client = client_for(nora, member("owner", nora))

    assert client.get(page(visit, name)).status_code == 404
    assert client.post(page(visit, name), {"key": str(uuid4()), "seen": "x"}).status_code == 404
    assert MoneyAction.objects.count() == 0
