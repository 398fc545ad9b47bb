import itertools

import pytest
import stripe

DAY = 24 * 3600


def test_paid_subscription_is_active_with_its_invoice_and_payment(simulator, platform):
    subscription = platform.subscribe(
        metadata={"tenant": "ada"}, expand=["latest_invoice.payments.data.payment.payment_intent"]
    )

    invoice = subscription.latest_invoice
    payment = invoice.payments.data[0]
    line = invoice.lines.data[0]
    assert (subscription.status, subscription.currency, subscription.metadata.to_dict()) == (
        "active",
        "usd",
        {"tenant": "ada"},
    )
    assert (invoice.status, invoice.amount_paid, invoice.amount_remaining, invoice.attempt_count) == (
        "paid",
        1_199,
        0,
        1,
    )
    assert invoice.number.endswith("-0001")
    assert (invoice.parent.subscription_details.subscription, line.parent.subscription_item_details.subscription) == (
        subscription.id,
        subscription.id,
    )
    assert (line.amount, line.description) == (1_199, "1 × Plan (at $11.99 / month)")
    assert (payment.status, payment.amount_paid, payment.payment.payment_intent.status) == ("paid", 1_199, "succeeded")
    assert simulator.ledger(platform.account) == [("capture", 1_199, 0)]
    assert simulator.look("/ledger")[0]["invoice"] == invoice.id


def test_period_is_kept_on_the_items_and_follows_the_calendar(simulator, platform):
    simulator.control("/clock", set=1_801_389_600)  # 2027-01-31T12:00Z
    subscription = platform.subscribe()

    ends = [subscription["items"].data[0].current_period_end]
    for _ in range(2):
        platform.wait(days=31)
        ends.append(platform.stripe.subscriptions.retrieve(subscription.id)["items"].data[0].current_period_end)

    assert ends == [1_803_808_800, 1_806_487_200, 1_809_079_200]  # 28 February, 31 March, 30 April, each at noon


def test_trial_takes_no_money_and_then_does(simulator, platform):
    subscription = platform.subscribe(trial_period_days=14)
    at_first = (subscription.status, subscription.trial_end - subscription.created, simulator.ledger())

    platform.wait(days=14)
    ended = platform.stripe.subscriptions.retrieve(subscription.id)
    waiting = platform.invoices(subscription.id)[-1]
    platform.wait(hours=1)

    assert at_first == ("trialing", 14 * DAY, [])
    assert (ended.status, ended["items"].data[0].current_period_start) == ("active", subscription.trial_end)
    assert waiting == ("subscription_cycle", "draft", 1_199, 0)
    assert platform.invoices(subscription.id) == [
        ("subscription_create", "paid", 0, 0),
        ("subscription_cycle", "paid", 1_199, 1_199),
    ]
    assert simulator.ledger() == [("capture", 1_199, 0)]
    assert platform.events("customer.subscription") == [
        "customer.subscription.created",
        "customer.subscription.trial_will_end",
        "customer.subscription.updated",
    ]


def test_end_of_a_trial_is_announced_three_days_before(platform):
    platform.subscribe(trial_period_days=14)
    platform.wait(days=11, hours=-1)
    before = platform.events("customer.subscription.trial")
    platform.wait(hours=1)

    assert before == []
    assert platform.events("customer.subscription.trial") == ["customer.subscription.trial_will_end"]


@pytest.mark.parametrize(
    ("behavior", "status", "event"),
    [("pause", "paused", "customer.subscription.paused"), ("cancel", "canceled", "customer.subscription.deleted")],
)
def test_trial_without_a_card_ends_as_asked(simulator, platform, behavior, status, event):
    subscription = platform.subscribe(
        card=None, trial_period_days=7, trial_settings={"end_behavior": {"missing_payment_method": behavior}}
    )
    platform.wait(days=8)

    assert platform.stripe.subscriptions.retrieve(subscription.id).status == status
    assert platform.events("customer.subscription")[-1] == event
    assert len(platform.invoices(subscription.id)) == 1
    assert simulator.ledger() == []


