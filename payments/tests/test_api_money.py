from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.models import Booking, Status
from bookings.tests.factories import at, make_past_visit
from messaging.models import Message
from payments import services
from payments.models import MoneyAction, Payment, Refund
from payments.tests.making import book
from tenants.models import Membership
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
BOOKINGS = "/api/v1/admin/bookings"
ACTS = ("complete", "refund")
#: The parts of a press that has none.
NOTHING = dict.fromkeys(
    ("price_cents", "tip_cents", "discount_cents", "gift_cents", "card_cents", "cash_cents", "waived_cents"), 0
)


@pytest.fixture
def paid_by_card(salon, cut, ann, account):
    return book(salon, cut, at(salon), account)


@pytest.fixture
def paid_in_cash(salon, cut, ann):
    return book(salon, cut, at(salon))


def press(api, booking, act, key="press-1", **body):
    return api.post(f"{BOOKINGS}/{booking.pk}/{act}", {"idempotency_key": key} | body)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("role", "complete", "refund"),
    [("viewer", 403, 403), ("staff", 200, 403), ("admin", 200, 200), ("owner", 200, 200)],
)
def test_who_may_press_what(salon, paid_by_card, member, act, role, complete, refund):
    if act == "refund":
        press(signed_in(salon, member("owner")), paid_by_card, "complete", key="first")
        Membership.objects.filter(user__email="owner@rosa.example").update(role=role)
        api = signed_in(salon, Membership.objects.get(user__email="owner@rosa.example").user)
    else:
        api = signed_in(salon, member(role))
    before = MoneyAction.objects.count()

    answer = press(api, paid_by_card, act)

    expected = {"complete": complete, "refund": refund}[act]
    assert answer.status_code == expected
    assert MoneyAction.objects.count() == before + (expected == 200)


@pytest.mark.parametrize("act", ACTS)
def test_strangers_press_nothing(salon, other_salon, paid_in_cash, member, act):
    outsider = member("owner", other_salon)

    assert press(Api(salon), paid_in_cash, act).status_code == 401
    assert press(signed_in(salon, outsider), paid_in_cash, act).status_code == 404
    assert press(signed_in(other_salon, outsider), paid_in_cash, act).status_code == 404
    assert MoneyAction.objects.count() == 0


def test_completed_charges_the_card_once_with_our_percent(salon, paid_by_card, account, works_here):
    api = works_here()

    answers = [press(api, paid_by_card, "complete") for _ in range(2)]

    action, payment = MoneyAction.objects.get(), Payment.objects.get()
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (
        answers[0].json()
        == answers[1].json()
        == {
            "booking_id": str(paid_by_card.pk),
            "booking_status": "completed",
            "action": NOTHING
            | {"id": str(action.pk), "kind": "complete", "state": "succeeded", "price_cents": 5000, "card_cents": 5000},
            "payment": {
                "id": str(payment.pk),
                "status": "captured",
                "method": "card",
                "amount_cents": 5000,
                "tip_cents": 0,
                "discount_cents": 0,
                "gift_cents": 0,
                "captured_cents": 5000,
                "cash_cents": 0,
                "waived_cents": 0,
                "refunded_cents": 0,
                "gift_restored_cents": 0,
                "application_fee_cents": 50,
                "currency_code": "USD",
            },
        }
    )
    assert account.ledger() == [("authorization", 5000, 0), ("capture", 5000, 50)]
    assert Message.objects.filter(kind="receipt").count() == 1


def test_completed_without_a_card_is_paid_at_the_salon(salon, paid_in_cash, works_here):
    answer = press(works_here(), paid_in_cash, "complete")

    assert (answer.status_code, answer.json()["payment"]["status"]) == (200, "captured")
    assert answer.json()["payment"]["application_fee_cents"] == 0
    assert Payment.objects.get().method == "cash"


def test_the_key_may_come_in_the_header(salon, paid_in_cash, works_here):
    path = f"{BOOKINGS}/{paid_in_cash.pk}/complete"

    assert works_here().post(path, {}, **{"Idempotency-Key": "press-1"}).status_code == 200
    assert MoneyAction.objects.get().client_key == "press-1"


@pytest.mark.parametrize(
    ("body", "header", "field"),
    [
        ({}, "", "idempotency_key"),
        ({"idempotency_key": ""}, "", "idempotency_key"),
        ({"idempotency_key": "a"}, "b", "idempotency_key"),
        ({"idempotency_key": "x" * 129}, "", "idempotency_key"),
        ({"idempotency_key": 7.5, "price_cents": 1}, "", "price_cents"),
        ({"idempotency_key": "a", "status": "captured"}, "", "status"),
    ],
)
def test_a_press_without_a_proper_key_moves_nothing(salon, paid_in_cash, works_here, body, header, field):
    answer = works_here().post(
        f"{BOOKINGS}/{paid_in_cash.pk}/complete", body, **({"Idempotency-Key": header} if header else {})
    )

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert (MoneyAction.objects.count(), Booking.objects.get().status) == (0, Status.CONFIRMED)


