import pytest
import requests
import stripe


def new_account(simulator):
    return simulator.client().accounts.create(
        {
            "type": "express",
            "country": "US",
            "email": "owner@salon.test",
            "business_profile": {"name": "Salon Ada"},
            "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
            "metadata": {"tenant": "ada"},
        }
    )


def test_new_account_takes_no_cards_yet(simulator):
    account = new_account(simulator)

    with pytest.raises(stripe.InvalidRequestError, match="charges are not enabled"):
        simulator.client(account.id).setup_intents.create({})

    assert (account.type, account.charges_enabled, account.payouts_enabled, account.details_submitted) == (
        "express",
        False,
        False,
        False,
    )
    assert account.requirements.currently_due != []
    assert account.capabilities.to_dict() == {"card_payments": "inactive", "transfers": "inactive"}


def test_onboarding_page_makes_an_account_ready_and_returns(simulator):
    account = new_account(simulator)
    link = simulator.client().account_links.create(
        {
            "account": account.id,
            "type": "account_onboarding",
            "return_url": "https://shop.test/done",
            "refresh_url": "https://shop.test/again",
        }
    )

    page = requests.get(link.url, timeout=20)
    pressed = requests.post(link.url, timeout=20, allow_redirects=False)
    again = requests.get(link.url, timeout=20, allow_redirects=False)

    assert "Salon Ada" in page.text
    assert "script" not in page.text
    assert (pressed.status_code, pressed.headers["Location"]) == (303, "https://shop.test/done")
    assert again.headers["Location"] == "https://shop.test/again"
    ready = simulator.client().accounts.retrieve(account.id)
    assert (ready.charges_enabled, ready.payouts_enabled, ready.details_submitted) == (True, True, True)
    assert ready.requirements.currently_due == []
    assert simulator.event_types(account.id) == ["account.updated"]


def test_late_link_leads_to_a_fresh_one(simulator):
    account = new_account(simulator)
    urls = {"return_url": "https://shop.test/done", "refresh_url": "https://shop.test/again"}
    link = simulator.client().account_links.create({"account": account.id, "type": "account_onboarding", **urls})
    simulator.control("/clock", advance_seconds=301)

    assert requests.get(link.url, timeout=20, allow_redirects=False).headers["Location"] == "https://shop.test/again"


def test_disabled_account_is_told_and_takes_no_payment(simulator, salon):
    customer, method = salon.saved_card()
    simulator.control("/accounts", account=salon.account, charges_enabled=False, disabled_reason="rejected.fraud")

    with pytest.raises(stripe.InvalidRequestError, match="charges are not enabled"):
        salon.stripe.payment_intents.create(
            {"amount": 5_000, "currency": "usd", "customer": customer, "payment_method": method}
        )

    event = simulator.look("/events", account=salon.account)[-1]
    assert (event["type"], event["account"]) == ("account.updated", salon.account)
    assert event["data"]["object"]["requirements"]["disabled_reason"] == "rejected.fraud"
    assert event["data"]["previous_attributes"]["charges_enabled"] is True


def test_objects_of_one_account_are_missing_in_another(simulator, salon):
    intent = salon.paid()
    other = simulator.new_salon()

    for stranger in (other.stripe, simulator.client()):
        for read in (
            lambda: stranger.payment_intents.retrieve(intent.id),  # noqa: B023 -- called at once
            lambda: stranger.charges.retrieve(intent.latest_charge),  # noqa: B023
            lambda: stranger.customers.retrieve(intent.customer),  # noqa: B023
            lambda: stranger.refunds.create({"payment_intent": intent.id}),  # noqa: B023
        ):
            with pytest.raises(stripe.InvalidRequestError) as refusal:
                read()
            assert refusal.value.code == "resource_missing"
        assert stranger.payment_intents.list().data == []
    assert [kind for kind, _, _ in simulator.ledger()] == ["authorization", "capture"]


def test_unknown_account_is_forbidden(simulator):
    with pytest.raises(stripe.PermissionError) as refusal:
        simulator.client("acct_nobody").customers.list()

    assert refusal.value.error.code == "account_invalid"


def test_account_sees_itself_and_the_platform_sees_all(simulator, salon):
    other = simulator.new_salon()

    with pytest.raises(stripe.InvalidRequestError):
        salon.stripe.accounts.retrieve(other.account)

    assert salon.stripe.accounts.retrieve_current().id == salon.account
    assert simulator.client().accounts.retrieve_current().id == simulator.look("/health")["platform"]
    assert [account.id for account in simulator.client().accounts.list().data] == [other.account, salon.account]


def test_account_update_merges_what_is_given(simulator):
    account = new_account(simulator)
    updated = simulator.client().accounts.update(
        account.id, {"business_profile": {"url": "https://ada.test"}, "metadata": {"plan": "pro"}}
    )

    assert (updated.business_profile.name, updated.business_profile.url) == ("Salon Ada", "https://ada.test")
    assert updated.metadata.to_dict() == {"tenant": "ada", "plan": "pro"}


def test_deleted_customer_remains_as_a_tombstone(salon):
    customer, method = salon.saved_card()
    salon.stripe.customers.delete(customer)

    assert salon.stripe.customers.retrieve(customer).deleted is True
    assert salon.stripe.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.payment_intents.create({"amount": 5_000, "currency": "usd", "customer": customer})
    assert refusal.value.code == "resource_missing"
    assert salon.stripe.payment_methods.retrieve(method).customer is None


def test_account_that_must_tell_more_says_what(simulator, salon):
    simulator.control(
        "/accounts",
        account=salon.account,
        payouts_enabled=False,
        disabled_reason="requirements.past_due",
        currently_due=["individual.verification.document"],
        past_due=["individual.verification.document"],
    )

    account = simulator.client().accounts.retrieve(salon.account)
    assert (account.charges_enabled, account.payouts_enabled) == (True, False)
    assert account.requirements.currently_due == account.requirements.past_due == ["individual.verification.document"]
    assert account.requirements.disabled_reason == "requirements.past_due"
    assert simulator.event_types(salon.account)[-1] == "account.updated"


def test_rejected_account_takes_no_cards(simulator, salon):
    rejected = simulator.client().accounts.reject(salon.account, {"reason": "terms_of_service"})

    assert (rejected.charges_enabled, rejected.requirements.disabled_reason) == (False, "rejected.terms_of_service")
    with pytest.raises(stripe.InvalidRequestError, match="charges are not enabled"):
        salon.stripe.setup_intents.create({})


def test_deauthorized_account_is_out_of_reach(simulator, salon):
    salon.paid()
    simulator.control(f"/accounts/{salon.account}/deauthorize")

    event = simulator.look("/events", account=salon.account)[-1]
    assert (event["type"], event["account"]) == ("account.application.deauthorized", salon.account)
    assert event["data"]["object"]["object"] == "application"
    for call in (salon.stripe.customers.list, lambda: simulator.client().accounts.retrieve(salon.account)):
        with pytest.raises(stripe.PermissionError) as refusal:
            call()
        assert refusal.value.error.code == "account_invalid"
    assert simulator.client().accounts.list().data == []


def test_login_link_opens_the_dashboard_once(simulator, salon):
    salon.paid()
    link = simulator.client().accounts.login_links.create(salon.account)

    pages = [requests.get(link.url, timeout=20) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 404]
    assert "$96.80" in pages[0].text
    with pytest.raises(stripe.InvalidRequestError, match="has not completed onboarding"):
        simulator.client().accounts.login_links.create(new_account(simulator).id)
