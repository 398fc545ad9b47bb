"""Money of customers who turn out to be one person, or who ask to be forgotten."""

import pytest
from django.utils import timezone

from audit import actors
from bookings import services as diary
from bookings.models import Booking, Customer
from bookings.services import customers
from bookings.tests.factories import DETAILS, at, make_past_visit
from payments import queries, services
from payments.models import LedgerEntry, Payment, PaymentStatus, SavedCard
from payments.tests.making import book, with_fees
from payments.tests.test_services_cards import BEA, complete, customer_of, keeping, submitted
from tenants.money import Money


@pytest.fixture
def by(admin):
    return actors.user(admin)


def merge(one, two, by):
    return customers.merge_customers(customer=one, other=two, by=by, now=timezone.now())


def erase(customer, by):
    return customers.erase_customer(customer=customer, by=by, now=timezone.now())


@pytest.fixture
def paid(salon, cut, ann, account, by):
    """A visit of Anna's that was paid by a card she lets the salon keep."""
    booking = make_past_visit(keeping(salon, cut, account))
    complete(salon, booking, by)
    return Booking.objects.get(pk=booking.pk)


def test_after_a_merge_both_cards_are_kept_and_both_visits_can_be_charged(salon, cut, ann, account, by, local_stripe):
    one = make_past_visit(keeping(salon, cut, account))
    two = make_past_visit(keeping(salon, cut, account, "12:00", details=BEA, card="pm_card_mastercard"), days=2)
    before = local_stripe.calls("")

    kept = merge(one.customer, two.customer, by)

    assert local_stripe.calls("") == before
    assert sorted(queries.saved_cards_of(kept).values_list("last4", flat=True)) == ["4242", "4444"]
    for number, visit in enumerate((one, two)):
        assert complete(salon, visit, by, key=f"press {number}").state == "succeeded"
    assert queries.spent_by([kept]) == {kept.pk: [Money(10000, "USD")]}
    assert set(Payment.objects.values_list("customer", flat=True)) == {kept.pk}


def test_after_a_merge_a_kept_card_can_be_chosen_again(salon, cut, ann, account, by):
    keeping(salon, cut, account)
    two = keeping(salon, cut, account, "12:00", details=BEA, card="pm_card_mastercard")
    kept = merge(Customer.objects.get(email=DETAILS.email), two.customer, by)

    again = submitted(salon, cut, "14:00", BEA)
    services.choose_kept_card(booking=again, card=SavedCard.objects.get(last4="4444"))
    again = services.place_booking(business=salon, booking=again, now=timezone.now())

    assert (again.customer, again.status) == (kept, "confirmed")


def test_forgetting_keeps_the_books_and_has_stripe_forget_the_card(paid, account, by):
    card, ledger = SavedCard.objects.get(), list(LedgerEntry.objects.values())
    sums = list(Payment.objects.values_list("captured_cents", "captured_at"))

    erase(paid.customer, by)
    services.forget_removed_cards()

    card.refresh_from_db()
    assert (customer_of(account, card), bool(card.removed_at), bool(card.detached_at)) == (None, True, True)
    assert card.consent_address is None
    assert (list(LedgerEntry.objects.values()), list(Payment.objects.values_list("captured_cents", "captured_at"))) == (
        ledger,
        sums,
    )


def test_stripe_is_not_asked_inside_the_transaction(paid, by, local_stripe):
    before = local_stripe.calls("")

    erase(paid.customer, by)

    assert local_stripe.calls("") == before


def test_nobody_is_forgotten_while_a_fee_is_open(salon, cut, ann, account, by):
    booking = book(with_fees(salon), cut, at(salon, days=1), account)
    diary.cancel_booking(business=salon, booking=booking, by=by, now=timezone.now())

    with pytest.raises(customers.StillNeeded, match="A fee"):
        erase(booking.customer, by)

    assert Customer.objects.get().display_name == "Anna Berg"


def test_nobody_is_forgotten_while_a_charge_waits(salon, cut, ann, account, by):
    booking = make_past_visit(keeping(salon, cut, account, card="pm_card_chargeCustomerFail"))
    assert complete(salon, booking, by).state == "failed"

    with pytest.raises(customers.StillNeeded, match="A payment"):
        erase(booking.customer, by)

    assert (Customer.objects.get().display_name, SavedCard.objects.get().removed_at) == ("Anna Berg", None)


def test_nobody_is_forgotten_while_a_payment_is_disputed(paid, by):
    from payments.models import Dispute

    payment = Payment.objects.get()
    Dispute.objects.create(
        stripe_id="dp_1",
        payment=payment,
        charge_id="ch_1",
        amount_cents=5000,
        currency_code="USD",
        opened_at=timezone.now(),
    )

    with pytest.raises(customers.StillNeeded, match="disputed"):
        erase(paid.customer, by)

    assert (payment.status, Customer.objects.get().display_name) == (PaymentStatus.CAPTURED, "Anna Berg")
