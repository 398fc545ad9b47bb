"""A card and a booking, verb by verb: what is put aside, what is paid, what comes back."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.actors import SYSTEM
from bookings.models import Booking, Status
from bookings.services import NotAllowed, cancel_booking, expire_holds, release_hold
from bookings.tests.factories import at, hold, make_booking
from giftcards import queries, services
from giftcards.models import GiftCard, GiftCardEntry, GiftReservation
from giftcards.tests.making import balance, code, ledger, make_card, reserve, uses
from tenants.models import Business

BY = actors.Actor(label="Cara")


def reservation(booking):
    return GiftReservation.objects.filter(booking=booking).latest("created_at")


def redeem(booking, cents, action=None):
    return services.redeem(booking=booking, cents=cents, action_id=action or uuid4(), now=timezone.now(), by=BY)


def restore(booking, cents, action=None):
    return services.restore(booking=booking, cents=cents, action_id=action or uuid4(), now=timezone.now(), by=BY)


def release(booking, action=None):
    return services.release(booking=booking, action_id=action, now=timezone.now())


# Reserving -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cents", "taken"), [(10_000, 5000), (5000, 5000), (2000, 2000)])
def test_a_fixed_card_is_reserved_up_to_the_price(salon, booking, cents, taken):
    card = make_card(cents)

    made = reserve(salon, booking, card)

    assert (made.cents, made.percent, made.state) == (taken, 0, "reserved")
    assert ledger(card) == [("issue", cents, cents), ("reserve", -taken, cents - taken)]
    assert uses(card) == 1
    assert queries.part_for(booking, price_cents=5000).rest_cents == 5000 - taken


def test_a_percentage_is_reserved_by_use(salon, booking):
    card = make_card(percent=20, usage_limit=3)

    made = reserve(salon, booking, card)

    assert (made.cents, made.percent) == (0, 20)
    assert ledger(card) == [("issue", 0, 0), ("reserve", 0, 0)]
    assert uses(card) == 1
    assert queries.part_for(booking, price_cents=6000).discount_cents == 1200


def test_the_customer_stands_in_the_ledger(salon, booking):
    card = make_card()

    reserve(salon, booking, card)

    entry = card.entries.latest("pk")
    assert (entry.actor_label, entry.actor_id, entry.booking) == ("Anna Berg (customer)", None, booking)


def other_salons(salon, other_salon):
    with tenant_context(other_salon):
        return code(make_card())


def spoilt(**fields):
    def make(salon, other_salon):
        card = make_card(fields.pop("cents", 10_000), percent=fields.pop("percent", None))
        GiftCard.objects.filter(pk=card.pk).update(**fields)
        return code(card)

    return make


INVALID = {
    "wrong": lambda *salons: "7M3K9QXW2D4T0HVB",
    "no code at all": lambda *salons: "",
    "another salon's": other_salons,
    "expired": spoilt(expiration_date=date(2020, 1, 31)),
    "switched off": spoilt(is_active=False),
    "used up": spoilt(balance_cents=0),
    "percentage used up": spoilt(percent=20, usage_limit=1, usage_count=1),
    "another currency": spoilt(currency_code="EUR"),
}


@pytest.mark.parametrize("make", INVALID.values(), ids=INVALID)
def test_every_failure_has_one_text(salon, other_salon, booking, make):
    typed = make(salon, other_salon)
    entries = GiftCardEntry.objects.count()

    with pytest.raises(services.GiftCardInvalid) as refusal:
        services.reserve(booking=booking, code=typed, business=salon, now=timezone.now())

    assert str(refusal.value) == "This gift card code cannot be used. Please check the code, or ask the salon."
    assert (GiftReservation.objects.count(), GiftCardEntry.objects.count()) == (0, entries)


@pytest.mark.parametrize(
    ("now", "good"),
    [(datetime(2027, 2, 1, 4, 59, 59, tzinfo=UTC), True), (datetime(2027, 2, 1, 5, tzinfo=UTC), False)],
    ids=["last second in New York", "midnight in New York"],
)
def test_a_card_is_good_until_midnight_in_the_salon(salon, booking, now, good):
    card = make_card(expiration_date=date(2027, 1, 31))

    try:
        services.reserve(booking=booking, code=code(card), business=salon, now=now)
    except services.GiftCardInvalid:
        assert not good
    else:
        assert good
    assert balance(card) == (5000 if good else 10_000)
    assert (queries.good_card(code=code(card), business=salon, now=now) == card) == good


def test_another_card_takes_the_place_of_the_first(salon, booking):
    first, second = make_card(), make_card(3000)
    reserve(salon, booking, first)

    reserve(salon, booking, second)

    assert (balance(first), balance(second)) == (10_000, 0)
    assert (uses(first), uses(second)) == (0, 1)
    assert ledger(first)[1:] == [("reserve", -5000, 5000), ("release", 5000, 10_000)]
    assert queries.reservation_of(booking).card == second


def test_a_wrong_code_leaves_the_first_card_in_place(salon, booking):
    first, empty = make_card(), make_card(1)
    GiftCard.objects.filter(pk=empty.pk).update(balance_cents=0)
    reserve(salon, booking, first)

    with pytest.raises(services.GiftCardInvalid):
        reserve(salon, booking, empty)

    assert queries.reservation_of(booking).card == first
    assert balance(first) == 5000


def test_the_same_card_twice_is_reserved_once(salon, booking):
    card = make_card()
    made = reserve(salon, booking, card)

    assert reserve(salon, booking, card) == made
    assert len(ledger(card)) == 2


def test_a_price_that_changed_is_reserved_anew(salon, booking):
    card = make_card()
    reserve(salon, booking, card)
    Booking.objects.update(price_cents=7000)

    assert reserve(salon, booking, card).cents == 7000
    assert balance(card) == 3000


def test_a_free_visit_needs_no_card(salon, booking):
    card = make_card()
    Booking.objects.update(price_cents=0)

    with pytest.raises(services.NothingToPay):
        reserve(salon, booking, card)

    assert balance(card) == 10_000


@pytest.mark.parametrize("status", ["expired", "failed", "canceled", "completed", "no_show"])
def test_a_visit_that_is_over_takes_no_card(salon, booking, status):
    card = make_card()
    Booking.objects.update(status=status)

    with pytest.raises(NotAllowed):
        reserve(salon, booking, card)

    assert balance(card) == 10_000


def test_the_database_allows_one_card_a_booking(salon, booking):
    reserve(salon, booking, make_card())

    with pytest.raises(IntegrityError, match="one_gift_card_per_booking"), transaction.atomic():
        GiftReservation.objects.create(card=make_card(), booking=booking, cents=1)


# Redeeming and releasing -----------------------------------------------------------------------


def test_what_is_redeemed_is_paid_and_the_rest_comes_back(salon, booking):
    card, action = make_card(), uuid4()
    reserve(salon, booking, card)

    made = redeem(booking, 3000, action)

    assert (made.state, made.cents) == ("redeemed", 3000)
    assert ledger(card)[2:] == [("release", 5000, 10_000), ("redeem", -3000, 7000)]
    assert set(card.entries.exclude(action_id=None).values_list("action_id", "actor_label")) == {(action, "Cara")}
    assert uses(card) == 1


def test_redeeming_again_for_the_same_press_changes_nothing(salon, booking):
    card, action = make_card(), uuid4()
    reserve(salon, booking, card)
    redeem(booking, 3000, action)

    assert redeem(booking, 3000, action).state == "redeemed"
    with pytest.raises(services.GiftCardSettled):
        redeem(booking, 2000)

    assert balance(card) == 7000


def test_a_percentage_is_redeemed_without_cents(salon, booking):
    card, action = make_card(percent=20), uuid4()
    reserve(salon, booking, card)

    assert redeem(booking, 0, action).state == "redeemed"
    assert redeem(booking, 0, action).state == "redeemed"
    assert ledger(card)[2:] == [("redeem", 0, 0)]
    assert uses(card) == 1


@pytest.mark.parametrize("cents", [5001, -1])
def test_never_more_is_redeemed_than_reserved(salon, booking, cents):
    card = make_card()
    reserve(salon, booking, card)

    with pytest.raises(ValueError, match="reserved"):
        redeem(booking, cents)

    assert balance(card) == 5000


def test_redeeming_nothing_gives_everything_back(salon, booking):
    card = make_card()
    reserve(salon, booking, card)

    assert redeem(booking, 0).state == "released"
    assert (balance(card), uses(card)) == (10_000, 0)


def test_redeeming_without_a_card_is_refused(salon, booking):
    with pytest.raises(services.NothingReserved):
        redeem(booking, 100)


@pytest.mark.parametrize("worth", [{"cents": 10_000}, {"percent": 20, "usage_limit": 1}])
def test_a_release_gives_money_and_use_back_once(salon, booking, worth):
    card = make_card(**worth)
    reserve(salon, booking, card)

    release(booking, uuid4())
    release(booking, uuid4())

    assert (balance(card), uses(card)) == (card.balance_cents, 0)
    assert [kind for kind, *_ in ledger(card)] == ["issue", "reserve", "release"]
    assert reservation(booking).state == "released"


def test_a_redeemed_card_is_not_released(salon, booking):
    card = make_card()
    reserve(salon, booking, card)
    redeem(booking, 5000)

    assert release(booking) is None
    assert balance(card) == 5000
    with pytest.raises(services.GiftCardSettled):
        reserve(salon, booking, make_card())


def test_one_press_has_one_entry_of_a_kind(salon, booking):
    card, action = make_card(), uuid4()
    reserve(salon, booking, card)
    release(booking, action)
    reserve(salon, booking, card)

    with pytest.raises(IntegrityError, match="one_gift_entry_per_action"), transaction.atomic():
        release(booking, action)

    assert balance(card) == 5000


# Restoring -------------------------------------------------------------------------------------


def test_refunds_give_back_part_by_part(salon, booking):
    card, first = make_card(), uuid4()
    reserve(salon, booking, card)
    redeem(booking, 5000)

    restore(booking, 2000, first)
    restore(booking, 2000, first)
    assert (balance(card), uses(card), reservation(booking).state) == (7000, 1, "redeemed")
    restore(booking, 3000)

    assert (balance(card), uses(card), reservation(booking).state) == (10_000, 0, "released")


def test_never_more_is_restored_than_redeemed(salon, booking):
    card = make_card()
    reserve(salon, booking, card)
    redeem(booking, 5000)
    restore(booking, 2000)

    with pytest.raises(ValueError, match="3001 cents of 3000 redeemed"):
        restore(booking, 3001)

    assert balance(card) == 7000


def test_nothing_is_restored_that_was_only_reserved(salon, booking):
    card = make_card()
    reserve(salon, booking, card)

    with pytest.raises(services.NothingReserved):
        restore(booking, 100)

    assert balance(card) == 5000


@pytest.mark.parametrize("spoilt", [{"expiration_date": date(2020, 1, 31)}, {"is_active": False}])
def test_money_comes_back_to_a_card_nobody_can_spend_and_stays_there(salon, booking, spoilt):
    card = make_card()
    reserve(salon, booking, card)
    redeem(booking, 5000)
    GiftCard.objects.update(**spoilt)
    services.expire_due(now=timezone.now(), business=salon)

    restore(booking, 5000)
    services.expire_due(now=timezone.now(), business=salon)

    assert balance(card) == (5000 if "expiration_date" in spoilt else 10_000)
    assert queries.good_card(code=code(card), business=salon, now=timezone.now()) is None


def test_a_percentage_may_be_used_again_after_a_full_refund(salon, booking):
    card, action = make_card(percent=20, usage_limit=1), uuid4()
    reserve(salon, booking, card)
    redeem(booking, 0)

    for _ in range(2):
        services.restore_percent_use(booking=booking, action_id=action, now=timezone.now(), by=BY)

    assert (uses(card), reservation(booking).state) == (0, "released")


def test_a_fixed_card_has_no_percent_use(salon, booking):
    reserve(salon, booking, make_card())
    redeem(booking, 100)

    with pytest.raises(services.NothingReserved):
        services.restore_percent_use(booking=booking, action_id=uuid4(), now=timezone.now(), by=BY)


# Correcting a press ----------------------------------------------------------------------------


def again(salon, booking, action=None):
    return services.reserve_again(booking=booking, business=salon, action_id=action, now=timezone.now(), by=BY)


def test_a_corrected_press_takes_the_same_card_again(salon, booking):
    card, second = make_card(), uuid4()
    reserve(salon, booking, card)
    redeem(booking, 1000)
    restore(booking, 1000)

    assert again(salon, booking, second).cents == 5000
    redeem(booking, 5000, second)

    assert balance(card) == 5000
    restore(booking, 5000)
    assert balance(card) == 10_000


def test_a_percentage_that_took_everything_off_is_reserved_again(salon, booking):
    card = make_card(percent=100, usage_limit=1)
    reserve(salon, booking, card)
    redeem(booking, 0)

    assert again(salon, booking).state == "reserved"
    release(booking)

    assert uses(card) == 0
    assert [kind for kind, *_ in ledger(card)] == ["issue", "reserve", "redeem", "restore", "reserve", "release"]


def test_what_is_reserved_is_not_reserved_again(salon, booking):
    made = reserve(salon, booking, make_card())

    assert again(salon, booking) == made


def test_there_may_be_nothing_to_reserve_again(salon, booking):
    assert again(salon, booking) is None
    card = make_card()
    reserve(salon, booking, card)
    release(booking)
    GiftCard.objects.update(is_active=False)

    assert again(salon, booking) is None
    assert balance(card) == 10_000


# When a booking ends by itself -----------------------------------------------------------------


def test_a_hold_that_runs_out_gives_the_card_back(salon, cut, ann):
    held, card = hold(salon, cut, at(salon)), make_card()
    reserve(salon, held, card)
    Booking.objects.update(hold_expires_at=timezone.now())

    assert expire_holds() == 1

    assert (balance(card), uses(card)) == (10_000, 0)


def test_a_hold_given_up_gives_the_card_back(salon, cut, ann):
    held, card = make_booking(salon, cut, at(salon), status=Status.PENDING), make_card()
    reserve(salon, held, card)

    release_hold(booking=held)

    assert balance(card) == 10_000


def test_a_cancelled_visit_gives_the_card_back(salon, booking):
    card = make_card()
    reserve(salon, booking, card)

    cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())

    assert balance(card) == 10_000
    assert card.entries.latest("pk").actor_label == "Tithi"


def test_a_fee_that_was_redeemed_stays_redeemed(salon, booking):
    card = make_card()
    reserve(salon, booking, card)
    redeem(booking, 2500)

    cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())

    assert balance(card) == 7500


# What a code would take off --------------------------------------------------------------------


def offered(salon, card, booking=None):
    part = queries.offer(code=code(card), price_cents=5000, business=salon, now=timezone.now(), booking=booking)[1]
    return part and (part.gift_cents, part.discount_cents, part.rest_cents)


def test_an_offer_writes_nothing_and_names_no_reason(salon, booking):
    assert offered(salon, make_card(2000)) == (2000, 0, 3000)
    assert offered(salon, make_card(percent=10)) == (0, 500, 4500)
    assert offered(salon, make_card(expiration_date=date(2020, 1, 31))) is None
    assert queries.offer(code="7M3K", price_cents=5000, business=salon, now=timezone.now()) == (None, None)
    assert GiftReservation.objects.count() == 0


def test_an_offer_counts_what_the_booking_has_reserved(salon, booking):
    card = make_card(5000)
    reserve(salon, booking, card)

    assert offered(salon, card) is None
    assert offered(salon, card, booking) == (5000, 0, 0)


def test_a_card_in_another_currency_offers_nothing(salon):
    card = make_card()
    Business.objects.filter(pk=salon.pk).update(currency_code="EUR")
    salon.refresh_from_db()

    assert offered(salon, card) is None


def test_what_was_reserved_on_the_last_day_is_redeemed_after_it(salon, booking):
    with time_machine.travel(datetime(2027, 1, 31, 20, tzinfo=UTC), tick=False):
        card = make_card(expiration_date=date(2027, 1, 31))
        reserve(salon, booking, card)

    with time_machine.travel(datetime(2027, 2, 3, 20, tzinfo=UTC), tick=False):
        assert services.expire_due(now=timezone.now(), business=salon) == 1
        redeem(booking, 4000)

    assert ledger(card)[2:] == [
        ("expire", -5000, 0),
        ("release", 5000, 5000),
        ("redeem", -4000, 1000),
    ]
