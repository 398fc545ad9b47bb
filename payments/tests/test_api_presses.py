"""The money buttons through the API: what each takes, who may press it, and that pressed twice it is one press."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit import actors
from bookings import services as bookings
from bookings.models import Booking, Status
from bookings.tests.factories import at
from giftcards.tests.making import balance, make_card, reserve
from messaging.models import Message
from payments.models import CardHold, Dispute, LedgerEntry, MoneyAction, Payment
from payments.services import disputes
from payments.tests.making import book, with_fees
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
BOOKINGS = "/api/v1/admin/bookings"
PARTS = ("price_cents", "tip_cents", "discount_cents", "gift_cents", "card_cents", "cash_cents", "waived_cents")
#: address, what is sent, and the least role
BUTTONS = [
    ("complete", {}, "staff"),
    ("no-show", {}, "staff"),
    ("cancel", {}, "staff"),
    ("retry", {}, "staff"),
    ("send-link", {}, "staff"),
    ("paid-in-cash", {}, "staff"),
    ("refund", {}, "admin"),
    ("no-show", {"waive_fee": True}, "admin"),
    ("cancel", {"waive_fee": True}, "admin"),
    ("complete", {"correction": True, "reason": "Wrong button"}, "admin"),
    ("no-show", {"correction": True, "reason": "Wrong button"}, "admin"),
    ("paid-in-cash", {"waive": True}, "admin"),
]
ORDER = ("viewer", "staff", "admin", "owner")


@pytest.fixture
def visit(salon, cut, ann, account):
    """50.00 by card; a no-show costs 30.00, calling it off now 20.00."""
    return book(with_fees(salon), cut, at(salon), account)


@pytest.fixture
def boss(works_here):
    return works_here("admin")


def press(api, booking, act, key="press-1", **body):
    return api.post(f"{BOOKINGS}/{booking.pk}/{act}", {"idempotency_key": key} | body)


def parts(answer):
    """The parts of a press that are not nothing."""
    action = answer.json()["action"]
    return {name.removesuffix("_cents"): action[name] for name in PARTS if action[name]}


def moved(account):
    return [(kind, amount, fee) for kind, amount, fee in account.ledger() if kind != "authorization"]


# Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ORDER)
def test_a_role_may_press_what_the_table_says(salon, cut, ann, works_here, role):
    booking, api = book(salon, cut, at(salon)), works_here(role)

    refused = [
        press(api, booking, act, key=f"{number}", **body).status_code for number, (act, body, _) in enumerate(BUTTONS)
    ]

    allowed = [ORDER.index(role) >= ORDER.index(least) for *_, least in BUTTONS]
    assert [code != 403 for code in refused] == allowed
    assert (Booking.objects.get().status == Status.CONFIRMED) == (role == "viewer")


@pytest.mark.parametrize(("act", "body", "least"), BUTTONS)
def test_another_salons_booking_is_not_there(salon, other_salon, cut, ann, member, act, body, least):
    booking, outsider = book(salon, cut, at(salon)), member("owner", other_salon)

    assert press(Api(salon), booking, act, **body).status_code == 401
    assert press(signed_in(salon, outsider), booking, act, **body).status_code == 404
    assert press(signed_in(other_salon, outsider), booking, act, **body).status_code == 404
    assert MoneyAction.objects.count() == 0


# What each takes -------------------------------------------------------------------------------


def test_completed_takes_the_final_price_and_the_tip(visit, account, boss):
    unexplained = press(boss, visit, "complete", amount_cents=6000)
    answer = press(boss, visit, "complete", amount_cents=6000, tip_cents=500, reason="Longer hair")

    assert (unexplained.status_code, unexplained.json()["code"]) == (422, "reason_required")
    assert parts(answer) == {"price": 6000, "tip": 500, "card": 6500}
    assert moved(account) == [("capture", 6500, 65)]
    payment = answer.json()["payment"]
    assert (payment["amount_cents"], payment["tip_cents"], payment["captured_cents"]) == (6000, 500, 6500)


def test_a_gift_card_pays_first_and_the_card_the_rest_and_the_tip(salon, visit, account, boss):
    card = make_card(3000)
    reserve(salon, visit, card)

    answer = press(boss, visit, "complete", tip_cents=400)

    assert parts(answer) == {"price": 5000, "tip": 400, "gift": 3000, "card": 2400}
    assert moved(account) == [("capture", 2400, 24)]
    assert balance(card) == 0


def test_a_percentage_comes_off_the_final_price(salon, visit, account, boss):
    reserve(salon, visit, make_card(percent=20))

    answer = press(boss, visit, "complete", amount_cents=4000, reason="Shorter")

    assert parts(answer) == {"price": 4000, "discount": 800, "card": 3200}
    assert moved(account) == [("capture", 3200, 32)]


def test_no_show_takes_the_agreed_fee(visit, account, boss):
    answer = press(boss, visit, "no-show")

    assert (answer.status_code, answer.json()["booking_status"]) == (200, "no_show")
    assert parts(answer) == {"price": 3000, "card": 3000}
    assert moved(account) == [("capture", 3000, 30)]


@pytest.mark.parametrize(
    ("hours", "taken"), [(24, {}), (24 * 30, {"price": 2000, "card": 2000})], ids=["early", "late"]
)
def test_cancelled_takes_a_fee_only_when_it_is_late(salon, cut, ann, account, boss, hours, taken):
    visit = book(with_fees(salon, window_hours=hours), cut, at(salon), account)

    answer = press(boss, visit, "cancel", reason="Ill")

    assert (answer.status_code, answer.json()["booking_status"], parts(answer)) == (200, "canceled", taken)
    assert [amount for _, amount, _ in moved(account)] == list(taken.values())[1:]
    assert Booking.objects.get().cancellation_reason == "Ill"


def test_what_the_customer_called_off_late_is_taken_once(salon, visit, account, boss):
    by = actors.customer("Anna")
    bookings.cancel_booking(business=salon, booking=visit, by=by, now=timezone.now())
    before = boss.get(f"{BOOKINGS}/{visit.pk}").json()["payment_status"]

    answers = [press(boss, visit, "cancel", key=key) for key in ("one", "one", "two")]

    assert before == "requires_action"
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert moved(account) == [("capture", 2000, 20)]


@pytest.mark.parametrize(("act", "fee"), [("no-show", 3000), ("cancel", 2000)])
def test_a_fee_can_be_let_go(visit, account, boss, act, fee):
    answer = press(boss, visit, act, waive_fee=True)

    assert parts(answer) == {"price": fee, "waived": fee}
    assert answer.json()["payment"]["status"] == "canceled"
    assert account.ledger() == []


@pytest.mark.parametrize("first", ["complete", "no-show", "cancel"])
@pytest.mark.parametrize("second", ["complete", "no-show", "cancel"])
def test_a_closed_visit_is_not_closed_again(visit, account, boss, first, second):
    press(boss, visit, first, key="first")
    before = (moved(account), Booking.objects.get().status, Payment.objects.values().get())

    answer = press(boss, visit, second, key="second")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed")
    assert (moved(account), Booking.objects.get().status, Payment.objects.values().get()) == before


def test_without_a_card_the_salon_takes_the_price_and_no_fee(salon, cut, ann, boss):
    with_fees(salon)
    first, second = book(salon, cut, at(salon)), book(salon, cut, at(salon, "14:00"))

    assert parts(press(boss, first, "complete", key="a")) == {"price": 5000, "cash": 5000}
    assert parts(press(boss, second, "no-show", key="b")) == {"price": 3000, "waived": 3000}


# The card does not do --------------------------------------------------------------------------


def test_a_declined_card_says_whether_it_may_be_tried_again(salon, cut, ann, account, boss):
    visit = book(salon, cut, at(salon), account, "pm_card_chargeCustomerFail")

    declined = press(boss, visit, "complete")
    retried = [press(boss, visit, "retry", key=key) for key in ("again", "again")]
    MoneyAction.objects.filter(kind="complete").update(decline_code="stolen_card")
    refused = press(boss, visit, "retry", key="once more")

    assert (declined.status_code, declined.json()["decline_code"], declined.json()["may_retry"]) == (
        402,
        "generic_decline",
        True,
    )
    assert [answer.status_code for answer in retried] == [402, 402]
    assert MoneyAction.objects.get(kind="complete").declines == 2
    assert (refused.status_code, refused.json()["code"]) == (422, "retry_refused")
    assert (len(account.intents()), account.ledger()) == (1, [])


@pytest.mark.parametrize(
    ("body", "status", "shares"),
    [({}, "captured", (5000, 0)), ({"waive": True}, "canceled", (0, 5000))],
    ids=["paid in cash", "let go"],
)
def test_a_card_that_needs_its_owner_waits_is_asked_and_can_be_settled(
    salon, cut, ann, account, boss, body, status, shares
):
    visit = book(salon, cut, at(salon), account, "pm_card_authenticationRequired")

    waiting = press(boss, visit, "complete")
    linked = [press(boss, visit, "send-link", key=key) for key in ("a", "a", "b")]
    settled = [press(boss, visit, "paid-in-cash", key="cash", **body) for _ in range(2)]
    late = press(boss, visit, "send-link", key="c")

    assert (waiting.status_code, waiting.json()["payment"]["status"]) == (202, "requires_action")
    assert [answer.status_code for answer in linked] == [202, 202, 202]
    assert Message.objects.filter(kind="pay_link").count() == 1 + 2  # Stripe's question, then each press
    payment = settled[1].json()["payment"]
    assert (payment["status"], payment["cash_cents"], payment["waived_cents"]) == (status, *shares)
    assert [intent.status for intent in account.intents()] == ["canceled"]
    assert (late.status_code, late.json()["code"]) == (409, "nothing_open")
    assert account.ledger() == []


# Keys and bodies -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [{"tip_cents": 1}, {"amount_cents": 4000}, {"reason": "Other"}, {"act": "no-show"}, {"act": "cancel"}],
    ids=lambda other: "-".join(map(str, other.values())),
)
def test_a_key_stands_for_one_body(salon, cut, ann, boss, other):
    visit = book(salon, cut, at(salon))
    press(boss, visit, "complete", amount_cents=4500, reason="Shorter")

    same = {} if "act" in other else {"act": "complete", "amount_cents": 4500, "reason": "Shorter"}
    answer = press(boss, visit, **same | other)

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    assert MoneyAction.objects.count() == 1


def test_a_refunds_key_stands_for_one_body(visit, account, boss):
    press(boss, visit, "complete", key="complete")
    bodies = [
        {"amount_cents": 1000},
        {"amount_cents": 1000},
        {"amount_cents": 1001},
        {"amount_cents": 1000, "reason": "x"},
    ]

    codes = [press(boss, visit, "refund", key="back", **body).status_code for body in bodies]

    assert codes == [200, 200, 422, 422]
    assert moved(account)[1:] == [("refund", 1000, 10)]


def test_a_press_that_is_being_driven_is_in_progress(visit, account, local_stripe, boss):
    local_stripe.fault("500", "confirm$")
    unanswered = press(boss, visit, "complete")
    MoneyAction.objects.update(leased_until=timezone.now() + timedelta(seconds=30))

    driven = press(boss, visit, "complete")

    assert (unanswered.status_code, driven.status_code) == (202, 409)
    assert (driven.json()["code"], driven.json()["state"]) == ("action_in_progress", "confirming")


@pytest.mark.parametrize(
    ("act", "body", "status", "named"),
    [
        ("complete", {"amount_cents": -1}, 400, "amount_cents"),
        ("complete", {"amount_cents": 10**30}, 400, "amount_cents"),
        ("complete", {"amount_cents": 50.5}, 400, "amount_cents"),
        ("complete", {"amount_cents": True}, 400, "amount_cents"),
        ("complete", {"amount_cents": 1_000_000_000, "reason": "x"}, 422, "amount_refused"),
        ("complete", {"tip_cents": -5}, 400, "tip_cents"),
        ("complete", {"tip_cents": 1_000_000}, 422, "amount_refused"),
        ("complete", {"currency_code": "EUR"}, 422, "currency_mismatch"),
        ("complete", {"application_fee_cents": 0}, 400, "application_fee_cents"),
        ("complete", {"waive_fee": True}, 400, "waive_fee"),
        ("complete", {"reason": "x" * 501}, 400, "reason"),
        ("no-show", {"amount_cents": 1}, 400, "amount_cents"),
        ("no-show", {"currency_code": "EUR"}, 422, "currency_mismatch"),
        ("cancel", {"tip_cents": 1}, 400, "tip_cents"),
        ("cancel", {"status": "canceled"}, 400, "status"),
        ("complete", {"correction": True}, 422, "reason_required"),
        ("refund", {"currency_code": "EUR"}, 422, "currency_mismatch"),
        ("paid-in-cash", {"amount_cents": 1}, 400, "amount_cents"),
        ("retry", {"amount_cents": 1}, 400, "amount_cents"),
        ("retry", {}, 409, "nothing_open"),
    ],
)
def test_a_body_that_cannot_be_meant_changes_nothing(salon, cut, ann, boss, act, body, status, named):
    visit = book(salon, cut, at(salon))

    answer = press(boss, visit, act, **body)

    said = answer.json()
    assert (answer.status_code, next(iter(said["errors"])) if status == 400 else said["code"]) == (status, named)
    assert (MoneyAction.objects.count(), Booking.objects.get().status) == (0, Status.CONFIRMED)


@pytest.mark.parametrize("act", ["complete", "no-show", "cancel", "refund", "retry", "send-link", "paid-in-cash"])
def test_every_button_asks_for_a_key(salon, cut, ann, boss, act):
    visit = book(salon, cut, at(salon))

    answer = boss.post(f"{BOOKINGS}/{visit.pk}/{act}", {})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["idempotency_key"])
    assert MoneyAction.objects.count() == 0


def test_the_currency_and_the_tenant_may_be_said(salon, cut, ann, boss, other_salon):
    visit = book(salon, cut, at(salon))

    foreign = press(boss, visit, "complete", tenant_id=str(other_salon.pk))
    own = press(boss, visit, "complete", tenant_id=str(salon.pk), currency_code="usd")

    assert (foreign.status_code, own.status_code) == (404, 200)


# By the booking a body names -------------------------------------------------------------------


def test_capture_and_refund_by_the_bookings_id(visit, account, boss):
    about = {"booking_id": str(visit.pk), "currency_code": "USD"}

    captured = boss.post("/api/payments/stripe/payment/capture", about | {"idempotency_key": "a", "tip_cents": 100})
    refunded = boss.post("/api/payments/stripe/payment/refund", about | {"idempotency_key": "b", "amount_cents": 1100})

    assert (captured.status_code, captured.json()["payment"]["status"]) == (200, "captured")
    assert (refunded.status_code, refunded.json()["payment"]["refunded_cents"]) == (200, 1100)
    assert moved(account) == [("capture", 5100, 51), ("refund", 1100, 11)]


@pytest.mark.parametrize("path", ["capture", "refund"])
@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"booking_id": "nonsense"}, 400), ({"booking_id": "3b0a4c7e-3c5b-4a63-9df5-7f2c4f2d9d4e"}, 404)],
)
def test_no_booking_no_movement(salon, boss, path, body, status):
    answer = boss.post(f"/api/payments/stripe/payment/{path}", body | {"idempotency_key": "a"})

    assert answer.status_code == status


def test_staff_capture_and_do_not_refund(salon, other_salon, cut, ann, works_here, member):
    visit = book(salon, cut, at(salon))
    body = {"booking_id": str(visit.pk), "idempotency_key": "a"}
    outsider = signed_in(other_salon, member("owner", other_salon))

    def codes(api):
        return [api.post(f"/api/payments/stripe/payment/{act}", body).status_code for act in ("capture", "refund")]

    assert codes(works_here("viewer")) == [403, 403]
    assert codes(outsider) == [404, 404]
    assert codes(works_here("staff")) == [200, 403]


# Refunds and corrections -----------------------------------------------------------------------


def test_a_refund_names_its_parts_and_gives_the_gift_card_its_own_back(salon, visit, account, boss):
    card = make_card(3000)
    reserve(salon, visit, card)
    press(boss, visit, "complete", key="complete")

    first = press(boss, visit, "refund", key="a", amount_cents=2500)
    rest = press(boss, visit, "refund", key="b", refund_type="full")

    assert parts(first) == {"card": 2000, "gift": 500}
    assert parts(rest) == {"gift": 2500}
    assert rest.json()["payment"]["status"] == "refunded"
    assert moved(account) == [("capture", 2000, 20), ("refund", 2000, 20)]
    assert balance(card) == 3000


def test_a_no_show_fee_is_given_back_by_its_name(visit, account, boss):
    press(boss, visit, "no-show", key="no-show")

    answer = press(boss, visit, "refund", key="back", refund_type="no_show_fee_only")

    assert answer.json()["payment"]["status"] == "refunded"
    assert moved(account) == [("capture", 3000, 30), ("refund", 3000, 30)]


def disputed(salon, account, local_stripe):
    """The customer's bank takes the payment back."""
    charge = Payment.objects.get(is_current=True).provider_charge_id
    found = local_stripe.control("/disputes", charge=charge, reason="fraudulent")
    disputes.refresh(account=account.id, dispute_id=found["id"], now=timezone.now())
    return found["id"]