def test_another_press_on_a_completed_booking_is_refused(salon, paid_by_card, account, works_here, member):
    press(works_here(), paid_by_card, "complete")

    other = press(works_here("admin"), paid_by_card, "complete", key="press-2")

    assert (other.status_code, other.json()["status_now"]) == (409, "completed")
    assert len(account.ledger()) == 2


def test_a_key_is_for_one_request(salon, cut, ann, paid_in_cash, works_here):
    second = book(salon, cut, at(salon, "14:00"))
    api = works_here()
    press(api, paid_in_cash, "complete")

    answer = press(api, second, "complete")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")
    second.refresh_from_db()
    assert second.status == Status.CONFIRMED


def test_a_declined_card_leaves_the_booking_completed_and_unpaid(salon, cut, ann, account, works_here):
    booking = book(salon, cut, at(salon), account, "pm_card_chargeCustomerFail")

    answer = press(works_here(), booking, "complete")

    assert (answer.status_code, answer.json()["code"]) == (402, "card_declined")
    assert (answer.json()["booking_status"], answer.json()["payment"]["status"]) == ("completed", "failed")
    assert answer.json()["request_id"]
    assert account.ledger() == []
    assert not Message.objects.filter(kind="receipt").exists()


def test_a_card_that_needs_its_owner_is_a_202(salon, cut, ann, account, works_here):
    booking = book(salon, cut, at(salon), account, "pm_card_authenticationRequired")

    answer = press(works_here(), booking, "complete")

    assert (answer.status_code, answer.json()["action"]["state"]) == (202, "needs_customer")
    assert answer.json()["payment"]["status"] == "requires_action"
    assert account.ledger() == []


def test_a_stripe_that_does_not_answer_is_a_202_and_finished_later(
    salon, paid_by_card, account, local_stripe, works_here
):
    local_stripe.fault("lost_answer", "capture", times=1)
    api = works_here()

    answer = press(api, paid_by_card, "complete")
    MoneyAction.objects.update(updated_at=timezone.now() - timedelta(minutes=2))
    services.finish_open_actions(now=timezone.now())

    assert (answer.status_code, answer.json()["payment"]["status"]) == (202, "authorized")
    assert press(api, paid_by_card, "complete").json()["payment"]["captured_cents"] == 5000
    assert account.ledger() == [("authorization", 5000, 0), ("capture", 5000, 50)]


@pytest.fixture
def captured(salon, paid_by_card, member):
    """A booking paid by card, and an Api of an admin who may give the money back."""
    admin = signed_in(salon, member("admin"))
    press(admin, paid_by_card, "complete", key="complete")
    return paid_by_card, admin


