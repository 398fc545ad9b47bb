"""A salon's Stripe account: one, whatever goes wrong on the way; what Stripe says of it is kept."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from audit import actors
from audit.models import AuditEntry
from messaging.models import Message
from payments import gateway
from payments.connect import services
from payments.connect.rules import sentence
from payments.services import events
from payments.tests.conftest import repoint
from tenants.models import Business, Membership, Role, TenantBilling, User

RETURN, REFRESH = "https://tithi.example/return", "https://tithi.example/refresh"


def start(business, **more):
    return services.start_onboarding(
        business=business, return_url=RETURN, refresh_url=REFRESH, by=actors.SYSTEM, now=timezone.now(), **more
    )


def billing_of(business):
    return TenantBilling.objects.get(business=business)


def accounts(local_stripe):
    return list(local_stripe.client(None).accounts.list({"limit": 100}))


def test_an_account_is_made_and_its_page_opened(salon, local_stripe):
    found = start(salon)

    [account] = accounts(local_stripe)
    assert found.url.startswith(f"{local_stripe.base}/setup/{account.id}/")
    assert (account.type, account.country, account.metadata.to_dict()) == (
        "express",
        "US",
        {"tenant": salon.schema_name},
    )
    billing = billing_of(salon)
    assert (billing.stripe_account_id, billing.connect_status, billing.charges_enabled) == (
        account.id,
        "pending",
        False,
    )
    assert AuditEntry.objects.get().action == "stripe.connected"


def test_started_again_it_is_the_same_account_with_a_new_address(salon, local_stripe):
    first, second = start(salon), start(salon)

    assert len(accounts(local_stripe)) == 1
    assert first.url != second.url


def test_two_salons_have_two_accounts(salon, other_salon, local_stripe):
    start(salon)
    start(other_salon)

    assert len(accounts(local_stripe)) == 2
    assert billing_of(salon).stripe_account_id != billing_of(other_salon).stripe_account_id


def test_a_lost_answer_makes_no_second_account(salon, local_stripe):
    local_stripe.fault("lost_answer", "/v1/accounts$")
    with pytest.raises(services.ConnectUnavailable):
        start(salon)
    assert billing_of(salon).stripe_account_id is None

    start(salon)

    [account] = accounts(local_stripe)
    assert billing_of(salon).stripe_account_id == account.id


def test_a_lost_answer_is_found_when_stripe_has_forgotten_the_key(salon, local_stripe):
    local_stripe.fault("lost_answer", "/v1/accounts$")
    with pytest.raises(services.ConnectUnavailable):
        start(salon)
    local_stripe.control("/clock", advance_seconds=25 * 3600)

    start(salon)

    assert len(accounts(local_stripe)) == 1


def test_a_failure_that_stripe_has_stored_is_not_asked_for_again(salon, local_stripe):
    local_stripe.fault("500", "/v1/accounts$")
    with pytest.raises(services.ConnectUnavailable):
        start(salon)

    start(salon)

    assert len(accounts(local_stripe)) == 1
    assert billing_of(salon).account_generation == 1


def test_a_failure_after_the_work_was_done_makes_no_second_account(salon, local_stripe):
    local_stripe.fault("500", "/v1/accounts$", after=True)
    with pytest.raises(services.ConnectUnavailable):
        start(salon)

    start(salon)

    assert len(accounts(local_stripe)) == 1


def test_what_stripe_does_not_accept_is_refused_with_a_sentence(salon, local_stripe, settings):
    settings.STRIPE_SECRET_KEY = "sk_nobodys"
    repoint()

    with pytest.raises(services.ConnectRefused):
        start(salon)

    assert billing_of(salon).stripe_account_id is None


def test_without_stripe_nothing_is_changed(salon, no_answer):
    with pytest.raises(services.ConnectUnavailable):
        start(salon)

    assert billing_of(salon).stripe_account_id is None


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_make_one_account(salon, local_stripe):
    barrier, urls = threading.Barrier(4), []

    def press():
        try:
            barrier.wait(timeout=20)
            urls.append(start(salon).url)
        except services.ConnectUnavailable:
            pass  # the other press is under way at Stripe with the very same key
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(accounts(local_stripe)) == 1
    assert len(urls) >= 1


# What Stripe says of it --------------------------------------------------------------------------


@pytest.fixture
def connected(salon, local_stripe):
    """Rosa's account, charging."""
    start(salon)
    tell(salon, local_stripe, charges_enabled=True, payouts_enabled=True, details_submitted=True)
    refresh(salon)
    return billing_of(salon).stripe_account_id


