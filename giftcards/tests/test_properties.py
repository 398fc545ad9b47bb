"""I7: whatever happens to a card, its balance is the sum of its entries, and never was below nothing."""

from datetime import date, timedelta
from itertools import accumulate
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audit.actors import SYSTEM
from bookings.models import Booking
from bookings.tests.factories import at, make_booking
from giftcards import services
from giftcards.models import GiftCard, GiftReservation, ReservationState
from giftcards.services.keeping import room_cents
from giftcards.services.paying import redeemed_cents
from giftcards.tests.making import code, make_card
from tenants.errors import DomainError

CENTS = st.integers(1, 9000)
WHO = st.integers(0, 2)
#: What may happen, with how it happens; the first ones more often.
OFTEN = (
    st.tuples(st.just("reserve"), WHO, WHO),
    st.tuples(st.just("redeem"), WHO, CENTS),
    st.tuples(st.just("restore"), WHO, CENTS),
    st.tuples(st.just("release"), WHO),
)
SELDOM = (
    st.tuples(st.just("reserve_again"), WHO),
    st.tuples(st.just("adjust"), WHO, st.integers(-9000, 9000)),
    st.tuples(st.just("disable"), WHO),
    st.tuples(st.just("enable"), WHO, st.integers(0, 9000)),
    st.tuples(st.just("prolong"), WHO, st.sampled_from([None, -3, 3])),
    st.tuples(st.just("price"), WHO, CENTS),
    st.tuples(st.just("expire"), WHO),
)
STEPS = st.lists(st.one_of(*OFTEN * 6, *SELDOM), min_size=15, max_size=25)


class World:
    """Three visits and three cards (two of an amount, one percentage); the clock only goes forward."""

    def __init__(self, salon, bookings):
        self.salon, self.bookings, self.now = salon, bookings, timezone.now()
        self.cards = [make_card(5000), make_card(8000, expiration_date=self.day(2)), make_card(percent=30)]
        GiftCard.objects.filter(pk=self.cards[2].pk).update(usage_limit=2)

    def day(self, days) -> date:
        return (self.now + timedelta(days=days)).astimezone(self.salon.zone).date()

    @property
    def act(self):
        return {"now": self.now, "by": SYSTEM}

    def reserve(self, who, which):
        typed = code(self.cards[which])
        services.reserve(booking=self.bookings[who], code=typed, business=self.salon, **self.act)

    def reserve_again(self, who):
        booking = Booking.objects.get(pk=self.bookings[who].pk)
        services.reserve_again(booking=booking, business=self.salon, action_id=uuid4(), **self.act)

    def release(self, who):
        services.release(booking=self.bookings[who], action_id=uuid4(), **self.act)

    def redeem(self, who, cents):
        reservation = self._reservation(who)
        wanted = min(cents, reservation.cents) if reservation else cents
        self._twice(services.redeem, booking=self.bookings[who], cents=wanted)

    def restore(self, who, cents):
        reservation = self._reservation(who)
        if reservation and reservation.percent:
            self._twice(services.restore_percent_use, booking=self.bookings[who])
        elif reservation and reservation.state == ReservationState.REDEEMED:
            wanted = min(cents, redeemed_cents(reservation))
            self._twice(services.restore, booking=self.bookings[who], cents=wanted)

    def adjust(self, which, cents):
        services.adjust(card=self.cards[which], cents=cents, reason="x", **self.act)

    def disable(self, which):
        services.disable(card=self.cards[which], reason="x", action_id=uuid4(), **self.act)

    def enable(self, which, cents):
        services.enable(card=self.cards[which], cents=cents, reason="x", action_id=uuid4(), **self.act)

    def prolong(self, which, days):
        services.prolong(card=self.cards[which], expiration_date=days and self.day(days), **self.act)

    def price(self, who, cents):
        Booking.objects.filter(pk=self.bookings[who].pk).update(price_cents=cents)

    def expire(self, days):
        self.now += timedelta(days=days)
        services.expire_due(now=self.now, business=self.salon)

    def _reservation(self, who):
        return (
            GiftReservation.objects.filter(booking=self.bookings[who])
            .exclude(state=ReservationState.RELEASED)
            .select_related("card")
            .first()
        )

    def _twice(self, verb, **what):
        """A press whose answer was lost is driven again."""
        action_id = uuid4()
        for _ in range(2):
            try:
                verb(action_id=action_id, **what, **self.act)
            except services.NothingReserved:
                return

    def check(self):
        """The ledger tells every moment: its prefixes are the balances that were."""
        for card in GiftCard.objects.filter(pk__in=[card.pk for card in self.cards]):
            entries = list(card.entries.order_by("pk"))
            prefixes = list(accumulate(entry.amount_signed_cents for entry in entries))
            assert prefixes == [entry.balance_after_cents for entry in entries]
            assert card.balance_cents == prefixes[-1]
            assert min(prefixes) >= 0
            live = card.reservations.exclude(state=ReservationState.RELEASED)
            assert card.usage_count == live.count()
            if not card.is_percentage:
                assert card.balance_cents + held(card) + spent(card) + room_cents(card) == card.amount_cents
                assert room_cents(card) >= 0


def held(card):
    rows = card.reservations.filter(state=ReservationState.RESERVED)
    return rows.aggregate(cents=Sum("cents"))["cents"] or 0


def spent(card):
    return sum(redeemed_cents(row) for row in card.reservations.filter(state=ReservationState.REDEEMED))


@pytest.fixture
def bookings(salon, cut, ann):
    return [make_booking(salon, cut, at(salon, clock)) for clock in ("09:00", "11:00", "13:00")]


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_the_balance_is_the_sum_of_the_entries_and_never_was_below_nothing(salon, bookings, steps):
    with transaction.atomic():
        world = World(salon, bookings)
        for name, *what in steps:
            try:
                with transaction.atomic():
                    getattr(world, name)(*what)
            except DomainError:
                continue
        world.check()
        transaction.set_rollback(True)