def test_a_full_refund_gives_everything_back_once(captured, account):
    booking, admin = captured

    answers = [press(admin, booking, "refund", refund_type="full", reason="Sorry") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["payment"]["refunded_cents"] == 5000
    assert answers[0].json()["payment"]["status"] == "refunded"
    assert account.ledger()[-1] == ("refund", 5000, 50)
    assert len(account.ledger()) == 3
    assert Refund.objects.get().reason == "Sorry"


def test_parts_are_refunded_up_to_what_was_taken(captured, account):
    booking, admin = captured

    answers = [
        press(admin, booking, "refund", key=f"part-{n}", refund_type="partial", amount_cents=cents)
        for n, cents in enumerate((2000, 3001, 3000, 1))
    ]

    assert [answer.status_code for answer in answers] == [200, 422, 200, 422]
    assert answers[1].json()["code"] == "nothing_to_refund"
    assert [row[1] for row in account.ledger() if row[0] == "refund"] == [2000, 3000]
    assert Payment.objects.get().status == "refunded"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"refund_type": "partial"}, 400, "invalid"),
        ({"refund_type": "full", "amount_cents": 10}, 400, "invalid"),
        ({"refund_type": "partial", "amount_cents": 0}, 400, "invalid"),
        ({"refund_type": "partial", "amount_cents": -5}, 400, "invalid"),
        ({"refund_type": "partial", "amount_cents": 10**30}, 400, "invalid"),
        ({"refund_type": "partial", "amount_cents": "ten"}, 400, "invalid"),
        ({"refund_type": "partial", "amount_cents": 9999}, 422, "nothing_to_refund"),
        ({"refund_type": "everything"}, 400, "invalid"),
        ({"refund_type": "no_show_fee_only"}, 422, "nothing_to_refund"),
        ({"reason": "x" * 501}, 400, "invalid"),
        ({"reason": "a\x00b"}, 400, "invalid"),
        ({"idempotency_key": ""}, 400, "invalid"),
    ],
)
def test_a_bad_refund_gives_nothing_back(captured, account, body, status, code):
    booking, admin = captured

    answer = (
        press(admin, booking, "refund", **body)
        if "idempotency_key" not in body
        else admin.post(f"{BOOKINGS}/{booking.pk}/refund", body)
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [row[0] for row in account.ledger()] == ["authorization", "capture"]
    assert Refund.objects.count() == 0


def test_nothing_is_refunded_before_it_is_taken(salon, paid_by_card, works_here):
    answer = press(works_here("admin"), paid_by_card, "refund")

    assert (answer.status_code, answer.json()["code"]) == (422, "nothing_to_refund")


def test_cash_is_given_back_at_the_salon(salon, paid_in_cash, works_here):
    admin = works_here("admin")
    press(admin, paid_in_cash, "complete")

    answer = press(admin, paid_in_cash, "refund", key="back")

    assert (answer.status_code, answer.json()["code"]) == (422, "paid_at_salon")


def test_the_booking_shows_its_money(captured, works_here, django_assert_num_queries):
    booking, admin = captured
    press(admin, booking, "refund", refund_type="partial", amount_cents=1500)
    viewer = works_here("viewer")

    with django_assert_num_queries(13):
        shown = viewer.get(f"{BOOKINGS}/{booking.pk}").json()

    assert (shown["captured_cents"], shown["refunded_cents"], shown["payment_status"]) == (
        5000,
        1500,
        "partially_refunded",
    )
    [payment] = shown["payments"]
    assert (payment["application_fee_cents"], [row["amount_cents"] for row in payment["refunds"]]) == (50, [1500])
    assert shown["card"]["last4"] == "4242"
    assert shown["confirmation_number"] == booking.ref
    assert "address" not in shown["terms"]


def test_a_booking_without_money_shows_none(salon, paid_in_cash, works_here):
    Payment.objects.all().delete()

    shown = works_here("viewer").get(f"{BOOKINGS}/{paid_in_cash.pk}").json()

    assert (shown["captured_cents"], shown["payments"], shown["card"]) == (0, [], None)


@pytest.mark.parametrize("path", [BOOKINGS + "/{booking}", "/api/payments/status/{payment}", "/api/payments/methods"])
def test_money_is_shown_to_members_only(salon, other_salon, paid_in_cash, member, path):
    path = path.format(booking=paid_in_cash.pk, payment=Payment.objects.get().pk)
    outsider = member("owner", other_salon)

    assert Api(salon).get(path).status_code == 401
    assert signed_in(salon, outsider).get(path).status_code == 404
    assert signed_in(salon, member("viewer")).get(path).status_code == 200
    if "{" in path:
        assert signed_in(other_salon, outsider).get(path).status_code == 404


def test_other_salons_payments_do_not_exist(other_salon, paid_in_cash, member):
    payment, owner = Payment.objects.get(), member("owner", other_salon)

    assert signed_in(other_salon, owner).get(f"/api/payments/status/{payment.pk}").status_code == 404
    assert signed_in(other_salon, owner).get("/api/payments/methods").json()["count"] == 0


def test_a_payments_status_and_the_saved_cards(salon, paid_by_card, works_here):
    api, payment = works_here("viewer"), Payment.objects.get()

    status = api.get(f"/api/payments/status/{payment.pk}").json()
    cards = api.get("/api/payments/methods", customer_id=paid_by_card.customer_id).json()["results"]

    assert (status["id"], status["status"], status["amount_cents"]) == (str(payment.pk), "requires_action", 5000)
    assert [(card["brand"], card["last4"]) for card in cards] == [("visa", "4242")]
    assert api.get("/api/payments/methods", customer_id=uuid4()).json()["count"] == 0
    assert api.get(f"/api/payments/status/{uuid4()}").status_code == 404


def test_revenue_by_local_day(salon, cut, captured, works_here):
    booking, admin = captured
    press(admin, booking, "refund", refund_type="partial", amount_cents=1500)
    salon.billing.charges_enabled = False
    in_cash = book(salon, cut, at(salon, "14:00"))
    press(admin, in_cash, "complete", key="cash")
    today = timezone.now().astimezone(salon.zone).date()

    answer = works_here("viewer").get("/api/v1/admin/analytics/revenue", start_date=today, end_date=today).json()

    sums = {
        "captured_cents": 10000,
        "card_cents": 5000,
        "cash_cents": 5000,
        "refunded_cents": 1500,
        "disputed_cents": 0,
        "net_cents": 8500,
        "application_fee_cents": 35,
        "gift_cents": 0,
        "gift_restored_cents": 0,
        "tip_cents": 0,
        "fee_cents": 0,
        "gift_sold_cents": 0,
    }
    assert answer == {
        "start_date": str(today),
        "end_date": str(today),
        "timezone": "America/New_York",
        "by_day": [{"date": str(today), "currency_code": "USD", **sums}],
        "totals": [{"currency_code": "USD", **sums}],
    }


def test_money_taken_late_at_night_belongs_to_the_salons_day(salon, paid_in_cash, works_here):
    api = works_here()
    press(api, paid_in_cash, "complete")
    Payment.objects.update(captured_at="2026-06-02T03:30:00Z")

    days = [
        api.get("/api/v1/admin/analytics/revenue", start_date=day, end_date=day).json()["by_day"]
        for day in ("2026-06-01", "2026-06-02")
    ]

    assert [len(rows) for rows in days] == [1, 0]


def test_analytics_has_both(salon, paid_in_cash, works_here):
    make_past_visit(paid_in_cash)

    answer = works_here("viewer").get("/api/v1/admin/analytics").json()

    assert (answer["bookings"]["total"], answer["revenue"]["totals"]) == (1, [])
