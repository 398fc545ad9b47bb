"""I1-I11: whatever is pressed, whoever dies, whatever Stripe says and in whatever order, money is right in the end.

Hypothesis draws what happens next. `TITHI_MONEY_EXAMPLES=500` draws more lives than a build has time for, other ones
each time, and looks for the shortest that fails.
"""

import os
import sys

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bookings.tests.factories import make_member, make_service
from payments import services
from payments.tests.making import with_fees
from payments.tests.money_world import Transport, World
from tenants.models import TenantBilling

EXAMPLES = int(os.environ.get("TITHI_MONEY_EXAMPLES", 0))
VISIT = st.integers(0, 1)
CARDS = st.sampled_from(
    [
        "pm_card_visa",
        "pm_card_visa",
        "pm_card_mastercard",
        "pm_card_authenticationRequired",
        "pm_card_chargeCustomerFail",
        "pm_card_pendingRefund",
        "pm_card_refundFail",
        None,
    ]
)
GIFTS = st.sampled_from([None, None, ("fixed", 2000), ("fixed", 9000), ("percent", 20), ("percent", 100)])
DAYS = st.sampled_from([2, 2, 7, 40])
BUTTONS = st.sampled_from(["complete", "no_show", "cancel"])
#: What goes wrong with a press: at Stripe (kind, which call, how often, when the work is done already), or with us.
ILL = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from(["lost_answer", "500", "429"]),
        st.sampled_from(["", "payment_intents$", "confirm$", "capture$", "cancel$", "refunds$"]),
        st.sampled_from([1, 1, 3]),
        st.booleans(),
    ),
    st.tuples(st.just("killed"), st.integers(0, 4), st.sampled_from(["before", "after"])),
)


