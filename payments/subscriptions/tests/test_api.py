"""The plan for the owner's programs."""

import pytest

from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
PLAN = "/api/v1/admin/subscription"
CREATE, CHECKOUT = "/api/payments/stripe/subscription/create", "/api/payments/stripe/checkout/session"
PRESSES = [f"{PLAN}/activate", f"{PLAN}/pause", f"{PLAN}/resume", f"{PLAN}/cancel", CREATE, CHECKOUT]


@pytest.fixture
def api(plan, owner, clock_of):
    clock_of(plan)
    return signed_in(plan.business, owner)


def test_a_plan_that_has_not_begun(api):
    body = api.get(PLAN).json()

    assert {name: body[name] for name in ("status", "next_billing_date", "price", "price_cents", "currency_code")} == {
        "status": "trial",
        "next_billing_date": None,
        "price": "$11.99",
        "price_cents": 1199,
        "currency_code": "USD",
    }
    assert body["message"] == "Your free trial begins when the salon goes live. Everything works."


def test_a_plan_begins_with_its_trial_once(api, plan):
    first, again = api.post(CREATE), api.post(CREATE)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["next_billing_date"] == first.json()["trial_ends_at"]
    assert plan.subscriptions() == ["trialing"]


def test_activating_without_a_card_names_the_page_for_it(api, plan):
    api.post(CREATE)

    answer = api.post(f"{PLAN}/activate")

    body = answer.json()
    assert (answer.status_code, body["code"]) == (402, "card_needed")
    assert body["checkout_url"].startswith(f"{plan.local.base}/c/pay/")

    plan.fill(body["checkout_url"].rpartition("/")[2])
    plan.tell()
    assert (api.get(PLAN).json()["status"], plan.taken()) == ("active", [1199])


def test_the_life_of_a_plan(api, plan):
    api.post(CREATE)
    plan.card()
    said = []

    for path, body in (
        ("activate", {}),
        ("pause", {}),
        ("resume", {}),
        ("cancel", {}),
        ("resume", {}),
        ("cancel", {"at_period_end": False}),
        ("cancel", {"at_period_end": False, "confirm": True}),
        ("activate", {}),
    ):
        answer = api.post(f"{PLAN}/{path}", body)
        found = answer.json()
        said.append((path, answer.status_code, found.get("status", found.get("code")), bool(found.get("cancel_at"))))

    assert said == [
        ("activate", 200, "active", False),
        ("pause", 200, "paused", False),
        ("resume", 200, "active", False),
        ("cancel", 200, "active", True),
        ("resume", 200, "active", False),
        ("cancel", 409, "confirmation_needed", False),
        ("cancel", 200, "canceled", False),
        ("activate", 200, "active", False),
    ]
    assert plan.taken() == [1199, 1199]


def test_the_salon_can_be_paid_for_again_when_its_plan_has_ended(api, plan):
    api.post(CREATE)
    plan.card()
    api.post(f"{PLAN}/cancel", {"at_period_end": False, "confirm": True})
    assert api.post("/api/v1/services", {}).json()["code"] == "salon_ended"

    assert api.post(f"{PLAN}/activate").status_code == 200
    assert plan.site == "active"


def test_a_declined_card_is_said(api, plan):
    api.post(CREATE)
    plan.card("pm_card_chargeCustomerFail")

    answer = api.post(f"{PLAN}/activate")

    assert (answer.status_code, answer.json()["code"], plan.state) == (402, "card_declined", "trial")


def test_a_bank_that_asks_is_passed_on(api, plan):
    api.post(CREATE)
    plan.card("pm_card_authenticationRequired")

    answer = api.post(f"{PLAN}/activate")

    assert answer.status_code == 202
    assert answer.json()["pay_url"].startswith(plan.local.base)


def test_a_page_for_a_card(api, plan):
    answer = api.post(CHECKOUT, {"success_url": "https://shop.example/done", "activate": True})

    session = plan.stripe.checkout.sessions.retrieve(answer.json()["session_id"])
    assert (answer.status_code, answer.json()["checkout_url"], session.mode) == (201, session.url, "setup")
    assert session.success_url == "https://shop.example/done"
    assert session.cancel_url.endswith(f"/billing/{plan.business.pk}/")


@pytest.mark.parametrize("path", PRESSES)
@pytest.mark.parametrize("field", ["status", "subscription_id", "price_cents", "stripe_customer_id"])
def test_fields_that_are_not_the_callers_are_refused(api, plan, path, field):
    answer = api.post(path, {field: 1})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert plan.subscriptions() == []


@pytest.mark.parametrize("role", ["viewer", "staff", "admin"])
def test_other_roles_neither_see_nor_press(plan, member, role):
    api = signed_in(plan.business, member(role))

    assert [api.get(PLAN).status_code, *(api.post(path).status_code for path in PRESSES)] == [403] * 7
    assert plan.subscriptions() == []


def test_strangers_find_nothing(plan, other_salon, member):
    outsider = member("owner", other_salon)

    for api, status in ((Api(plan.business), 401), (signed_in(plan.business, outsider), 404)):
        assert [api.get(PLAN).status_code, *(api.post(path).status_code for path in PRESSES)] == [status] * 7
    assert plan.subscriptions() == []


def test_without_stripe_it_is_said_and_nothing_changes(api, plan, no_answer):
    no_answer()

    for path in (CREATE, f"{PLAN}/activate", CHECKOUT):
        answer = api.post(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "stripe_unavailable")
    assert plan.billing.subscription_id == ""