def test_paused_subscription_resumes_once_paid(simulator, platform):
    subscription = platform.subscribe(
        card=None, trial_period_days=7, trial_settings={"end_behavior": {"missing_payment_method": "pause"}}
    )
    platform.wait(days=8)
    broke = platform.stripe.subscriptions.resume(subscription.id)
    platform.give_card(subscription.customer, "pm_card_visa")
    platform.stripe.invoices.pay(platform.stripe.invoices.list({"status": "open"}).data[0].id)

    resumed = platform.stripe.subscriptions.retrieve(subscription.id)
    assert (broke.status, resumed.status) == ("paused", "active")
    assert platform.events("customer.subscription")[-1] == "customer.subscription.resumed"
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_trial_saves_a_card_by_its_setup_intent(simulator, platform):
    subscription = platform.subscribe(
        card=None,
        trial_period_days=7,
        payment_behavior="default_incomplete",
        payment_settings={"save_default_payment_method": "on_subscription"},
        expand=["pending_setup_intent"],
    )
    intent = subscription.pending_setup_intent
    platform.stripe.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    saved = platform.stripe.subscriptions.retrieve(subscription.id, {"expand": ["default_payment_method"]})
    assert (intent.status, intent.usage, saved.pending_setup_intent) == ("requires_payment_method", "off_session", None)
    assert saved.default_payment_method.card.last4 == "4242"
    platform.wait(days=7, hours=2)
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_trial_ends_now_when_asked(simulator, platform):
    subscription = platform.subscribe(trial_period_days=14)
    platform.wait(days=2)
    updated = platform.stripe.subscriptions.update(subscription.id, {"trial_end": "now"})

    assert updated.status == "active"
    assert updated.trial_end == updated["items"].data[0].current_period_start
    assert platform.invoices(subscription.id)[-1] == ("subscription_update", "paid", 1_199, 1_199)
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_trial_may_be_made_longer(simulator, platform):
    subscription = platform.subscribe(trial_period_days=14)
    platform.stripe.subscriptions.update(subscription.id, {"trial_end": subscription.trial_end + 7 * DAY})
    platform.wait(days=15)
    still = platform.stripe.subscriptions.retrieve(subscription.id).status
    platform.wait(days=6, hours=1)

    assert (still, simulator.ledger()) == ("trialing", [("capture", 1_199, 0)])
    assert platform.events("customer.subscription.trial") == ["customer.subscription.trial_will_end"]


def test_renewals_are_charged_month_by_month_although_the_clock_jumps(simulator, platform):
    subscription = platform.subscribe()
    platform.wait(days=95)

    assert platform.invoices(subscription.id) == [
        ("subscription_create", "paid", 1_199, 1_199),
        *[("subscription_cycle", "paid", 1_199, 1_199)] * 3,
    ]
    stamps = [row["at"] for row in simulator.look("/ledger")]
    assert all(27 * DAY < later - earlier < 32 * DAY for earlier, later in itertools.pairwise(stamps))


@pytest.mark.parametrize(
    ("behavior", "status"), [("allow_incomplete", "incomplete"), ("default_incomplete", "incomplete")]
)
def test_first_payment_that_fails_leaves_the_subscription_incomplete(simulator, platform, behavior, status):
    subscription = platform.subscribe(card="pm_card_chargeCustomerFail", payment_behavior=behavior)
    platform.wait(hours=24)

    expired = platform.stripe.subscriptions.retrieve(subscription.id)
    assert (subscription.status, expired.status) == (status, "incomplete_expired")
    assert platform.invoices(subscription.id) == [("subscription_create", "void", 1_199, 0)]
    assert simulator.ledger() == []


def test_first_payment_that_must_not_fail_leaves_no_subscription(simulator, platform):
    with pytest.raises(stripe.CardError) as decline:
        platform.subscribe(card="pm_card_chargeCustomerFail", payment_behavior="error_if_incomplete")

    assert decline.value.code == "card_declined"
    assert platform.stripe.subscriptions.list({"status": "all"}).data == []
    assert platform.stripe.invoices.list().data == []


def test_customer_without_a_card_is_refused(platform):
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source") as refusal:
        platform.subscribe(card=None)

    assert refusal.value.code == "resource_missing"
    assert platform.stripe.subscriptions.list({"status": "all"}).data == []