def test_a_disputed_payment_is_frozen(salon, visit, account, local_stripe, boss):
    press(boss, visit, "complete", key="complete")
    disputed(salon, account, local_stripe)

    answer = press(boss, visit, "refund", key="back")

    assert (answer.status_code, answer.json()["code"]) == (409, "disputed")
    assert [row["status"] for row in boss.get(f"{BOOKINGS}/{visit.pk}").json()["disputes"]] == ["open"]


def test_a_wrong_press_is_put_right_once_its_money_is_back(visit, account, boss):
    press(boss, visit, "complete", key="complete")
    wish = {"correction": True, "reason": "Nobody came"}

    too_early = press(boss, visit, "no-show", key="a", **wish)
    press(boss, visit, "refund", key="back")
    corrected = press(boss, visit, "no-show", key="b", **wish)

    assert (too_early.status_code, too_early.json()["code"]) == (409, "money_taken")
    assert (corrected.status_code, corrected.json()["booking_status"]) == (200, "no_show")
    assert moved(account) == [("capture", 5000, 50), ("refund", 5000, 50), ("capture", 3000, 30)]
    shown = boss.get(f"{BOOKINGS}/{visit.pk}").json()
    assert [(row["is_current"], row["status"]) for row in shown["payments"]] == [
        (True, "captured"),
        (False, "refunded"),
    ]