def tell(business, local_stripe, **status):
    local_stripe.control("/accounts", account=billing_of(business).stripe_account_id, **status)


def refresh(business):
    return services.refresh_account(business=business, now=timezone.now())


def asks_for_card(business):
    return Business.objects.select_related("billing").get(pk=business.pk).asks_for_card


def test_an_account_that_may_charge_makes_the_salon_ask_for_cards(salon, connected):
    billing = billing_of(salon)

    assert (billing.connect_status, billing.charges_enabled, billing.details_submitted) == ("active", True, True)
    assert (billing.restricted_reason, asks_for_card(salon)) == ("", True)


def test_charges_that_stop_switch_the_card_step_off_and_warn_the_owners_once(salon, local_stripe, connected):
    second = User.objects.create_user("second@rosa.example")
    Membership.objects.create(user=second, business=salon, role=Role.OWNER)
    Membership.objects.create(user=User.objects.create_user("a@rosa.example"), business=salon, role=Role.ADMIN)
    tell(salon, local_stripe, charges_enabled=False, disabled_reason="requirements.past_due")

    for _ in range(3):
        refresh(salon)

    billing = billing_of(salon)
    assert (billing.connect_status, billing.restricted_reason) == ("restricted", "requirements.past_due")
    assert (asks_for_card(salon), Business.objects.get(pk=salon.pk).status) == (False, "active")
    told = Message.objects.filter(kind="cards_stopped").order_by("recipient")
    assert [message.recipient for message in told] == ["owner@rosa.test", "second@rosa.example"]
    assert f"/billing/{salon.pk}/" in told[0].text
    assert "Stripe is missing details about your business." in told[0].text


def test_charges_that_stop_a_second_time_are_told_again(salon, local_stripe, connected):
    for hours, enabled in enumerate([False, True, False]):
        tell(salon, local_stripe, charges_enabled=enabled)
        services.refresh_account(business=salon, now=timezone.now() + timedelta(hours=hours))

    assert Message.objects.filter(kind="cards_stopped").count() == 2


def test_the_other_salon_hears_nothing(salon, other_salon, local_stripe, connected):
    before = TenantBilling.objects.filter(business=other_salon).values().get()

    tell(salon, local_stripe, charges_enabled=False)
    refresh(salon)

    assert TenantBilling.objects.filter(business=other_salon).values().get() == before


def test_an_older_reading_changes_nothing(salon, local_stripe, connected, monkeypatch):
    """Somebody reads “may charge”, is slow, and writes after a reader that saw the charges stop."""
    real = gateway.retrieve_account

    def slow(**which):
        seen = real(**which)
        monkeypatch.undo()
        tell(salon, local_stripe, charges_enabled=False)
        refresh(salon)
        return seen

    monkeypatch.setattr(gateway, "retrieve_account", slow)
    refresh(salon)

    assert billing_of(salon).charges_enabled is False


def test_an_account_taken_away_asks_for_no_card_and_may_be_replaced(salon, local_stripe, connected):
    for _ in range(2):
        services.disconnect_account(business=salon, now=timezone.now())

    billing = billing_of(salon)
    assert (billing.stripe_account_id, billing.connect_status, billing.charges_enabled) == (None, "none", False)
    assert asks_for_card(salon) is False
    assert Message.objects.filter(kind="cards_stopped").count() == 1

    local_stripe.control("/clock", advance_seconds=5)
    start(salon)

    assert billing_of(salon).stripe_account_id not in (None, connected)


def test_stripes_events_lead_here(salon, local_stripe, connected):
    tell(salon, local_stripe, charges_enabled=False)

    events.handle(business=salon, kind="account.updated", data={"id": connected, "object": "account"})
    assert billing_of(salon).connect_status == "restricted"

    events.handle(business=salon, kind="account.application.deauthorized", data={"id": "ca_1", "object": "application"})
    assert billing_of(salon).connect_status == "none"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("rejected.fraud", "Stripe has closed this account for card payments. Please write to Stripe."),
        ("under_review", "Stripe is reviewing your account."),
        ("a new reason", "Stripe is missing details about your business."),
    ],
)
def test_every_reason_has_a_sentence(reason, words):
    assert sentence(reason) == words