def test_incomplete_subscription_becomes_active_when_its_intent_is_confirmed(simulator, platform):
    subscription = platform.subscribe(
        card=None,
        payment_behavior="default_incomplete",
        payment_settings={"save_default_payment_method": "on_subscription"},
        expand=["latest_invoice.confirmation_secret"],
    )
    secret = subscription.latest_invoice.confirmation_secret.client_secret
    platform.stripe.payment_intents.confirm(
        secret.split("_secret_")[0], {"payment_method": "pm_card_visa", "return_url": "https://shop.test/"}
    )

    paid = platform.stripe.subscriptions.retrieve(subscription.id)
    assert (subscription.status, paid.status) == ("incomplete", "active")
    assert platform.stripe.payment_methods.retrieve(paid.default_payment_method).customer == subscription.customer
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_first_payment_that_wants_authentication_waits_for_it(simulator, platform):
    subscription = platform.subscribe(
        card="pm_card_authenticationRequired", expand=["latest_invoice.payments.data.payment.payment_intent"]
    )
    intent = subscription.latest_invoice.payments.data[0].payment.payment_intent
    simulator.control("/authentications", intent=intent.id)

    assert (subscription.status, intent.status) == ("incomplete", "requires_action")
    assert platform.stripe.subscriptions.retrieve(subscription.id).status == "active"
    assert platform.events("invoice.p") == [
        "invoice.payment_action_required",
        "invoice.payment_failed",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]


def test_cancellation_at_the_periods_end_may_be_taken_back(simulator, platform):
    subscription = platform.subscribe()
    leaving = platform.stripe.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    staying = platform.stripe.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    platform.stripe.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    platform.wait(days=32)

    ended = platform.stripe.subscriptions.retrieve(subscription.id)
    assert (leaving.status, leaving.cancel_at, leaving.cancellation_details.reason) == (
        "active",
        leaving["items"].data[0].current_period_end,
        "cancellation_requested",
    )
    assert (staying.cancel_at, staying.canceled_at) == (None, None)
    assert (ended.status, ended.ended_at) == ("canceled", leaving.cancel_at)
    assert platform.events("customer.subscription")[-1] == "customer.subscription.deleted"
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_canceled_subscription_is_final(platform):
    subscription = platform.subscribe()
    canceled = platform.stripe.subscriptions.cancel(
        subscription.id, {"cancellation_details": {"feedback": "too_expensive", "comment": "Closing."}}
    )

    assert (canceled.status, canceled.cancellation_details.feedback) == ("canceled", "too_expensive")
    with pytest.raises(stripe.InvalidRequestError, match="can only update its"):
        platform.stripe.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        platform.stripe.subscriptions.cancel(subscription.id)
    assert refusal.value.code == "resource_missing"
    assert platform.stripe.subscriptions.update(subscription.id, {"metadata": {"a": "b"}}).metadata.a == "b"


@pytest.mark.parametrize(
    ("behavior", "status"), [("void", "void"), ("keep_as_draft", "draft"), ("mark_uncollectible", "uncollectible")]
)
def test_paused_collection_takes_nothing_until_it_goes_on(simulator, platform, behavior, status):
    subscription = platform.subscribe()
    paused = platform.stripe.subscriptions.update(subscription.id, {"pause_collection": {"behavior": behavior}})
    platform.wait(days=32)
    meanwhile = platform.invoices(subscription.id)[-1]
    going_on = platform.stripe.subscriptions.update(subscription.id, {"pause_collection": ""})
    platform.wait(days=31)

    assert (paused.status, paused.pause_collection.behavior) == ("active", behavior)
    assert meanwhile == ("subscription_cycle", status, 1_199, 0)
    assert going_on.pause_collection is None
    assert simulator.ledger() == [("capture", 1_199, 0)] * 2


def test_paused_collection_goes_on_by_itself(platform):
    subscription = platform.subscribe()
    until = subscription.created + 10 * DAY
    platform.stripe.subscriptions.update(
        subscription.id, {"pause_collection": {"behavior": "void", "resumes_at": until}}
    )
    platform.wait(days=10, hours=1)

    assert platform.stripe.subscriptions.retrieve(subscription.id).pause_collection is None