# Before the press ------------------------------------------------------------------------------


def look(api, booking, **query):
    return api.get(f"{BOOKINGS}/{booking.pk}/charge-preview", **query)


@pytest.mark.parametrize("kind", ["complete", "no_show", "cancel"])
def test_a_preview_is_what_the_press_takes(salon, visit, account, boss, works_here, kind):
    reserve(salon, visit, make_card(1500))
    typed = {"tip_cents": 300} if kind == "complete" else {}

    seen = look(works_here("viewer"), visit, kind=kind, **typed).json()
    answer = press(boss, visit, kind.replace("_", "-"), seen=seen["version"], **typed)

    assert {name: seen[name] for name in PARTS} == {name: answer.json()["action"][name] for name in PARTS}
    assert (seen["card"], seen["currency_code"]) == ({"brand": "visa", "last4": "4242"}, "USD")
    assert moved(account) == [("capture", seen["card_cents"], seen["application_fee_cents"])]


def test_what_changed_since_it_was_seen_is_not_taken(salon, visit, account, boss):
    seen = look(boss, visit).json()["version"]
    reserve(salon, visit, make_card(1500))

    answer = press(boss, visit, "complete", seen=seen)
    again = press(boss, visit, "complete", seen=look(boss, visit).json()["version"])

    assert (answer.status_code, answer.json()["code"]) == (409, "amount_changed")
    assert again.status_code == 200
    assert moved(account) == [("capture", 3500, 35)]


