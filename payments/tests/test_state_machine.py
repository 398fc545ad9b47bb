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
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bookings.tests.factories import make_member, make_service
from config.chaos import wrong
from payments import gateway, receipts, services
from payments.services import driving_charges, driving_refunds, recording
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
        None,
    ]
)
GIFTS = st.sampled_from([None, None, None, ("fixed", 2000), ("fixed", 9000), ("percent", 20), ("percent", 100)])
DAYS = st.sampled_from([2, 2, 7, 40])
BUTTONS = st.sampled_from(["complete", "no_show", "cancel"])
WHICH = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
#: What goes wrong with one of the next calls: at Stripe, before or after the work or again and again; or with us.
ILL = st.one_of(
    st.none(),
    st.tuples(
        st.sampled_from(["lost_answer", "500", "429"]), st.sampled_from(["", "after", "again"]), st.integers(0, 3)
    ),
    st.tuples(st.just("killed"), st.sampled_from(["before", "after"]), st.integers(0, 3)),
)


class Money(RuleBasedStateMachine):
    """One life. `open_world` is set by the test."""

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

    @rule(visit=VISIT, ill=ILL)
    def complete(self, visit, ill):
        self._press(services.complete, visit, ill)

    @rule(visit=VISIT, ill=ILL, tip=st.sampled_from([0, 700]), price=st.sampled_from([None, 3000, 8000]))
    def complete_at_another_price(self, visit, ill, tip, price):
        changed = {"price_cents": price, "reason": "Longer"} if price else {}
        self._press(services.complete, visit, ill, tip_cents=tip, **changed)

    @rule(
        visit=VISIT, ill=ILL, button=st.sampled_from(["no_show", "cancel"]), waive=st.sampled_from([False, False, True])
    )
    def close(self, visit, ill, button, waive):
        self._press(getattr(services, button), visit, ill, waive_fee=waive)

    @rule(visit=VISIT, ill=ILL)
    def refund(self, visit, ill):
        self._press(services.refund, visit, ill)

    @rule(visit=VISIT, ill=ILL, part=st.sampled_from([1, 1000, 2000, 4999, "no_show_fee_only"]))
    def refund_a_part(self, visit, ill, part):
        how = {"refund_type": part} if isinstance(part, str) else {"amount_cents": part}
        self._press(services.refund, visit, ill, **how)

    @rule(visit=VISIT, ill=ILL, waive=st.booleans())
    def settle_without_the_card(self, visit, ill, waive):
        self._press(services.take_cash, visit, ill, waive=waive)

    @rule(button=BUTTONS, visit=VISIT, ill=ILL)
    def give_back_and_correct(self, button, visit, ill):
        self.world.press(services.refund, visit)
        self._press(getattr(services, button), visit, ill, correcting=True, reason="The wrong button")

    @rule(visit=VISIT, ill=ILL)
    def try_again(self, visit, ill):
        self.world.transport.arm(ill)
        booking, now = self.world.visit(visit), self.world.act_now
        self.world.do(services.try_again, booking=booking, key=str(now["now"]), **now)

    def _press(self, verb, visit, ill, **how):
        """Pressed while Stripe or the process is unwell; pressed once more with the same key it is the same press."""
        self.world.transport.arm(ill)
        self.world.press(verb, visit, **how)
        self.world.press(verb, visit, again=True, **how)

    # Gift cards sold --------------------------------------------------------------------------

    @rule(ill=ILL, back=st.booleans())
    def sell_gift_card(self, ill, back):
        self.world.transport.arm(ill)
        self.world.sell_gift_card()
        if back:
            self.world.take_sale_back()

    # The background ---------------------------------------------------------------------------

    @rule(ill=ILL)
    def sweep(self, ill):
        self.world.transport.arm(ill)
        self.world.time_passes(seconds=61)
        self.world.sweep()

    @rule(most=st.sampled_from([1, 4, 100]), seed=st.integers(0, 99), twice=st.booleans(), ill=ILL)
    def deliver(self, most, seed, twice, ill):
        self.world.transport.arm(ill)
        self.world.deliver(most=most, seed=seed, twice=twice)

    # Customers, banks, Stripe's own pages and the clock -----------------------------------------

    @rule(visit=VISIT, ill=ILL, what=st.sampled_from(["calls off", "confirms", "confirms and leaves", "other card"]))
    def customer(self, visit, ill, what):
        self.world.transport.arm(ill)
        if what == "calls off":
            self.world.customer_cancels(visit)
        elif what == "other card":
            self.world.customer_brings_another_card(visit, "pm_card_visa")
        else:
            self.world.customer_confirms(visit, comes_back=what == "confirms")

    @rule(
        visit=VISIT,
        what=st.sampled_from(["says yes", "insufficient_funds", "lost_card", "disputes", "won", "lost", "sends back"]),
    )
    def bank(self, visit, what):
        if what in ("won", "lost"):
            self.world.bank_disputes(visit)
            self.world.bank_decides(what)
        elif what == "disputes":
            self.world.bank_disputes(visit)
        elif what == "sends back":
            self.world.bank_sends_refund_back(visit)
        else:
            self.world.bank_says(visit, None if what == "says yes" else what)

    @rule(visit=VISIT, what=st.sampled_from([1, 1500, 5000, "given up"]))
    def somebody_at_stripe(self, visit, what):
        if what == "given up":
            self.world.somebody_gives_up_at_stripe(visit)
        else:
            self.world.somebody_refunds_at_stripe(visit, what)

    @rule(delta=st.sampled_from([{"minutes": 5}, {"hours": 25}, {"days": 5}]), ill=ILL)
    def time_passes(self, delta, ill):
        self.world.time_passes(**delta)
        self.world.transport.arm(ill)
        self.world.place_holds()

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
    return settings(max_examples=45, stateful_step_count=25, derandomize=True, phases=[Phase.generate], **kept)