class Money(RuleBasedStateMachine):
    """`open_world` is set by the test: it makes the World of one life."""

    open_world = None

    @initialize(
        near=st.booleans(),
        gift_pays_fees=st.booleans(),
        visits=st.lists(st.tuples(CARDS, GIFTS, DAYS), min_size=2, max_size=2),
    )
    def open(self, near, gift_pays_fees, visits):
        self.world = self.open_world(near=near, gift_pays_fees=gift_pays_fees)
        for card, gift, days in visits:
            self.world.book(card=card, gift=gift, days=days)
        self.world.place_holds()

    # Staff ------------------------------------------------------------------------------------

    @rule(visit=VISIT, ill=ILL, tip=st.sampled_from([0, 0, 700]), price=st.sampled_from([None, None, 3000, 8000]))
    def complete(self, visit, ill, tip, price):
        changed = {"price_cents": price, "reason": "Longer"} if price else {}
        self._press(services.complete, visit, ill, tip_cents=tip, **changed)

    @rule(visit=VISIT, ill=ILL, waive=st.sampled_from([False, False, True]))
    def no_show(self, visit, ill, waive):
        self._press(services.no_show, visit, ill, waive_fee=waive)

    @rule(visit=VISIT, ill=ILL, waive=st.sampled_from([False, False, True]))
    def cancel(self, visit, ill, waive):
        self._press(services.cancel, visit, ill, waive_fee=waive)

    @rule(visit=VISIT, ill=ILL, cents=st.sampled_from([None, None, 1, 1000, 4999]))
    def refund(self, visit, ill, cents):
        self._press(services.refund, visit, ill, amount_cents=cents)

    @rule(visit=VISIT, ill=ILL)
    def refund_the_no_show_fee(self, visit, ill):
        self._press(services.refund, visit, ill, refund_type="no_show_fee_only")

    @rule(visit=VISIT, ill=ILL, waive=st.booleans())
    def settle_without_the_card(self, visit, ill, waive):
        self._press(services.take_cash, visit, ill, waive=waive)

    @rule(button=BUTTONS, visit=VISIT, ill=ILL)
    def give_back_and_correct(self, button, visit, ill):
        self.world.press(services.refund, visit)
        self._press(getattr(services, button), visit, ill, correcting=True, reason="The wrong button")

    @rule(visit=VISIT, ill=ILL)
    def try_again(self, visit, ill):
        self._befall(ill)
        booking, now = self.world.visit(visit), self.world.act_now
        self.world.do(services.try_again, booking=booking, key=str(now["now"]), **now)

    def _press(self, verb, visit, ill, **how):
        """Pressed while Stripe or the process is unwell; pressed once more with the same key it is the same press."""
        self._befall(ill)
        self.world.press(verb, visit, **how)
        self.world.press(verb, visit, again=True, **how)

    def _befall(self, ill):
        if ill is None:
            return
        what, *how = ill
        if what == "killed":
            self.world.transport.arm(*how)
        else:
            self.world.local.fault(what, how[0], times=how[1], after=how[2])

    @rule(ill=ILL)
    def sell_gift_card(self, ill):
        self._befall(ill)
        self.world.sell_gift_card()

    @rule(ill=ILL)
    def take_sale_back(self, ill):
        self._befall(ill)
        self.world.take_sale_back()

    # Customers --------------------------------------------------------------------------------

    @rule(visit=VISIT)
    def customer_cancels(self, visit):
        self.world.customer_cancels(visit)

    @rule(visit=VISIT, comes_back=st.booleans())
    def customer_confirms(self, visit, comes_back):
        self.world.customer_confirms(visit, comes_back=comes_back)

    @rule(
        visit=VISIT,
        card=st.sampled_from(["pm_card_visa", "pm_card_authenticationRequired", "pm_card_chargeCustomerFail"]),
    )
    def another_card(self, visit, card):
        self.world.customer_brings_another_card(visit, card)

    # The background, Stripe, banks and fate -----------------------------------------------------

    @rule(ill=ILL)
    def place_holds(self, ill):
        self._befall(ill)
        self.world.place_holds()

    @rule(ill=ILL)
    def sweep(self, ill):
        self._befall(ill)
        self.world.time_passes(seconds=61)
        self.world.sweep()

    @rule(most=st.sampled_from([1, 4, 100]), seed=st.integers(0, 99), twice=st.booleans())
    def deliver(self, most, seed, twice):
        self.world.deliver(most=most, seed=seed, twice=twice)

    @rule(delta=st.sampled_from([{"minutes": 5}, {"hours": 25}, {"days": 5}]))
    def time_passes(self, delta):
        self.world.time_passes(**delta)

    @rule(visit=VISIT, decline=st.sampled_from([None, "insufficient_funds", "lost_card"]))
    def bank_says(self, visit, decline):
        self.world.bank_says(visit, decline)

    @rule(visit=VISIT, status=st.sampled_from([None, "won", "lost"]))
    def bank_disputes(self, visit, status):
        self.world.bank_disputes(visit)
        if status:
            self.world.bank_decides(status)

    @rule(visit=VISIT)
    def bank_sends_refund_back(self, visit):
        self.world.bank_sends_refund_back(visit)

    @rule(visit=VISIT, cents=st.sampled_from([1, 1500, 5000]))
    def somebody_refunds_at_stripe(self, visit, cents):
        self.world.somebody_refunds_at_stripe(visit, cents)

    @rule(visit=VISIT)
    def somebody_gives_up_at_stripe(self, visit):
        self.world.somebody_gives_up_at_stripe(visit)

    # Whether money is right ---------------------------------------------------------------------

    @invariant()
    def money_is_right(self):
        if hasattr(self, "world"):
            self.world.check_always()

    def teardown(self):
        if not hasattr(self, "world"):
            return
        try:
            if sys.exc_info()[0] is None:
                self._end()
        finally:
            self.world.close()

    def _end(self):
        """When all is over; and told once more, nothing changes (I9)."""
        self.world.settle()
        self.world.check_settled()
        before = self.world.state()
        self.world.waiting, self.world.known = [], set()
        self.world.deliver(most=10_000, seed=1, twice=False)
        assert self.world.state() == before


def how():
    """Few lives and always the same in a build; many, and other ones each time, where somebody has the time."""
    kept = {"deadline": None, "suppress_health_check": list(HealthCheck), "print_blob": True}
    if EXAMPLES:
        return settings(max_examples=EXAMPLES, stateful_step_count=40, **kept)
    return settings(max_examples=15, stateful_step_count=25, derandomize=True, phases=[Phase.generate], **kept)


@pytest.mark.slow
def test_money_is_right_whatever_happens(salon, local_stripe, admin, monkeypatch):
    service = make_service()
    for name in ("Ann", "Bea", "Cleo"):
        make_member(name, performs=[service])
    transport, savepoints = Transport(monkeypatch), []

    def open_world(machine, *, near, gift_pays_fees):
        if savepoints:
            transaction.savepoint_rollback(savepoints.pop())
        savepoints.append(transaction.savepoint())
        local_stripe.control("/reset")
        local_stripe.control("/faults/clear")
        account = local_stripe.new_account()
        TenantBilling.objects.filter(business=salon).update(stripe_account_id=account.id, charges_enabled=True)
        salon.billing.refresh_from_db()
        with_fees(salon)
        salon.hold_near_visits, salon.gift_cards_pay_fees = near, gift_pays_fees
        return World(salon=salon, service=service, local=local_stripe, account=account, transport=transport, user=admin)

    machine = type("Life", (Money,), {"open_world": open_world})
    run_state_machine_as_test(machine, settings=how())