def test_another_card_is_another_plan(visit, account, boss):
    seen = look(boss, visit).json()["version"]
    visit.card_setup.payment_method_id = "pm_other"
    visit.card_setup.save()

    assert press(boss, visit, "complete", seen=seen).json()["code"] == "amount_changed"
    assert account.ledger() == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"kind": "refund"}, 400),
        ({"kind": "no_show", "tip_cents": 1}, 400),
        ({"kind": "complete", "waive_fee": "true"}, 400),
        ({"amount_cents": 1}, 422),
        ({"whatever": 1}, 400),
    ],
)
def test_an_impossible_preview_is_refused(salon, cut, ann, boss, query, status):
    assert look(boss, book(salon, cut, at(salon)), **query).status_code == status


def test_a_preview_of_a_correction_counts_the_gift_card_again(salon, visit, account, boss):
    reserve(salon, visit, make_card(3000))
    press(boss, visit, "complete", key="complete")
    press(boss, visit, "refund", key="back")
    wish = {"correction": True, "reason": "Shorter"}

    seen = look(boss, visit, amount_cents=4000, **wish).json()
    answer = press(boss, visit, "complete", key="again", amount_cents=4000, seen=seen["version"], **wish)

    assert parts(answer) == {"price": 4000, "gift": 3000, "card": 1000}


