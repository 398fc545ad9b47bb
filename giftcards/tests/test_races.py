"""Many who pay with one card at once. First shown: without the guard it pays more than it holds."""

import threading
from collections import Counter
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.models import Status
from bookings.services import Details
from bookings.tests.factories import at, make_booking, make_member, make_service
from bookings.tests.racing import at_once
from giftcards import services
from giftcards.models import EntryKind, GiftCard, GiftCardEntry, GiftReservation
from giftcards.services import balance as balances
from giftcards.services import paying
from giftcards.tests.making import balance, code, ledger, make_card, make_package, uses

pytestmark = pytest.mark.django_db(transaction=True)

HUNDRED, TEN = 10_000, 1000


@pytest.fixture
def visits(salon):
    """`visits(count)`: as many pending visits for 10.00, each with somebody of their own."""

    def make(count):
        trim, start = make_service("Trim", cents=TEN), at(salon)
        for number in range(count):
            make_member(f"Ann {number}", performs=[trim])
        guests = [Details(f"Guest {number}", f"guest{number}@example.com", "") for number in range(count)]
        return [make_booking(salon, trim, start, details=guest, status=Status.PENDING) for guest in guests]

    return make


def attempt_at(salon, bookings, typed):
    """An attempt for `at_once`: the cents that were reserved, or the refusal's code."""

    def attempt(number):
        with tenant_context(salon):
            try:
                made = services.reserve(booking=bookings[number], code=typed, business=salon, now=timezone.now())
            except services.GiftCardInvalid as exc:
                return exc.code
            return made.cents

    return attempt


def test_without_the_guard_a_card_pays_more_than_it_holds(salon, visits, monkeypatch):
    """Look, think, write: everybody sees the ten, everybody takes them."""
    bookings, card = visits(4), make_card(TEN)
    everybody_has_looked = threading.Barrier(4)

    def look_then_write(*, card_id, price, booking, by, at, **rest):
        found = GiftCard.objects.get(pk=card_id)
        taken = min(found.balance_cents, price.cents)
        everybody_has_looked.wait(timeout=20)
        GiftCard.objects.filter(pk=card_id).update(balance_cents=found.balance_cents - taken)
        GiftCardEntry.objects.create(
            card=found,
            kind=EntryKind.RESERVE,
            amount_signed_cents=-taken,
            balance_after_cents=found.balance_cents - taken,
            booking=booking,
            at=at,
        )
        return balances.Change(-taken, found.balance_cents - taken)

    monkeypatch.setattr(balances, "take", look_then_write)

    answers = at_once(4, attempt_at(salon, bookings, code(card)))

    assert answers == [TEN] * 4
    assert sum(cents for _, cents, _ in ledger(card)) == -3 * TEN


def test_fifty_at_once_spend_exactly_what_the_card_holds(salon, visits):
    bookings, card = visits(50), make_card(HUNDRED)

    answers = at_once(50, attempt_at(salon, bookings, code(card)))

    assert Counter(answers) == {TEN: 10, "gift_card_invalid": 40}
    assert (balance(card), uses(card)) == (0, 10)
    assert sum(GiftReservation.objects.values_list("cents", flat=True)) == HUNDRED
    assert [after for _, _, after in ledger(card)] == [HUNDRED - TEN * spent for spent in range(11)]


def test_the_last_to_pay_gets_what_is_left(salon, visits):
    bookings, card = visits(6), make_card(2500)

    answers = at_once(6, attempt_at(salon, bookings, code(card)))

    assert Counter(answers) == {TEN: 2, 500: 1, "gift_card_invalid": 3}
    assert balance(card) == 0


def test_a_percentage_is_used_as_often_as_it_may_be(salon, visits):
    bookings, card = visits(12), make_card(percent=50, usage_limit=3)

    answers = at_once(12, attempt_at(salon, bookings, code(card)))

    assert Counter(answers) == {0: 3, "gift_card_invalid": 9}
    assert (uses(card), GiftReservation.objects.count()) == (3, 3)


def test_fifty_guests_with_one_package_of_five(salon, visits):
    bookings = visits(50)
    package = make_package(bookings[0].items.get().service, visits=5)

    answers = at_once(50, attempt_at(salon, bookings, code(package)))

    assert Counter(answers) == {0: 5, "gift_card_invalid": 45}
    assert (uses(package), GiftReservation.objects.filter(card=package).count()) == (5, 5)


def test_families_with_one_card_spend_exactly_what_it_holds_and_nobody_waits_for_ever(salon, visits):
    """Twelve families of three, some with the visits the other way around; the card is good for ten visits."""
    bookings, card = visits(36), make_card(HUNDRED)
    families = [bookings[3 * number : 3 * number + 3][:: -1 if number % 2 else 1] for number in range(12)]

    def attempt(number):
        with tenant_context(salon):
            try:
                made = services.reserve_in_turn(
                    bookings=families[number], code=code(card), business=salon, now=timezone.now(), by=SYSTEM
                )
            except services.GiftCardInvalid as exc:
                return exc.code
            return len(made)

    answers = at_once(12, attempt)

    assert Counter(answers) == {3: 3, 1: 1, "gift_card_invalid": 8}
    assert (balance(card), GiftReservation.objects.count()) == (0, 10)
    assert sum(GiftReservation.objects.values_list("cents", flat=True)) == HUNDRED