def test_more_of_the_plan_is_charged_for_the_rest_of_the_period_with_the_next_invoice(simulator, platform):
    simulator.control("/clock", set=1_806_580_800)  # 2027-04-01T12:00Z: a month of thirty days
    subscription = platform.subscribe()
    item = subscription["items"].data[0].id
    platform.wait(days=15)
    half = subscription.start_date + 15 * DAY
    platform.stripe.subscriptions.update(
        subscription.id, {"items": [{"id": item, "quantity": 3}], "proration_date": half}
    )
    pending = platform.stripe.invoice_items.list({"pending": True}).data
    platform.wait(days=16)

    assert sorted(each.amount for each in pending) == [-600, 1_799]  # halves of 11.99 and of 35.97
    assert platform.invoices(subscription.id)[-1] == ("subscription_cycle", "paid", 3 * 1_199 + 1_199, 4_796)
    assert platform.stripe.invoice_items.list({"pending": True}).data == []


def test_change_without_proration_costs_nothing_now(simulator, platform):
    subscription = platform.subscribe()
    item = subscription["items"].data[0].id
    platform.stripe.subscriptions.update(
        subscription.id, {"items": [{"id": item, "quantity": 2}], "proration_behavior": "none"}
    )
    platform.wait(days=32)

    assert simulator.ledger() == [("capture", 1_199, 0), ("capture", 2_398, 0)]


def test_proration_is_invoiced_at_once_when_asked(simulator, platform):
    simulator.control("/clock", set=1_806_580_800)
    subscription = platform.subscribe()
    platform.wait(days=15)
    platform.stripe.subscription_items.update(
        subscription["items"].data[0].id, {"quantity": 3, "proration_behavior": "always_invoice"}
    )

    assert platform.invoices(subscription.id)[-1] == ("subscription_update", "paid", 1_199, 1_199)
    assert simulator.ledger() == [("capture", 1_199, 0)] * 2


def test_credit_of_a_smaller_plan_pays_the_next_invoice(simulator, platform):
    simulator.control("/clock", set=1_806_580_800)
    subscription = platform.subscribe(items=[{"price": platform.price, "quantity": 3}])
    platform.wait(days=15)
    platform.stripe.subscriptions.update(
        subscription.id,
        {
            "items": [{"id": subscription["items"].data[0].id, "quantity": 1}],
            "proration_behavior": "always_invoice",
        },
    )
    credit = platform.stripe.customers.retrieve(subscription.customer).balance
    platform.wait(days=16)

    assert credit == -1_199
    assert platform.invoices(subscription.id)[-1] == ("subscription_cycle", "paid", 0, 0)
    assert platform.stripe.customers.retrieve(subscription.customer).balance == 0
    assert simulator.ledger() == [("capture", 3_597, 0)]


def test_update_that_must_be_paid_changes_nothing_when_it_is_not(simulator, platform):
    subscription = platform.subscribe()
    platform.give_card(subscription.customer, "pm_card_chargeCustomerFail")
    platform.wait(days=3)
    before = platform.stripe.subscriptions.retrieve(subscription.id).to_dict()

    with pytest.raises(stripe.CardError):
        platform.stripe.subscriptions.update(
            subscription.id,
            {
                "items": [{"id": subscription["items"].data[0].id, "quantity": 5}],
                "proration_behavior": "always_invoice",
                "payment_behavior": "error_if_incomplete",
            },
        )

    assert platform.stripe.subscriptions.retrieve(subscription.id).to_dict() == before
    assert platform.stripe.invoice_items.list().data == []
    assert len(platform.invoices(subscription.id)) == 1


def test_yearly_plan_starts_a_year_of_its_own(simulator, platform):
    subscription = platform.subscribe()
    yearly = platform.new_price(12_000, "year")
    updated = platform.stripe.subscriptions.update(
        subscription.id, {"items": [{"id": subscription["items"].data[0].id, "price": yearly}]}
    )

    item = updated["items"].data[0]
    assert (item.price.id, item.plan.interval) == (yearly, "year")
    assert item.current_period_end - item.current_period_start >= 365 * DAY
    assert simulator.ledger() == [("capture", 1_199, 0), ("capture", 12_000 - 1_199, 0)]


