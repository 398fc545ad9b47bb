"""Money of a pack that goes back at Stripe takes its credits along, once, as far as they are there."""

import itertools
import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone
from structlog.testing import capture_logs

from payments.credits import services
from payments.credits.models import CreditEntry, CreditPurchase, MoneyBack
from payments.credits.tests.conftest import pay
from payments.credits.tests.test_purchases import balance, happened, tell


@pytest.fixture
def stripe(local_stripe):
    """The platform's account, as its owner sees it."""
    return local_stripe.client(None)


@pytest.fixture
def bought(buy):
    """2,000 credits for $18.00, paid and added: the balance is 3,000."""
    purchase, url = buy()
    pay(url)
    return services.settle(purchase_id=purchase.pk, now=timezone.now())


def give_back(stripe, purchase, cents=None):
    more = {"amount": cents} if cents else {}
    return stripe.refunds.create({"payment_intent": purchase.payment_intent_id, **more})


def dispute(local_stripe, payment_intent_id, **how):
    charge = local_stripe.client(None).payment_intents.retrieve(payment_intent_id).latest_charge
    return local_stripe.control("/disputes", charge=charge, **how)


def tell_all(local_stripe, times=2):
    for event in happened(local_stripe) * times:
        tell(event)


def changes(*kinds):
    return list(CreditEntry.objects.filter(kind__in=kinds).order_by("id").values_list("kind", "amount_signed"))


def is_sound():
    """The balance is the sum of its entries, and each of them says what it left."""
    entries = list(CreditEntry.objects.order_by("id"))
    sums = list(itertools.accumulate(entry.amount_signed for entry in entries))
    return [entry.balance_after for entry in entries] == sums and sums[-1] == balance()


def test_a_refund_takes_the_credits_back_once(bought, stripe, local_stripe):
    refund = give_back(stripe, bought)

    tell_all(local_stripe, times=3)

    assert (balance(), changes("revoke")) == (1000, [("revoke", -2000)])
    assert CreditEntry.objects.get(kind="revoke").reference == refund.id
    assert CreditPurchase.objects.get().missing_credits == 0
    assert is_sound()


def test_parts_of_a_refund_add_up_to_the_whole(bought, stripe, local_stripe):
    for cents, left in ((600, 2333), (601, 1666), (599, 1000)):
        give_back(stripe, bought, cents)
        tell_all(local_stripe)
        assert balance() == left

    assert changes("revoke") == [("revoke", -667), ("revoke", -667), ("revoke", -666)]


def test_several_refunds_told_at_once_are_written_one_by_one(bought, stripe, local_stripe):
    for cents in (600, 601, 599):
        give_back(stripe, bought, cents)

    tell_all(local_stripe)

    assert sorted(changes("revoke")) == [("revoke", -667), ("revoke", -667), ("revoke", -666)]
    assert balance() == 1000


def test_credits_that_were_spent_are_missing_and_the_balance_stops_at_nothing(bought, person, stripe, local_stripe):
    services.spend(user=person, amount=2500, reference="sms", now=timezone.now())
    give_back(stripe, bought)

    with capture_logs() as logs:
        tell_all(local_stripe)

    assert (balance(), changes("revoke")) == (0, [("revoke", -500)])
    assert CreditPurchase.objects.get().missing_credits == 1500
    assert [(log["missing"], log["purchase_id"]) for log in logs if log["event"] == "credits_missing"] == [
        (1500, str(bought.pk))
    ]
    assert is_sound()


def test_with_nothing_left_the_refund_is_noted_all_the_same(bought, person, stripe, local_stripe):
    services.spend(user=person, amount=3000, reference="sms", now=timezone.now())
    give_back(stripe, bought)
    tell_all(local_stripe)
    services.give_back(user=person, reference="sms", now=timezone.now())

    tell_all(local_stripe)

    assert (balance(), changes("revoke"), CreditPurchase.objects.get().missing_credits) == (3000, [], 2000)