def test_families_that_exchange_two_cards_do_not_wait_for_each_other(salon, visits):
    """Each gives one card up for the other: cards are locked by id, whichever is left and whichever is taken."""
    bookings, cards = visits(4), [make_card(HUNDRED), make_card(HUNDRED)]
    families = [bookings[:2], bookings[2:]]

    def attempt(number):
        with tenant_context(salon):
            for turn in range(6):
                typed = code(cards[(number + turn) % 2])
                how = {"business": salon, "now": timezone.now(), "by": SYSTEM}
                services.reserve_in_turn(bookings=families[number], code=typed, **how)

    at_once(2, attempt)

    assert sum(balance(card) for card in cards) == 2 * HUNDRED - 4 * TEN
    assert GiftReservation.objects.filter(state="reserved").count() == 4


def test_taking_a_package_back_and_paying_with_it_at_once_lose_nothing(salon, visits):
    bookings = visits(6)
    package = make_package(bookings[0].items.get().service, visits=5)
    pay = attempt_at(salon, bookings, code(package))

    def act(number):
        if number == 5:
            with tenant_context(salon):
                return ("back", services.take_back(card=package, reason="Refund", by=SYSTEM, now=timezone.now()))
        return pay(number)

    answers = at_once(6, act)

    paid = answers[:5].count(0)
    assert answers[5] == ("back", 5 - paid)
    assert uses(package) == 5


def test_one_booking_pressed_many_times_is_reserved_once(salon, visits):
    [booking], card = visits(1), make_card(HUNDRED)

    answers = at_once(8, attempt_at(salon, [booking] * 8, code(card)))

    assert answers == [TEN] * 8
    assert (balance(card), uses(card), GiftReservation.objects.count()) == (HUNDRED - TEN, 1, 1)


def test_two_who_swap_their_cards_do_not_deadlock(salon, visits, monkeypatch):
    bookings, cards = visits(2), [make_card(HUNDRED), make_card(HUNDRED)]
    for booking, card in zip(bookings, cards, strict=True):
        services.reserve(booking=booking, code=code(card), business=salon, now=timezone.now())
    both_are_there, lock = threading.Barrier(2), paying._lock

    def wait_and_lock(*card_ids):
        both_are_there.wait(timeout=20)
        lock(*card_ids)

    monkeypatch.setattr(paying, "_lock", wait_and_lock)
    pays = [attempt_at(salon, bookings, code(card)) for card in cards]

    for turn in range(1, 11):
        assert at_once(2, lambda number, turn=turn: pays[(number + turn) % 2](number)) == [TEN, TEN]

    assert [balance(card) for card in cards] == [HUNDRED - TEN] * 2


@pytest.mark.parametrize("verb", ["redeem", "release"])
def test_one_booking_is_settled_once(salon, visits, verb):
    """Whoever settles a booking holds its row, as its caller must; each tells its own press."""
    [booking], card = visits(1), make_card(HUNDRED)
    services.reserve(booking=booking, code=code(card), business=salon, now=timezone.now())

    def settle(number):
        with tenant_context(salon), transaction.atomic():
            type(booking).objects.select_for_update(of=("self",)).get(pk=booking.pk)
            how = {"booking": booking, "action_id": uuid4(), "now": timezone.now(), "by": SYSTEM}
            try:
                made = services.redeem(cents=TEN, **how) if verb == "redeem" else services.release(**how)
            except services.GiftCardSettled:
                return "settled before"
            return made and made.state

    done, left = {"redeem": ("redeemed", "settled before"), "release": ("released", None)}[verb]
    assert Counter(at_once(6, settle)) == {done: 1, left: 5}
    assert balance(card) == (HUNDRED - TEN if verb == "redeem" else HUNDRED)


def test_even_without_the_lock_a_booking_is_settled_once(salon, visits):
    [booking], card = visits(1), make_card(HUNDRED)
    services.reserve(booking=booking, code=code(card), business=salon, now=timezone.now())

    def settle(number):
        with tenant_context(salon):
            try:
                services.redeem(booking=booking, cents=TEN, action_id=uuid4(), now=timezone.now(), by=SYSTEM)
            except services.GiftCardSettled:
                return "settled before"
            return "redeemed"

    assert Counter(at_once(6, settle)) == {"redeemed": 1, "settled before": 5}
    assert [kind for kind, *_ in ledger(card)] == ["issue", "reserve", "release", "redeem"]


def test_switching_off_and_paying_at_once_lose_nothing(salon, visits):
    bookings, card = visits(5), make_card(HUNDRED)
    pay = attempt_at(salon, bookings, code(card))

    def act(number):
        if number == 4:
            with tenant_context(salon):
                return services.disable(card=card, reason="Refunded", by=SYSTEM, now=timezone.now())
        return pay(number)

    answers = at_once(5, act)

    paid = sum(answer for answer in answers[:4] if answer != "gift_card_invalid")
    assert paid + answers[4] == HUNDRED
    assert balance(card) == 0
