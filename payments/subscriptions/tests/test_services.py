"""A plan from its first day to its last: at Stripe, in our words, and on the salon's site."""

import pytest

from audit.models import AuditEntry
from messaging.models import Message
from payments.subscriptions import services
from tenants.models import Business, BusinessStatus


def mails():
    return list(Message.objects.order_by("created_at").values_list("kind", flat=True))


# The trial ---------------------------------------------------------------------------------------


def test_a_trial_is_free_for_thirty_days_and_needs_no_card(plan):
    billing = plan.start_trial()

    assert (plan.state, plan.site, plan.subscriptions(), plan.taken()) == ("trial", "active", ["trialing"], [])
    assert (billing.trial_ends_at - plan.now()).days in (29, 30)
    assert (billing.next_billing_at, billing.subscription_price_cents) == (billing.trial_ends_at, 1199)
    assert (billing.subscription_id[:4], billing.stripe_customer_id[:4]) == ("sub_", "cus_")
    assert [entry.action for entry in AuditEntry.objects.all()] == ["plan.trial_started"]


def test_there_is_one_trial_however_often_it_is_asked_for(plan):
    first = plan.start_trial().trial_ends_at
    plan.wait(days=3)
    again = plan.start_trial()

    assert (again.trial_ends_at, plan.subscriptions()) == (first, ["trialing"])


def test_two_salons_have_two_plans_at_one_price(plan, other_plan):
    plan.start_trial()
    other_plan.start_trial()

    assert plan.subscriptions() == ["trialing", "trialing"]
    assert plan.billing.stripe_customer_id != other_plan.billing.stripe_customer_id
    [price] = list(plan.stripe.prices.list({"limit": 5}))
    assert (price.unit_amount, price.currency, price.recurring.interval, price.lookup_key) == (
        1199,
        "usd",
        "month",
        "location_monthly_1199",
    )


@pytest.mark.parametrize("path", ["/v1/customers$", "/v1/prices$", "/v1/subscriptions$"])
@pytest.mark.parametrize("fault", [{"kind": "lost_answer"}, {"kind": "500"}, {"kind": "500", "after": True}], ids=str)
def test_whatever_goes_wrong_at_the_start_there_is_one_subscription(plan, local_stripe, path, fault):
    local_stripe.fault(fault["kind"], path, after=fault.get("after", False))
    with pytest.raises(services.PlanUnavailable):
        plan.start_trial()
    promised = plan.billing.trial_ends_at

    plan.wait(hours=2)
    plan.start_trial()

    assert (plan.state, plan.subscriptions(), plan.billing.trial_ends_at) == ("trial", ["trialing"], promised)
    assert len(list(plan.stripe.prices.list({"limit": 5}))) == 1


def test_without_stripe_the_trial_is_promised_and_begun_later(plan, no_answer, settings, local_stripe):
    from payments.tests.conftest import repoint

    no_answer()
    with pytest.raises(services.PlanUnavailable):
        plan.start_trial()
    assert (plan.state, plan.billing.subscription_id) == ("trial", "")
    promised = plan.billing.trial_ends_at

    settings.STRIPE_API_BASE = local_stripe.base
    repoint()
    plan.catch_up()

    assert (plan.subscriptions(), plan.billing.trial_ends_at) == (["trialing"], promised)


def test_a_trial_that_stripe_never_heard_of_runs_out_all_the_same(plan, no_answer):
    start = plan.now()
    no_answer()
    with pytest.raises(services.PlanUnavailable):
        plan.start_trial()

    for days, state, site in ((29.99, "trial", "active"), (31, "past_due", "active"), (45, "paused unpaid", "paused")):
        if days > 29.99:
            plan.wait(days=days - (plan.now() - start).total_seconds() / 86400)
            plan.catch_up()
        assert (plan.state, plan.site) == (state, site)


# Paying ------------------------------------------------------------------------------------------


def test_paying_needs_a_card(plan):
    plan.start_trial()

    with pytest.raises(services.CardNeeded):
        plan.activate()

    assert (plan.state, plan.taken()) == ("trial", [])


def test_paying_ends_the_trial_and_takes_the_price(paying):
    assert (paying.state, paying.subscriptions(), paying.taken()) == ("active", ["active"], [1199])
    assert paying.billing.card_label == "Visa •••• 4242"
    assert 28 <= (paying.billing.next_billing_at - paying.now()).days <= 31