def test_a_dispute_takes_the_credits_and_a_won_one_gives_them_again(bought, local_stripe):
    found = dispute(local_stripe, bought.payment_intent_id)
    tell_all(local_stripe)
    assert (balance(), changes("revoke", "restore")) == (1000, [("revoke", -2000)])

    local_stripe.control(f"/disputes/{found['id']}/close", status="won")
    tell_all(local_stripe)

    assert (balance(), changes("revoke", "restore")) == (3000, [("revoke", -2000), ("restore", 2000)])
    assert {entry.reference for entry in CreditEntry.objects.filter(kind__in=("revoke", "restore"))} == {found["id"]}
    assert is_sound()


def test_a_won_dispute_gives_what_was_taken_and_nothing_is_missing_any_more(bought, person, local_stripe):
    services.spend(user=person, amount=2500, reference="sms", now=timezone.now())
    found = dispute(local_stripe, bought.payment_intent_id)
    tell_all(local_stripe)
    assert (balance(), CreditPurchase.objects.get().missing_credits) == (0, 1500)

    local_stripe.control(f"/disputes/{found['id']}/close", status="won")
    tell_all(local_stripe)

    assert (balance(), CreditPurchase.objects.get().missing_credits) == (500, 0)


def test_a_lost_dispute_keeps_them(bought, local_stripe):
    found = dispute(local_stripe, bought.payment_intent_id)
    local_stripe.control(f"/disputes/{found['id']}/close", status="lost")

    tell_all(local_stripe)

    assert (balance(), changes("revoke", "restore")) == (1000, [("revoke", -2000)])


def test_a_banks_question_takes_nothing(bought, local_stripe):
    dispute(local_stripe, bought.payment_intent_id, inquiry=True)

    tell_all(local_stripe)

    assert (balance(), MoneyBack.objects.count()) == (3000, 0)


def test_a_refund_and_a_dispute_of_the_rest_take_no_more_than_was_bought(bought, stripe, local_stripe):
    give_back(stripe, bought, 450)
    dispute(local_stripe, bought.payment_intent_id)

    tell_all(local_stripe)

    assert (balance(), sorted(changes("revoke"))) == (1000, [("revoke", -1500), ("revoke", -500)])


def test_a_refund_that_fails_gives_them_again(buy, stripe, local_stripe):
    purchase, url = buy()
    pay(url, number="4000 0000 0000 5126")
    give_back(stripe, services.settle(purchase_id=purchase.pk, now=timezone.now()))
    tell_all(local_stripe)
    assert balance() == 1000

    local_stripe.control("/clock", advance_seconds=61)
    tell_all(local_stripe)

    assert (balance(), changes("revoke", "restore")) == (3000, [("revoke", -2000), ("restore", 2000)])


def test_signed_letters_about_money_back_go_through_the_inbox(buy, stripe, local_stripe, delivered, receive):
    """A platform's refund and dispute, as Stripe sends them; dj-stripe takes its copies along."""
    purchase, url = buy()
    pay(url)
    intent_id = stripe.checkout.sessions.retrieve(purchase_of(purchase).checkout_session_id).payment_intent
    stripe.refunds.create({"payment_intent": intent_id, "amount": 900})
    found = dispute(local_stripe, intent_id)
    refunded, withdrawn = delivered("charge.refunded", "charge.dispute.funds_withdrawn")

    assert (receive(withdrawn), receive(refunded), balance()) == ("processed", "processed", 1000)

    local_stripe.control(f"/disputes/{found['id']}/close", status="won")
    [reinstated] = delivered("charge.dispute.funds_reinstated")
    assert (receive(reinstated), balance()) == ("processed", 2000)


