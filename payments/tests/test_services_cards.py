"""Cards after the first booking: kept for the next ones, chosen again, removed, and exchanged for another one."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from audit import actors
from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings.models import Booking
from bookings.services import Details, NotAllowed, cancel_booking, release_hold
from bookings.tests.factories import DETAILS, at, hold
from payments import gateway, queries, services
from payments.models import CardSetup, MoneyAction, Payment, SavedCard
from payments.services import events
from payments.tests.making import book, order, with_fees

BEA = Details(name="Bea Lund", email="bea@example.com", phone="+12125550123")


@pytest.fixture
def by(admin):
    return actors.user(admin)


def submitted(salon, cut, clock, details=DETAILS):
    booking = hold(salon, cut, at(salon, clock))
    return services.submit_checkout(
        business=salon, booking=booking, details=details, address="203.0.113.9", now=timezone.now()
    )


def keeping(salon, cut, account, clock="10:00", *, details=DETAILS, card="pm_card_visa"):
    """A confirmed booking whose customer ticked that the card may be kept."""
    booking = submitted(salon, cut, clock, details)
    _, intent = services.prepare_card(business=salon, booking=booking, keep=True)
    account.save_card(intent.id, card)
    return services.place_booking(business=salon, booking=booking, now=timezone.now())


def complete(salon, booking, by, key="press"):
    return services.complete(business=salon, booking=booking, key=key, by=by, now=timezone.now())


def fresh(booking):
    return Booking.objects.select_related("card_setup").get(pk=booking.pk)


def customer_of(account, card):
    return account.stripe.payment_methods.retrieve(card.payment_method_id).customer


# Kept -----------------------------------------------------------------------------------------------


def test_a_card_is_kept_with_the_instant_and_the_address_of_the_consent(salon, cut, ann, account):
    booking = keeping(salon, cut, account)

    card = SavedCard.objects.get()
    assert (card.customer, card.brand, card.last4, card.stripe_account_id) == (
        booking.customer,
        "visa",
        "4242",
        account.id,
    )
    assert card.consented_at == datetime.fromisoformat(booking.consent["agreed_at"])
    assert card.consent_address == "203.0.113.9"
    assert CardSetup.objects.get().saved_card == card
    assert customer_of(account, card) == card.stripe_customer_id
    assert AuditEntry.objects.get(action="card.kept").address == "203.0.113.9"


def test_a_card_is_not_kept_unasked(salon, cut, ann, account):
    book(salon, cut, at(salon), account)

    assert not SavedCard.objects.exists()


def test_the_tick_can_be_taken_back_before_the_card_is_saved(salon, cut, ann, account):
    booking = submitted(salon, cut, "10:00")
    services.prepare_card(business=salon, booking=booking, keep=True)
    _, intent = services.prepare_card(business=salon, booking=booking, keep=False)
    account.save_card(intent.id)
    services.place_booking(business=salon, booking=booking, now=timezone.now())

    assert not SavedCard.objects.exists()


def test_a_booking_that_was_never_made_keeps_no_card(salon, cut, ann, account):
    booking = submitted(salon, cut, "10:00")
    _, intent = services.prepare_card(business=salon, booking=booking, keep=True)
    account.save_card(intent.id)
    release_hold(booking=booking)

    assert not SavedCard.objects.exists()


# Chosen again ---------------------------------------------------------------------------------------


def test_a_kept_card_needs_no_new_set_up_and_is_charged_like_any_other(salon, cut, ann, account, by, local_stripe):
    keeping(salon, cut, account)
    card, before = SavedCard.objects.get(), local_stripe.calls("setup_intents")
    booking = submitted(salon, cut, "14:00")

    setup = services.choose_kept_card(booking=booking, card=card)
    booking = services.place_booking(business=salon, booking=booking, now=timezone.now())

    assert (booking.status, setup.saved_card, setup.setup_intent_id) == ("confirmed", card, None)
    assert local_stripe.calls("setup_intents") == before
    assert complete(salon, booking, by).state == "succeeded"
    assert account.ledger() == [("authorization", 5000, 0), ("capture", 5000, 50)]


def test_a_kept_card_is_asked_after_at_stripe(salon, cut, ann, account):
    keeping(salon, cut, account)
    card = SavedCard.objects.get()
    account.stripe.payment_methods.detach(card.payment_method_id)
    booking = submitted(salon, cut, "14:00")

    with pytest.raises(services.KeptCardGone):
        services.choose_kept_card(booking=booking, card=card)

    card.refresh_from_db()
    assert (card.removed_at is None, card.detached_at is None) == (False, False)
    assert not CardSetup.objects.filter(booking=booking).exists()
    assert Booking.objects.get(pk=booking.pk).status == "pending"


def test_stripe_being_away_is_no_verdict_on_a_card(salon, cut, ann, account, local_stripe):
    keeping(salon, cut, account)
    card = SavedCard.objects.get()
    booking = submitted(salon, cut, "14:00")
    local_stripe.fault("500", f"payment_methods/{card.payment_method_id}$", method="GET")

    with pytest.raises(gateway.GatewayUnavailable):
        services.choose_kept_card(booking=booking, card=card)

    card.refresh_from_db()
    assert (card.removed_at, card.detached_at) == (None, None)


def test_another_card_can_be_taken_after_a_kept_one_was_chosen(salon, cut, ann, account):
    keeping(salon, cut, account)
    booking = submitted(salon, cut, "14:00")
    services.choose_kept_card(booking=booking, card=SavedCard.objects.get())

    setup, intent = services.prepare_card(business=salon, booking=booking)
    assert (setup.status, setup.saved_card, setup.last4) == ("created", None, "")
    account.save_card(intent.id, "pm_card_mastercard")
    services.place_booking(business=salon, booking=booking, now=timezone.now())

    assert CardSetup.objects.get(booking=booking).brand == "mastercard"


def test_what_is_booked_keeps_the_card_it_was_booked_with(salon, cut, ann, account):
    booking = keeping(salon, cut, account)
    other = keeping(salon, cut, account, "14:00", details=BEA)
    CardSetup.objects.filter(booking=booking).update(setup_intent_id=None)

    with pytest.raises(NotAllowed):
        services.prepare_card(business=salon, booking=booking)
    with pytest.raises(NotAllowed):
        services.choose_kept_card(booking=booking, card=SavedCard.objects.get(customer=other.customer))

    assert CardSetup.objects.get(booking=booking).status == "succeeded"


def test_a_guest_with_somebody_elses_address_reaches_no_card_of_theirs(salon, cut, ann, account):
    theirs = keeping(salon, cut, account)
    guests = keeping(salon, cut, account, "12:00", card="pm_card_mastercard")

    assert theirs.customer == guests.customer  # one address, one customer
    assert [card.brand for card in queries.kept_cards_of(theirs)] == ["visa"]
    assert [card.brand for card in queries.kept_cards_of(guests)] == ["mastercard"]


def test_a_kept_card_pays_for_its_own_customer_only(salon, cut, ann, account):
    keeping(salon, cut, account)
    booking = submitted(salon, cut, "14:00", BEA)

    with pytest.raises(services.KeptCardOfAnother):
        services.choose_kept_card(booking=booking, card=SavedCard.objects.get())

    assert not CardSetup.objects.filter(booking=booking).exists()


def test_a_new_card_of_somebody_who_came_back_joins_the_others(salon, cut, ann, account):
    first = keeping(salon, cut, account)
    booking = submitted(salon, cut, "14:00")
    known = queries.kept_cards_of(first).first().stripe_customer_id

    _, intent = services.prepare_card(business=salon, booking=booking, keep=True, stripe_customer_id=known)
    account.save_card(intent.id, "pm_card_mastercard")
    second = services.place_booking(business=salon, booking=booking, now=timezone.now())

    assert {card.brand for card in queries.kept_cards_of(first)} == {"visa", "mastercard"}
    assert set(queries.kept_cards_of(first)) == set(queries.kept_cards_of(second))


# Removed --------------------------------------------------------------------------------------------


def test_a_removed_card_is_for_no_new_visit_at_once_and_stays_for_the_one_it_was_booked_with(
    salon, cut, ann, account, by
):
    booking = keeping(salon, cut, account)
    card = SavedCard.objects.get()

    services.remove_kept_card(card=card, by=SYSTEM, now=timezone.now())

    assert (list(queries.kept_cards_of(booking)), services.forget_removed_cards()) == ([], 0)
    with pytest.raises(services.KeptCardGone):
        services.choose_kept_card(booking=submitted(salon, cut, "14:00"), card=card)
    assert complete(salon, booking, by).state == "succeeded"


@pytest.mark.parametrize("end", ["completed", "cancelled", "missed for free"])
def test_stripe_forgets_a_removed_card_when_nothing_needs_it(salon, cut, ann, account, by, end):
    booking = keeping(salon, cut, account)
    card = SavedCard.objects.get()
    services.remove_kept_card(card=card, by=SYSTEM, now=timezone.now())

    if end == "completed":
        complete(salon, booking, by)
    elif end == "cancelled":
        cancel_booking(business=salon, booking=booking, by=by, now=timezone.now())
    else:
        services.no_show(business=salon, booking=booking, key="press", by=by, now=timezone.now())

    assert (services.forget_removed_cards(), services.forget_removed_cards()) == (1, 0)
    assert customer_of(account, card) is None
    card.refresh_from_db()
    assert card.detached_at >= card.removed_at


def test_a_fee_that_is_owed_needs_its_card(salon, cut, ann, account, by):
    booking = keeping(with_fees(salon), cut, account)
    services.remove_kept_card(card=SavedCard.objects.get(), by=SYSTEM, now=timezone.now())
    cancel_booking(business=salon, booking=booking, by=by, now=timezone.now())

    assert services.forget_removed_cards() == 0
    services.cancel(business=salon, booking=booking, key="press", by=by, now=timezone.now())
    assert services.forget_removed_cards() == 1


def test_a_charge_that_waits_needs_its_card(salon, cut, ann, account, by):
    booking = keeping(salon, cut, account, card="pm_card_chargeCustomerFail")
    services.remove_kept_card(card=SavedCard.objects.get(), by=SYSTEM, now=timezone.now())
    complete(salon, booking, by)

    assert services.forget_removed_cards() == 0
    services.take_cash(business=salon, booking=booking, key="cash", by=by, now=timezone.now())
    assert services.forget_removed_cards() == 1


def test_a_second_visit_with_the_card_keeps_it_too(salon, cut, ann, account, by):
    first = keeping(salon, cut, account)
    card, second = SavedCard.objects.get(), submitted(salon, cut, "14:00")
    services.choose_kept_card(booking=second, card=card)
    services.place_booking(business=salon, booking=second, now=timezone.now())
    services.remove_kept_card(card=card, by=SYSTEM, now=timezone.now())
    complete(salon, first, by)

    assert services.forget_removed_cards() == 0
    complete(salon, second, by, key="press-2")
    assert services.forget_removed_cards() == 1


@pytest.mark.parametrize("fault", ["500", "lost_answer"])
def test_a_card_stripe_did_not_answer_about_is_forgotten_by_the_next_sweep(
    salon, cut, ann, account, by, local_stripe, fault
):
    booking = keeping(salon, cut, account)
    card = SavedCard.objects.get()
    services.remove_kept_card(card=card, by=SYSTEM, now=timezone.now())
    cancel_booking(business=salon, booking=booking, by=by, now=timezone.now())
    local_stripe.fault(fault, "detach$")

    services.forget_removed_cards()
    services.forget_removed_cards()

    card.refresh_from_db()
    assert customer_of(account, card) is None
    assert card.detached_at is not None
    assert local_stripe.calls("detach") == (2 if fault == "500" else 1)


def test_removing_twice_is_written_down_once(salon, cut, ann, account):
    keeping(salon, cut, account)
    card, now = SavedCard.objects.get(), timezone.now()

    services.remove_kept_card(card=card, by=SYSTEM, now=now)
    services.remove_kept_card(card=card, by=SYSTEM, now=now + timedelta(hours=1))

    card.refresh_from_db()
    assert card.removed_at == now
    assert AuditEntry.objects.filter(action="card.removed").count() == 1


# Another one ----------------------------------------------------------------------------------------


def replacement(account, booking, card="pm_card_mastercard"):
    _, intent = services.prepare_replacement(booking=fresh(booking))
    if card:
        account.save_card(intent.id, card)
    return intent.id


def test_the_old_card_is_good_until_the_new_one_is(salon, cut, ann, account):
    booking = book(salon, cut, at(salon), account)
    intent_id = replacement(account, booking, card=None)

    with pytest.raises(services.CardNotSaved):
        services.accept_replacement(booking=booking, setup_intent_id=intent_id)
    assert CardSetup.objects.values_list("status", "last4").get() == ("succeeded", "4242")
    account.save_card(intent_id, "pm_card_mastercard")
    services.accept_replacement(booking=booking, setup_intent_id=intent_id)

    setup = CardSetup.objects.get()
    assert (setup.brand, setup.setup_intent_id, setup.replacing_intent_id) == ("mastercard", intent_id, None)
    assert Payment.objects.get().provider_setup_intent_id == intent_id
    assert AuditEntry.objects.filter(action="card.replaced").count() == 1


def test_the_new_card_is_the_one_that_is_charged(salon, cut, ann, account, by):
    booking = book(salon, cut, at(salon), account)
    services.accept_replacement(booking=booking, setup_intent_id=replacement(account, booking))

    action = complete(salon, booking, by)

    [intent] = account.intents()
    assert account.stripe.payment_methods.retrieve(intent.payment_method).card.brand == "mastercard"
    assert (action.state, Payment.objects.get().provider_metadata["card"]["brand"]) == ("succeeded", "mastercard")


def test_a_replacement_started_twice_is_one(salon, cut, ann, account):
    booking = book(salon, cut, at(salon), account)

    assert replacement(account, booking, None) == replacement(account, booking, None)


def test_a_replacement_that_was_cancelled_at_stripe_starts_anew(salon, cut, ann, account):
    booking = book(salon, cut, at(salon), account)
    first = replacement(account, booking, None)
    account.stripe.setup_intents.cancel(first)

    second = replacement(account, booking)
    services.accept_replacement(booking=booking, setup_intent_id=second)

    assert (first != second, CardSetup.objects.get().brand) == (True, "mastercard")


@pytest.mark.parametrize("whose", ["another booking's", "made by hand", "unknown"])
def test_another_set_up_replaces_nothing(salon, cut, ann, account, whose):
    booking = book(salon, cut, at(salon), account)
    replacement(account, booking, None)
    if whose == "another booking's":
        other = book(salon, cut, at(salon, "14:00"), account)
        claimed = replacement(account, other)
    elif whose == "made by hand":
        customer = CardSetup.objects.get().stripe_customer_id
        made = account.stripe.setup_intents.create({"customer": customer, "payment_method": "pm_card_mastercard"})
        claimed = account.stripe.setup_intents.confirm(made.id, {"return_url": "https://example.com"}).id
    else:
        claimed = "seti_unknown"

    with pytest.raises(services.CardNotSaved):
        services.accept_replacement(booking=booking, setup_intent_id=claimed)

    assert CardSetup.objects.get(booking=booking).last4 == "4242"


def test_an_event_accepts_it_where_the_browser_was_closed(salon, cut, ann, account):
    booking = book(salon, cut, at(salon), account)
    intent_id = replacement(account, booking)

    events.handle(business=salon, kind="setup_intent.succeeded", data={"id": intent_id})
    events.handle(business=salon, kind="setup_intent.succeeded", data={"id": intent_id})
    services.accept_replacement(booking=booking, setup_intent_id=intent_id)

    assert CardSetup.objects.get().brand == "mastercard"
    assert AuditEntry.objects.filter(action="card.replaced").count() == 1


def test_a_charge_that_was_refused_is_tried_with_the_new_card_by_the_same_payment(salon, cut, ann, account, by):
    booking = book(salon, cut, at(salon), account, "pm_card_chargeCustomerFail")
    failed = complete(salon, booking, by)

    services.accept_replacement(booking=booking, setup_intent_id=replacement(account, booking))
    services.accept_replacement(booking=booking, setup_intent_id=CardSetup.objects.get().setup_intent_id)

    action = MoneyAction.objects.get()
    assert (failed.state, action.state, action.payment_intent_id) == ("failed", "succeeded", failed.payment_intent_id)
    assert account.ledger() == [("authorization", 5000, 0), ("capture", 5000, 50)]


def test_a_visit_that_is_over_and_paid_needs_no_other_card(salon, cut, ann, account, by):
    booking = book(salon, cut, at(salon), account)
    complete(salon, booking, by)

    with pytest.raises(services.NotReplaceable):
        services.prepare_replacement(booking=fresh(booking))


def test_a_booking_that_is_being_made_exchanges_nothing(salon, cut, ann, account):
    booking, intent_id = order(salon, cut, at(salon))
    account.save_card(intent_id)

    with pytest.raises(services.NotReplaceable):
        services.prepare_replacement(booking=fresh(booking))


def test_an_exchanged_kept_card_stays_kept_for_the_next_visit(salon, cut, ann, account):
    booking = keeping(salon, cut, account)
    services.accept_replacement(booking=booking, setup_intent_id=replacement(account, booking))

    assert CardSetup.objects.values_list("brand", "saved_card").get() == ("mastercard", None)
    assert [card.brand for card in queries.kept_cards_of(fresh(booking))] == ["visa"]