def test_paying_twice_takes_it_once(paying):
    paying.activate()
    paying.activate()

    assert (paying.subscriptions(), paying.taken()) == (["active"], [1199])


def test_a_declined_card_leaves_the_trial_as_it_was(plan):
    plan.start_trial()
    plan.card("pm_card_chargeCustomerFail")

    with pytest.raises(services.CardRefused):
        plan.activate()

    assert (plan.state, plan.subscriptions(), plan.taken()) == ("trial", ["trialing"], [])

    plan.card()
    plan.activate()
    assert (plan.state, plan.taken()) == ("active", [1199])


def test_a_bank_that_asks_sends_the_owner_to_stripes_page(plan):
    plan.start_trial()
    plan.card("pm_card_authenticationRequired")

    outcome = plan.activate()

    assert outcome.pay_url.startswith(f"{plan.local.base}/i/in_")
    assert (plan.state, plan.taken()) == ("past_due", [])


def test_a_trial_with_a_card_goes_over_into_paying(plan):
    plan.start_trial()
    plan.card()

    plan.wait(days=30, hours=2)
    plan.refresh()

    assert (plan.state, plan.taken()) == ("active", [1199])


# Not paying --------------------------------------------------------------------------------------


@pytest.fixture
def overdue(plan):
    """A trial that ended without a card."""
    plan.start_trial()
    plan.wait(days=30, hours=2)
    plan.refresh()
    return plan


def test_unpaid_everything_works_for_a_while(overdue):
    billing = overdue.billing

    assert (overdue.state, overdue.site, mails()) == ("past_due", "active", ["plan_past_due"])
    assert (billing.grace_ends_at - overdue.now()).days in (13, 14)


def test_read_again_the_grace_does_not_begin_anew(overdue):
    ends = overdue.billing.grace_ends_at
    overdue.wait(days=5)
    overdue.refresh()

    assert (overdue.billing.grace_ends_at, overdue.state, mails()) == (ends, "past_due", ["plan_past_due"])


def test_after_the_grace_the_site_closes_and_no_more_debt_is_made(overdue):
    overdue.local.control("/billing", when_exhausted="past_due")
    overdue.wait(days=14, hours=1)
    overdue.catch_up()

    assert (overdue.state, overdue.site) == ("paused unpaid", "paused")
    assert mails() == ["plan_past_due", "plan_closed"]
    [subscription] = list(overdue.stripe.subscriptions.list({"status": "all"}))
    assert subscription.pause_collection.behavior == "void"


def test_paying_opens_the_site_again_and_billing_goes_on(overdue):
    overdue.local.control("/billing", when_exhausted="past_due")
    overdue.wait(days=14, hours=1)
    overdue.catch_up()
    overdue.card()

    overdue.activate()

    assert (overdue.state, overdue.site, overdue.taken()) == ("active", "active", [1199])
    [subscription] = list(overdue.stripe.subscriptions.list({"status": "all"}))
    assert subscription.pause_collection is None
    overdue.wait(days=31)
    overdue.refresh()
    assert overdue.taken() == [1199, 1199]


def test_paid_at_stripes_own_page_it_opens_by_itself(overdue):
    overdue.local.control("/billing", when_exhausted="past_due")
    overdue.wait(days=14, hours=1)
    overdue.catch_up()
    method = overdue.stripe.payment_methods.attach("pm_card_visa", {"customer": overdue.billing.stripe_customer_id})
    [invoice] = overdue.stripe.invoices.list({"status": "open"}).data
    overdue.stripe.invoices.pay(invoice.id, {"payment_method": method.id})

    overdue.refresh()

    assert (overdue.state, overdue.site) == ("active", "active")
    [subscription] = list(overdue.stripe.subscriptions.list({"status": "all"}))
    assert subscription.pause_collection is None


def test_what_stripe_gives_up_has_ended(overdue):
    overdue.wait(days=16)
    overdue.refresh()

    assert (overdue.state, overdue.site, mails()[-1]) == ("canceled", "canceled", "plan_ended")