def test_preview_tells_the_next_invoice_and_makes_none(platform):
    subscription = platform.subscribe()
    item = subscription["items"].data[0].id
    as_is = platform.stripe.invoices.create_preview({"subscription": subscription.id})
    bigger = platform.stripe.invoices.create_preview(
        {"subscription": subscription.id, "subscription_details": {"items": [{"id": item, "quantity": 2}]}}
    )

    assert (as_is.amount_due, as_is.period_end) == (1_199, subscription["items"].data[0].current_period_end)
    assert bigger.amount_due == 2_398 + 1_199
    assert len(platform.invoices(subscription.id)) == 1
    assert platform.stripe.subscriptions.retrieve(subscription.id)["items"].data[0].quantity == 1


def test_list_knows_customer_status_and_price(platform):
    active, trial, gone = platform.subscribe(), platform.subscribe(trial_period_days=3), platform.subscribe()
    platform.stripe.subscriptions.cancel(gone.id)

    def ids(**params):
        return {found.id for found in platform.stripe.subscriptions.list(params)}

    assert ids() == {active.id, trial.id}
    assert ids(status="all") == {active.id, trial.id, gone.id}
    assert ids(status="trialing") == {trial.id}
    assert ids(status="ended") == {gone.id}
    assert ids(customer=active.customer) == {active.id}
    assert ids(price=platform.new_price()) == set()
    customer = platform.stripe.customers.retrieve(trial.customer, {"expand": ["subscriptions"]})
    assert [found.id for found in customer.subscriptions.data] == [trial.id]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"items": []}, "items"),
        ({"trial_end": 1_000}, "trial_end"),
        ({"trial_period_days": 800}, "trial_end"),
        ({"default_payment_method": "pm_nobody"}, "default_payment_method"),
        ({"collection_method": "send_invoice"}, "collection_method=send_invoice"),
        ({"items": [{"price": "price_none"}]}, "items[0][price]"),
        ({"trail_period_days": 3}, "trail_period_days"),
    ],
)
def test_impossible_subscription_is_refused(platform, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        platform.subscribe(**params)

    assert refusal.value.param == param
    assert platform.stripe.subscriptions.list({"status": "all"}).data == []


def test_deleted_customer_has_no_subscription_any_more(platform):
    subscription = platform.subscribe()
    platform.stripe.customers.delete(subscription.customer)

    assert platform.stripe.subscriptions.retrieve(subscription.id).status == "canceled"


# On a salon's account --------------------------------------------------------------------------


def monthly(salon, *, percent=None, unit_amount=4_500):
    """A subscription on a connected account, the platform's share being `percent` of it."""
    price = salon.stripe.prices.create(
        {
            "currency": "usd",
            "unit_amount": unit_amount,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Plan"},
        }
    )
    customer, method = salon.saved_card()
    salon.stripe.customers.update(customer, {"invoice_settings": {"default_payment_method": method}})
    params = {"customer": customer, "items": [{"price": price.id}], "off_session": True}
    return salon.stripe.subscriptions.create(params | ({"application_fee_percent": percent} if percent else {}))


def test_a_connected_account_bills_its_own_and_gives_the_platform_its_share_of_each_invoice(simulator, salon):
    subscription = monthly(salon, percent=1.25, unit_amount=4_567)
    simulator.control("/clock", advance_seconds=31 * DAY)
    simulator.control("/clock", advance_seconds=3_600)

    assert subscription.application_fee_percent == 1.25
    assert simulator.ledger(salon.account) == [("capture", 4_567, 57)] * 2
    told = simulator.look("/events", account=salon.account, type="invoice.paid")
    assert [event["account"] for event in told] == [salon.account] * 2


def test_without_a_share_the_account_keeps_all_of_it(simulator, salon):
    monthly(salon)

    assert simulator.ledger(salon.account) == [("capture", 4_500, 0)]


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_share_that_is_none_is_refused(salon, percent):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        monthly(salon, percent=percent)

    assert refusal.value.param == "application_fee_percent"


def test_the_platform_takes_no_share_of_itself(platform):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        platform.subscribe(application_fee_percent=1)

    assert refusal.value.param == "application_fee_percent"