def test_a_preview_of_a_correction_counts_a_used_percentage_again(salon, cut, ann, boss):
    visit = book(salon, cut, at(salon))
    card = make_card(percent=20, usage_limit=1)
    reserve(salon, visit, card)
    press(boss, visit, "complete", key="complete")
    wish = {"correction": True, "reason": "Shorter"}

    seen = look(boss, visit, amount_cents=4000, **wish).json()
    answer = press(boss, visit, "complete", key="again", amount_cents=4000, seen=seen["version"], **wish)

    assert parts(answer) == {"price": 4000, "discount": 800, "cash": 3200}


# Reading ---------------------------------------------------------------------------------------


def test_the_booking_shows_everything_about_its_money(
    salon, visit, account, boss, works_here, django_assert_num_queries
):
    CardHold.objects.create(
        booking=visit, stripe_account_id=account.id, amount_cents=5000, currency_code="USD", state="failed"
    )
    reserve(salon, visit, make_card(1000))
    press(boss, visit, "complete", tip_cents=200)
    viewer = works_here("viewer")

    with django_assert_num_queries(13):
        shown = viewer.get(f"{BOOKINGS}/{visit.pk}").json()

    [payment] = shown["payments"]
    assert payment["amount_cents"] + payment["tip_cents"] == payment["gift_cents"] + payment["captured_cents"] == 5200
    assert [(row["status"], row["amount_cents"]) for row in shown["holds"]] == [("failed", 5000)]
    assert (shown["gift_card"]["status"], shown["gift_card"]["amount_cents"]) == ("redeemed", 1000)
    assert [(row["kind"], row["pressed_by"]) for row in shown["presses"]] == [("complete", "admin@rosa.example")]
    assert [(row["kind"], row["amount_cents"], row["application_fee_cents"]) for row in shown["ledger"]] == [
        ("capture", 4200, 42)
    ]