def test_an_unpaid_plan_cannot_be_paused_instead(overdue):
    with pytest.raises(services.WrongState, match="not paid yet"):
        overdue.pause()

    assert overdue.state == "past_due"


# Pausing -----------------------------------------------------------------------------------------


def test_a_pause_bills_nothing_and_keeps_the_site_open(paying):
    billing = paying.pause()

    assert (paying.state, paying.site) == ("paused owner", "active")
    assert 89 <= (billing.next_billing_at - paying.now()).days <= 90
    paying.wait(days=60)
    paying.refresh()
    assert (paying.state, paying.site, paying.taken()) == ("paused owner", "active", [1199])
    assert mails() == []


def test_a_pause_ends_by_itself_after_ninety_days(paying):
    paying.pause()
    paying.wait(days=91)
    paying.refresh()
    assert paying.state == "active"

    paying.wait(days=31)
    assert len(paying.taken()) > 1


def test_pausing_and_taking_up_again_twice_is_harmless(paying):
    paying.pause()
    paying.pause()
    assert paying.state == "paused owner"

    paying.resume()
    paying.resume()
    assert (paying.state, paying.taken()) == ("active", [1199])


def test_a_trial_that_is_paused_goes_on_as_a_trial(plan):
    plan.start_trial()
    plan.pause()
    assert plan.state == "paused owner"

    plan.resume()
    assert plan.state == "trial"


def test_activating_a_paused_plan_bills_again(paying):
    paying.pause()
    paying.activate()

    assert (paying.state, paying.taken()) == ("active", [1199])


# Calling off -------------------------------------------------------------------------------------


def test_called_off_it_works_until_what_is_paid_for_ends(paying):
    billing = paying.cancel()

    assert (paying.state, paying.site, billing.next_billing_at) == ("active", "active", None)
    assert 28 <= (billing.cancel_at - paying.now()).days <= 31
    paying.wait(days=32)
    paying.refresh()
    assert (paying.state, paying.site, paying.taken(), mails()) == ("canceled", "canceled", [1199], ["plan_ended"])


def test_called_off_by_mistake_it_can_be_kept(paying):
    paying.cancel()
    billing = paying.keep()

    assert billing.cancel_at is None
    paying.wait(days=32)
    paying.refresh()
    assert (paying.state, paying.taken()) == ("active", [1199, 1199])


def test_at_once_it_ends_when_that_is_confirmed(paying):
    with pytest.raises(services.ConfirmationNeeded):
        paying.cancel(at_period_end=False)
    assert paying.state == "active"

    for _ in range(2):
        paying.cancel(at_period_end=False, confirmed=True)

    assert (paying.state, paying.site, paying.subscriptions()) == ("canceled", "canceled", ["canceled"])


def test_what_has_ended_comes_back_by_being_paid_and_has_no_second_trial(paying):
    paying.cancel(at_period_end=False, confirmed=True)
    paying.start_trial()
    assert paying.state == "canceled"

    paying.activate()

    assert (paying.state, paying.site, paying.taken()) == ("active", "active", [1199, 1199])
    assert sorted(paying.subscriptions()) == ["active", "canceled"]


def test_a_plan_that_never_began_can_be_ended(plan):
    with pytest.raises(services.ConfirmationNeeded):
        plan.cancel()

    plan.cancel(confirmed=True)

    assert (plan.state, plan.site) == ("canceled", "canceled")


def test_beginning_anew_with_a_lost_answer_is_seen_by_the_next_event(paying, local_stripe):
    paying.cancel(at_period_end=False, confirmed=True)
    local_stripe.fault("lost_answer", "/v1/subscriptions$")
    with pytest.raises(services.PlanUnavailable):
        paying.activate()
    assert paying.taken() == [1199, 1199]

    paying.tell()

    assert (paying.state, paying.site, sorted(paying.subscriptions())) == ("active", "active", ["active", "canceled"])


def test_a_declined_beginning_can_be_repeated_with_another_card(paying):
    paying.cancel(at_period_end=False, confirmed=True)
    paying.card("pm_card_chargeCustomerFail")
    with pytest.raises(services.CardRefused):
        paying.activate()

    paying.card()
    paying.activate()

    assert (paying.state, paying.taken()) == ("active", [1199, 1199])