@pytest.fixture
def open_world(salon, local_stripe, admin, monkeypatch):
    """`open_world(near=…, gift_pays_fees=…)`: a World of its own; what the one before it wrote is gone."""
    service = make_service()
    for name in ("Ann", "Bea", "Cleo"):
        make_member(name, performs=[service])
    transport, savepoints = Transport(monkeypatch, local_stripe), []

    def make(*, near=False, gift_pays_fees=False):
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

    return make


@pytest.mark.slow
def test_money_is_right_whatever_happens(open_world):
    machine = type("Life", (Money,), {"open_world": staticmethod(open_world)})

    run_state_machine_as_test(machine, settings=how())


# Whether the machine would see it -------------------------------------------------------------------


def charges_anew(monkeypatch):
    """On every try a payment is made, confirmed and captured, whatever became of the last one."""
    monkeypatch.setattr(driving_charges, "drive", wrong.drive)


def gives_back_anew(monkeypatch):
    """A refund whose answer was lost is made again, without looking, with another key."""
    real = gateway.create_refund
    monkeypatch.setattr(gateway, "find_refund", lambda **how: None)
    monkeypatch.setattr(gateway, "create_refund", lambda *, key, **how: real(key=None, **how))


def forgets_the_receipt(monkeypatch):
    monkeypatch.setattr(receipts, "queue_receipt", lambda **what: None)


def believes_a_fee_came_back(monkeypatch):
    """The platform's fee is worked out, not read from Stripe."""
    monkeypatch.setattr(recording, "fee_back", lambda found, **of_charge: 1)


def does_not_sweep(monkeypatch):
    monkeypatch.setattr(services, "finish_open_actions", lambda **how: 0)


def forgets_the_gift_card(monkeypatch):
    """Redeemed and never given back."""
    monkeypatch.setattr(driving_refunds.giftcards, "restore", lambda **what: None)


def a_story(world):
    """A part is paid by gift card, the capture's answer is lost, and so is a refund's; the rest is given back."""
    world.book(card="pm_card_visa", gift=("fixed", 2000), days=7)
    world.transport.arm(("lost_answer", "", 2))
    world.press(services.complete, 0)
    world.time_passes(seconds=61)
    world.sweep()
    world.transport.arm(("lost_answer", "", 0))
    world.press(services.refund, 0, amount_cents=1000)
    world.time_passes(seconds=61)
    world.sweep()
    world.press(services.refund, 0)


def play(world):
    try:
        a_story(world)
        world.settle()
        world.check_settled()
        assert world.gift_cards_are_whole()
    finally:
        world.close()


def test_the_story_ends_well(open_world):
    play(open_world())


@pytest.mark.parametrize(
    "defect",
    [
        charges_anew,
        gives_back_anew,
        forgets_the_receipt,
        believes_a_fee_came_back,
        does_not_sweep,
        forgets_the_gift_card,
    ],
    ids=lambda defect: defect.__name__,
)
def test_the_checks_see_a_product_that(open_world, monkeypatch, defect):
    """The control: the same story, told by a product that is wrong on purpose."""
    world = open_world()
    defect(monkeypatch)

    with pytest.raises(AssertionError):
        play(world)