def test_three_of_everything_cost_as_many_queries_as_one(salon, visit, account, boss, django_assert_num_queries):
    card = make_card(1000)
    payment = Payment.objects.get()
    for number in range(3):
        CardHold.objects.create(
            booking=visit, stripe_account_id=account.id, amount_cents=1, currency_code="USD", state="failed"
        )
        MoneyAction.objects.create(
            booking=visit, payment=payment, kind="retry", client_key=f"{number}", amount_cents=0, state="succeeded"
        )
        LedgerEntry.objects.create(
            kind="refund", stripe_id=f"re_{number}", booking=visit, amount_cents=1, at=timezone.now()
        )
        Dispute.objects.create(stripe_id=f"du_{number}", payment=payment, amount_cents=1, opened_at=timezone.now())
        card.reservations.create(booking=visit, cents=1, state="released")
        Payment.objects.create(
            booking=visit, customer=visit.customer, is_current=False, amount_cents=1, currency_code="USD"
        )

    with django_assert_num_queries(13):
        shown = boss.get(f"{BOOKINGS}/{visit.pk}").json()

    assert [len(shown[name]) for name in ("payments", "holds", "presses", "ledger", "disputes")] == [4, 3, 3, 3, 3]


def test_revenue_tells_cards_cash_gift_cards_and_disputes_apart(salon, cut, visit, account, local_stripe, boss):
    reserve(salon, visit, make_card(1000))
    press(boss, visit, "complete", key="a")
    disputed(salon, account, local_stripe)
    salon.billing.charges_enabled = False
    press(boss, book(salon, cut, at(salon, "14:00")), "complete", key="b")
    today = timezone.now().astimezone(salon.zone).date()

    answer = boss.get("/api/v1/admin/analytics/revenue", start_date=today, end_date=today).json()

    assert answer["totals"] == [
        {
            "currency_code": "USD",
            "captured_cents": 9000,
            "card_cents": 4000,
            "cash_cents": 5000,
            "refunded_cents": 0,
            "disputed_cents": 4000,
            "net_cents": 5000,
            "application_fee_cents": 40,
            "gift_cents": 1000,
            "gift_restored_cents": 0,
            "tip_cents": 0,
            "fee_cents": 0,
            "gift_sold_cents": 0,
        }
    ]


def test_cash_of_a_corrected_press_counts_no_more(salon, cut, ann, boss):
    visit = book(salon, cut, at(salon))
    press(boss, visit, "complete", key="a")
    press(boss, visit, "no-show", key="b", correction=True, reason="Nobody came")
    today = timezone.now().astimezone(salon.zone).date()

    answer = boss.get("/api/v1/admin/analytics/revenue", start_date=today, end_date=today).json()

    assert answer["totals"] == []