@pytest.mark.parametrize("status", [BusinessStatus.ONBOARDING, BusinessStatus.READY])
def test_a_salon_that_is_not_live_is_not_opened_by_its_plan(plan, status):
    Business.objects.filter(pk=plan.business.pk).update(status=status)
    plan.start_trial()
    plan.card()
    plan.activate()
    plan.cancel(at_period_end=False, confirmed=True)

    assert (plan.state, plan.site) == ("canceled", status)


# The card ----------------------------------------------------------------------------------------


def test_a_card_counts_once_it_was_left(plan):
    plan.start_trial()
    page = plan.give_card()
    assert plan.billing.card_label == ""

    plan.accept_card(page_id=page)

    assert (plan.billing.card_label, plan.state) == ("Visa •••• 4242", "trial")


def test_a_page_that_was_left_empty_brings_nothing(plan):
    page = services.open_card_page(
        business=plan.business, success_url="https://t.example/", cancel_url="https://t.example/", activate=True
    )

    with pytest.raises(services.PageNotDone):
        plan.accept_card(page_id=page.id)

    assert plan.taken() == []


def test_an_old_page_brings_back_neither_card_nor_plan(plan):
    plan.start_trial()
    page = services.open_card_page(
        business=plan.business, success_url="https://t.example/", cancel_url="https://t.example/", activate=True
    )
    plan.fill(page.id)
    plan.accept_card(page_id=page.id)
    plan.card("pm_card_mastercard")
    plan.cancel(at_period_end=False, confirmed=True)

    plan.accept_card(page_id=page.id)

    assert (plan.state, plan.taken()) == ("canceled", [1199])
    customer = plan.stripe.customers.retrieve(
        plan.billing.stripe_customer_id, {"expand": ["invoice_settings.default_payment_method"]}
    )
    assert customer.invoice_settings.default_payment_method.card.brand == "mastercard"


def test_a_page_of_another_salon_brings_nothing(plan, other_plan):
    plan.start_trial()
    other_plan.start_trial()
    page = other_plan.give_card()

    with pytest.raises(services.PageNotDone):
        plan.accept_card(page_id=page)

    assert plan.billing.card_label == ""


def test_the_portal_is_stripes_own(plan):
    with pytest.raises(services.NothingToManage):
        services.open_portal(business=plan.business, return_url="https://t.example/")
    plan.start_trial()

    url = services.open_portal(business=plan.business, return_url="https://t.example/")

    assert url.startswith(f"{plan.local.base}/p/session/")


def test_what_is_done_at_stripe_itself_is_seen_here(paying):
    """As its portal and its staff do it."""
    stripe, subscription = paying.stripe.subscriptions, paying.billing.subscription_id
    stripe.update(subscription, {"cancel_at_period_end": True})
    paying.tell()
    assert paying.billing.cancel_at is not None

    stripe.update(subscription, {"cancel_at_period_end": False, "pause_collection": {"behavior": "void"}})
    paying.tell()
    assert (paying.state, paying.site, paying.billing.cancel_at) == ("paused owner", "active", None)


def test_a_second_trial_made_by_hand_at_stripe_opens_nothing(paying):
    paying.cancel(at_period_end=False, confirmed=True)
    price = paying.stripe.prices.list({"limit": 1}).data[0].id
    paying.stripe.subscriptions.create(
        {"customer": paying.billing.stripe_customer_id, "items": [{"price": price}], "trial_period_days": 30}
    )

    paying.tell()

    assert (paying.state, paying.site) == ("canceled", "canceled")


# Apart -------------------------------------------------------------------------------------------


def test_the_other_salon_is_not_touched(paying, other_plan):
    other_plan.start_trial()
    before = other_plan.billing.__dict__ | {"_state": None}

    paying.pause()
    paying.cancel(at_period_end=False, confirmed=True)
    paying.tell()

    fresh = other_plan.billing.__dict__ | {"_state": None, "subscription_read_at": before["subscription_read_at"]}
    assert (fresh, other_plan.site) == (before, "active")


def test_only_one_works_on_a_plan_at_a_time(paying):
    from payments.subscriptions.services.leases import working_on

    with working_on(paying.business), pytest.raises(services.PlanBusy):
        paying.pause()

    paying.pause()
    assert paying.state == "paused owner"