LIFE = (
    "checkout.session.completed",
    "invoice.paid",
    "charge.refunded",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "left", "every"), [("won", 2500, 1), ("lost", 1000, 6)], ids=["won: all 120", "lost: 20"]
)
def test_the_orders_of_a_purchases_life_end_alike(buy, stripe, local_stripe, outcome, left, every):
    """Bought, a quarter refunded, the rest disputed; nobody came back from Stripe's page."""
    purchase, url = buy()
    pay(url)
    intent_id = stripe.checkout.sessions.retrieve(purchase_of(purchase).checkout_session_id).payment_intent
    stripe.refunds.create({"payment_intent": intent_id, "amount": 450})
    found = dispute(local_stripe, intent_id)
    local_stripe.control(f"/disputes/{found['id']}/close", status=outcome)
    told = {event["type"]: event for event in happened(local_stripe)}
    events = [told[kind] for kind in LIFE if kind in told]
    ends = set()

    for order in itertools.islice(itertools.permutations(events), 0, None, every):
        savepoint = transaction.savepoint()
        for event in (*order, *order):
            tell(event)
        ends.add((balance(), purchase_of(purchase).status, tuple(changes("purchase", "revoke", "restore")), is_sound()))
        transaction.savepoint_rollback(savepoint)

    assert len(ends) == 1, ends
    assert ends.pop()[:2] == (left, "paid")


def purchase_of(purchase):
    return CreditPurchase.objects.get(pk=purchase.pk)


def test_money_that_went_back_before_the_credits_came_is_not_forgotten(buy, stripe, local_stripe):
    """Stripe's answer was lost, so that nobody knows the page when its refund is told."""
    local_stripe.fault("lost_answer", "checkout/sessions$")
    with pytest.raises(services.CheckoutUnavailable):
        buy()
    [session] = stripe.checkout.sessions.list({"limit": 5})
    pay(session.url)
    stripe.refunds.create({"payment_intent": stripe.checkout.sessions.retrieve(session.id).payment_intent})
    events = {event["type"]: event for event in happened(local_stripe)}

    tell(events["charge.refunded"])
    assert (balance(), CreditEntry.objects.count()) == (1000, 1)

    tell(events["invoice.paid"])
    assert (balance(), changes("purchase", "revoke")) == (1000, [("purchase", 2000), ("revoke", -2000)])


def test_money_back_of_another_payment_takes_nothing(bought, stripe, local_stripe):
    other = stripe.payment_intents.create(
        {
            "amount": 1800,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "payment_method_types": ["card"],
            "confirm": True,
            "metadata": {"credit_purchase": str(bought.pk)},
        }
    )
    stripe.refunds.create({"payment_intent": other.id})

    tell_all(local_stripe)

    assert (balance(), MoneyBack.objects.count()) == (3000, 0)


@pytest.mark.django_db(transaction=True)
def test_twelve_tellings_at_once_take_once(bought, stripe, local_stripe):
    give_back(stripe, bought)
    [event] = [event for event in happened(local_stripe) if event["type"] == "charge.refunded"]
    barrier, failures = threading.Barrier(12), []

    def act():
        try:
            barrier.wait(timeout=20)
            tell(event)
        except Exception as exc:  # noqa: BLE001 -- judged below
            failures.append(exc)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (failures, balance(), changes("revoke")) == ([], 1000, [("revoke", -2000)])


@pytest.mark.django_db(transaction=True)
def test_who_read_before_the_bank_decided_takes_nothing_after_it(bought, local_stripe):
    """One worker's answer from Stripe is on its way for a second; meanwhile the dispute is won, and told."""
    found = dispute(local_stripe, bought.payment_intent_id)
    [withdrawn] = [event for event in happened(local_stripe) if "withdrawn" in event["type"]]
    local_stripe.fault("hang", "/v1/disputes$", method="GET", seconds=1.5, after=True)

    def late():
        try:
            tell(withdrawn)
        finally:
            connection.close()

    slow = threading.Thread(target=late)
    slow.start()
    while local_stripe.look("/health")["faults_left"]:
        time.sleep(0.02)
    local_stripe.control(f"/disputes/{found['id']}/close", status="won")
    [won] = [event for event in happened(local_stripe) if "reinstated" in event["type"]]
    tell(won)
    assert slow.is_alive()
    slow.join()

    assert (balance(), changes("revoke", "restore")) == (3000, [])
    assert MoneyBack.objects.get().undone_at is not None
