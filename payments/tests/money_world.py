"""A salon's money with everything that happens to it: what staff, customers, banks, Stripe and fate can do, one at a time.

Used by the state machine, which draws what happens next and looks after each step whether money is right.
"""

import random
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import accumulate
from uuid import uuid4

import requests
import stripe
import time_machine
from django.utils import timezone

from audit import actors
from audit.models import AuditEntry
from bookings.models import Booking, Status
from bookings.services import cancel_booking
from bookings.tests.factories import DETAILS, at, hold
from giftcards.models import GiftCard
from giftcards.tests.making import code, make_card
from messaging.models import Message
from payments import gateway, services
from payments.models import (
    CHARGES,
    FINAL_STATES,
    WAITING,
    ActionKind,
    ActionState,
    CardHold,
    CardSetup,
    Dispute,
    GiftCardOrder,
    HoldState,
    LedgerEntry,
    LedgerKind,
    MoneyAction,
    Payment,
    PaymentStatus,
    Refund,
)
from payments.services import events, holding, orders, reconciling, states
from payments.tests.ledgers import at_stripe, written_down
from payments.tests.local_stripe import pay_on_stripes_page
from tenants.errors import DomainError

URLS = {"success_url": "https://salon.example/done/", "cancel_url": "https://salon.example/"}
#: Statuses of a payment after which its parts must add up.
SETTLED = {status for status, rank in states.RANK.items() if rank >= states.RANK[PaymentStatus.CAPTURED]}


class Killed(BaseException):
    """kill -9: nothing below catches it, nothing after it runs."""


class Transport:
    """The SDK's way to Stripe. One of the product's next calls can be struck there, at Stripe or in our own process."""

    def __init__(self, monkeypatch, local):
        self._local, self.active, self._ill = local, False, None
        send = requests.Session.send

        def guarded(session, request, **how):
            ill = self._strikes() if request.path_url.startswith("/v1/") else None
            if ill == ("killed", "before"):
                raise Killed
            answer = send(session, request, **how)
            if ill == ("killed", "after"):
                raise Killed
            return answer

        monkeypatch.setattr(requests.Session, "send", guarded)

    def arm(self, ill):
        """`ill`: (what, how, which of the product's next calls), or None. What has not struck is forgotten.

        `what` is killed, before the call leaves or after its answer came; or a fault of the local Stripe: with the work
        done already or not, or three times in a row.
        """
        self._ill = ill and [*ill, 3 if ill[1] == "again" else 1]

    def _strikes(self):
        if not self.active or not self._ill:
            return None
        what, how, calls, times = self._ill
        if calls:
            self._ill[2] -= 1
            return None
        self._ill = [what, how, 0, times - 1] if times > 1 else None
        if what != "killed":
            self._local.fault(what, method=None, after=how == "after")
        return what, how

    @contextmanager
    def used_by_the_product(self):
        self.active = True
        try:
            yield
        finally:
            self.active = False


class World:
    """One salon, a few visits. Every method is something that happens; refusals are answers like any other."""

    def __init__(self, *, salon, service, local, account, transport, user):
        self.salon, self.service, self.local, self.account, self.transport = salon, service, local, account, transport
        self.by = actors.user(user)
        self.visits, self.keys = [], []
        self.known, self.waiting = set(), []
        self.seen_rank = {}
        self.travel = time_machine.travel(timezone.now(), tick=True)
        self.clock = self.travel.start()

    def close(self):
        self.travel.stop()
        self.transport.arm(None)

    @property
    def act_now(self):
        return {"by": self.by, "now": timezone.now()}

    # The product acts -------------------------------------------------------------------------

    def do(self, verb, *args, **kwargs):
        """What the product does, killed and refused as it may be."""
        try:
            with self.transport.used_by_the_product():
                return verb(*args, **kwargs)
        except (DomainError, gateway.GatewayError):
            return None
        except Killed:
            self._leave_leases()
            return None

    def _leave_leases(self):
        """A dead process gives nothing back: whatever it drove stays its own for a minute."""
        until = timezone.now() + timedelta(seconds=60)
        MoneyAction.objects.filter(state__in=WAITING, attempts__gt=0, leased_until=None).update(leased_until=until)
        CardHold.objects.filter(state__in=holding.GOING_ON, attempts__gt=0, leased_until=None).update(
            leased_until=until
        )

    def visit(self, number):
        return Booking.objects.select_related("card_setup").get(pk=self.visits[number % len(self.visits)])

    def press(self, verb, number, *, again=False, **how):
        """A button: with a key of its own, or (`again`) with the last one, as a double press has it."""
        if not again or not self.keys:
            self.keys.append(str(uuid4()))
        return self.do(verb, business=self.salon, booking=self.visit(number), key=self.keys[-1], **self.act_now, **how)

    def book(self, *, card, gift, days):
        """A visit made and agreed to, with whatever is to pay for it. Nothing goes wrong here."""
        number = len(self.visits)
        booking = hold(self.salon, self.service, at(self.salon, f"{9 + number % 8:02}:00", days=days))
        self.visits.append(booking.pk)
        if gift:
            with_card = make_card(gift[1]) if gift[0] == "fixed" else make_card(percent=gift[1], usage_limit=1)
            services.put_gift_card_aside(
                business=self.salon, booking=booking, code=code(with_card), address=None, now=timezone.now()
            )
        self.salon.require_card = bool(card)
        booking = services.submit_checkout(
            business=self.salon, booking=booking, details=DETAILS, address=None, now=timezone.now()
        )
        if services.is_card_asked_for(booking):
            _, intent = services.prepare_card(business=self.salon, booking=booking)
            self.account.save_card(intent.id, card or "pm_card_visa")
        services.place_booking(business=self.salon, booking=booking, now=timezone.now())

    def customer_cancels(self, number):
        booking = self.visit(number)
        self.do(cancel_booking, business=self.salon, booking=booking, by=actors.customer("Anna"), now=timezone.now())

    def customer_brings_another_card(self, number, card):
        booking = self.visit(number)
        prepared = self.do(services.prepare_replacement, booking=booking)
        if prepared is None or prepared[1].status == "succeeded":
            return
        with suppress(stripe.StripeError):
            self.account.save_card(prepared[1].id, card)
        self.do(services.accept_replacement, booking=booking, setup_intent_id=prepared[1].id)

    def customer_confirms(self, number, *, comes_back):
        """At the bank, on the pay page; then they come back to it, or close the browser."""
        action = self._stopped(number)
        if action is None or action.payment_intent_id is None:
            return
        intent = self.account.stripe.payment_intents.retrieve(action.payment_intent_id)
        if intent.status not in ("requires_payment_method", "requires_confirmation", "requires_action"):
            return
        with suppress(stripe.StripeError):  # the browser shows it
            self.account.confirm_at_the_bank(intent.id, self.visit(number).card_setup.payment_method_id)
        if comes_back:
            self.do(services.customer_acted, action=action)

    def _stopped(self, number):
        booking = self.visit(number)
        return MoneyAction.objects.filter(
            booking=booking, kind__in=CHARGES, state__in=[ActionState.FAILED, ActionState.NEEDS_CUSTOMER]
        ).first()

    def sell_gift_card(self):
        self.salon.sell_gift_cards = True
        wish = orders.Wish(amount_cents=5000, buyer_name="Ben", buyer_email="ben@example.com")
        sale = orders.place(business=self.salon, wish=wish, form_key=str(uuid4()))
        url = self.do(orders.payment_page, order=sale, **URLS)
        if url:
            sale.refresh_from_db()
            pay_on_stripes_page(url)
            self.do(orders.fulfil, order=sale, business=self.salon, now=timezone.now())

    def take_sale_back(self):
        sale = GiftCardOrder.objects.order_by("created_at").first()
        if sale and sale.card_id:
            self.do(services.refund_order, order=sale, key=str(uuid4()), **self.act_now)

    # The background acts ----------------------------------------------------------------------

    def place_holds(self):
        self.do(holding.place_due, business=self.salon, now=timezone.now())

    def sweep(self):
        for sweep in (services.finish_open_actions, services.finish_open_holds, services.look_again):
            self.do(sweep, now=timezone.now())
        self.do(orders.finish_open_orders, business=self.salon, now=timezone.now())

    def deliver(self, *, most, seed, twice):
        """Some of the events that wait, in some order, perhaps twice. What fails stays in the inbox."""
        self._hear()
        chance = random.Random(seed)
        chance.shuffle(self.waiting)
        for event in self.waiting[:most] * (2 if twice else 1):
            self._process(event)

    def _hear(self):
        for event in self.local.look("/events", account=self.account.id):
            if event["id"] not in self.known:
                self.known.add(event["id"])
                self.waiting.append(event)

    def _process(self, event):
        failed = []
        self.do(self._handle, event, failed)
        if event in self.waiting and failed == []:
            self.waiting.remove(event)

    def _handle(self, event, failed):
        failed.append(event)
        events.handle(business=self.salon, kind=event["type"], data=event["data"]["object"])
        failed.clear()

    # Stripe, banks and fate act ---------------------------------------------------------------

    def time_passes(self, **delta):
        delta = timedelta(**delta)
        self.clock.shift(delta)
        self.local.control("/clock", advance_seconds=int(delta.total_seconds()))

    def bank_says(self, number, decline):
        setup = CardSetup.objects.filter(booking=self.visit(number)).first()
        if setup and setup.payment_method_id:
            self.local.control("/cards", payment_method=setup.payment_method_id, declines=decline)

    def bank_disputes(self, number):
        payment = self._captured(number)
        if payment is None or payment.disputes.exists():
            return
        charge = self.account.stripe.charges.retrieve(payment.provider_charge_id)
        if charge.amount_refunded < charge.amount:
            self._anyhow("/disputes", charge=payment.provider_charge_id, reason="fraudulent")

    def bank_decides(self, status):
        for dispute in Dispute.objects.filter(closed_at=None):
            self._anyhow(f"/disputes/{dispute.pk}/close", status=status)

    def bank_sends_refund_back(self, number):
        """Only of the payment that counts: with an older one the bank would undo what a correction built on."""
        payment = self._captured(number)
        refund = payment and Refund.objects.filter(payment=payment, amount_cents__gt=0).first()
        if refund:
            self._anyhow(f"/refunds/{refund.action.refund_id}/settle", status="failed")

    def somebody_refunds_at_stripe(self, number, cents):
        payment = self._captured(number)
        if payment:
            with suppress(stripe.StripeError):
                self.account.stripe.refunds.create({"payment_intent": payment.provider_payment_id, "amount": cents})

    def somebody_gives_up_at_stripe(self, number):
        action = self._stopped(number)
        if action and action.payment_intent_id:
            with suppress(stripe.StripeError):
                self.account.stripe.payment_intents.cancel(action.payment_intent_id)

    def _captured(self, number):
        return Payment.objects.filter(booking=self.visit(number), is_current=True, captured_cents__gt=0).first()

    def _anyhow(self, path, **data):
        """An order to the local Stripe that it may refuse: it has come differently there."""
        answer = requests.post(f"{self.local.base}/_simulator{path}", json=data, timeout=20)
        assert answer.status_code in (200, 400), answer.text

    # At every moment --------------------------------------------------------------------------

    def check_always(self):
        intents = self.account.intents()
        net = self._net(intents)
        self._check_one_live_payment(intents, net)
        self._check_bounds(net)
        self._check_gift_cards()
        self._check_ranks()
        receipts = Counter(Message.objects.filter(kind="receipt").values_list("about_id", flat=True))
        captures = Counter(
            LedgerEntry.objects.filter(kind=LedgerKind.CAPTURE, order=None).values_list("action_id", flat=True)
        )
        assert receipts == captures  # I11

    def _net(self, intents):
        """Cents on the salon's account, intent by intent."""
        net = {intent.id: intent.amount_received for intent in intents}
        for row in self.account.rows():
            if row["payment_intent"] in net and row["kind"] == "refund":
                net[row["payment_intent"]] -= row["amount"]
            if row["payment_intent"] in net and row["kind"] == "refund_failed":
                net[row["payment_intent"]] += row["amount"]
        return net

    def _check_one_live_payment(self, intents, net):
        """I2: of all a booking's payments one at most holds or keeps money. I5: none before a press, but for holds."""
        live = defaultdict(list)
        pressed = {str(pk) for pk in MoneyAction.objects.filter(kind__in=CHARGES).values_list("booking", flat=True)}
        held = set(CardHold.objects.values_list("payment_intent_id", flat=True))
        for intent in intents:
            booking = intent.metadata.to_dict().get("booking_id")
            if booking and (intent.status == "requires_capture" or net[intent.id]):
                live[booking].append(intent.id)
                assert booking in pressed or intent.id in held or self._hold_unheard(intent)
        assert all(len(ids) == 1 for ids in live.values()), live

    def _hold_unheard(self, intent):
        """The hold whose driver was killed before it could write the intent down."""
        return CardHold.objects.filter(pk=intent.metadata["action_id"]).exists()

    def _check_bounds(self, net):
        """I1, I6: never more kept than price and tip, never more given back than taken."""
        for payment in Payment.objects.exclude(provider_payment_id=None):
            assert 0 <= net.get(payment.provider_payment_id, 0) <= payment.due_cents
            assert payment.refunded_cents <= payment.captured_cents <= payment.due_cents

    def _check_gift_cards(self):
        """I7."""
        for card in GiftCard.objects.prefetch_related("entries"):
            prefixes = list(accumulate(entry.amount_signed_cents for entry in reversed(card.entries.all())))
            assert min(prefixes) >= 0
            assert prefixes[-1] == card.balance_cents

    def _check_ranks(self):
        """I10: what has been paid is never unpaid again; only a refund the bank sent back is one less."""
        came_back = set(LedgerEntry.objects.filter(kind=LedgerKind.REFUND_FAILED).values_list("payment_id", flat=True))
        for payment in Payment.objects.all():
            rank, before = states.RANK[PaymentStatus(payment.status)], self.seen_rank.get(payment.pk, 0)
            assert rank >= before or (payment.pk in came_back and rank >= states.RANK[PaymentStatus.CAPTURED])
            self.seen_rank[payment.pk] = rank

    # In the end -------------------------------------------------------------------------------

    def settle(self):
        """Whatever went wrong is over; sweeps and events have done their work, in a random order."""
        self.transport.arm(None)
        self.local.control("/faults/clear")
        for _ in range(8):
            self.time_passes(hours=2)
            self.sweep()
            self.deliver(most=10_000, seed=len(self.known), twice=False)
            if not (self.waiting or self._under_way()):
                break
        assert self.waiting == []
        assert not self._under_way()

    def _under_way(self):
        return (
            MoneyAction.objects.filter(state__in=WAITING).exists()
            or CardHold.objects.filter(state__in=[*holding.GOING_ON, HoldState.RELEASING]).exists()
        )

    def check_settled(self):
        self.check_always()
        self._check_ledgers()
        self._check_open_intents()
        self._check_actions()
        self._check_parts()

    def _check_ledgers(self):
        """I4: to the cent, fees too; and the product's own comparison says the same."""
        ours, theirs = written_down(self.account), at_stripe(self.account)
        assert ours == theirs, f"only ours: {ours - theirs}, only Stripe's: {theirs - ours}"
        report = reconciling.reconcile(business=self.salon, now=timezone.now(), days=400)
        assert report.differences == [], report.differences
        # Left by lost answers, never confirmed: nothing was held or taken by them, and now nothing can be.
        assert all(pk not in self._intents_in_use() for pk in report.orphans)

    def _check_open_intents(self):
        """Whatever still lies open at Stripe, somebody waits for."""
        lying = {intent.id for intent in self.account.intents() if intent.status not in ("succeeded", "canceled")}
        assert lying <= self._intents_in_use()

    def _intents_in_use(self):
        pressed = MoneyAction.objects.filter(kind__in=CHARGES).exclude(state__in=FINAL_STATES)
        held = CardHold.objects.filter(state=HoldState.HELD)
        return {
            *pressed.values_list("payment_intent_id", flat=True),
            *held.values_list("payment_intent_id", flat=True),
        }

    def _check_actions(self):
        """I3: succeeded presses and Stripe's objects, one to one."""
        charged = MoneyAction.objects.filter(state=ActionState.SUCCEEDED, amount_cents__gt=0, kind__in=CHARGES)
        ours = Counter(charged.values_list("payment_intent_id", flat=True))
        late = LedgerEntry.objects.filter(kind=LedgerKind.CAPTURE, action__kind=ActionKind.CASH)
        ours.update(late.values_list("payment_intent_id", flat=True))  # by card after all, seen at the till
        ours.update(GiftCardOrder.objects.exclude(card=None).values_list("payment_intent_id", flat=True))
        assert ours == Counter(intent.id for intent in self.account.intents() if intent.status == "succeeded")
        given = MoneyAction.objects.filter(
            state=ActionState.SUCCEEDED, amount_cents__gt=0, kind=ActionKind.REFUND
        ).values_list("refund_id", "amount_cents")
        theirs = self.account.stripe.refunds.list({"limit": 100}).auto_paging_iter()
        pressed = {refund.id: refund.amount for refund in theirs if "action_id" in refund.metadata.to_dict()}
        assert set(given) <= set(pressed.items())
        abandoned = MoneyAction.objects.filter(kind=ActionKind.REFUND, state=ActionState.ABANDONED)
        assert len(pressed) - len(given) <= abandoned.count()

    def _check_parts(self):
        """I8 and I1: what settled payments consist of, and that they took what their press asked for."""
        for payment in Payment.objects.filter(status__in=SETTLED).select_related("booking"):
            parts = payment.gift_cents + payment.discount_cents + payment.captured_cents
            assert parts + payment.cash_cents + payment.waived_cents == payment.due_cents
            assert payment.booking.status in (Status.COMPLETED, Status.NO_SHOW, Status.CANCELED)

    def gift_cards_are_whole(self):
        """Whether gift cards of visits that were given back in full have all of it again."""
        return all(
            card.balance_cents == card.amount_cents
            for card in GiftCard.objects.filter(amount_cents__isnull=False, is_active=True)
        )

    def state(self):
        """All that is written down, without the instants at which it was."""
        return [
            _rows(Booking, "id", "status", "sequence"),
            _rows(Payment, "id", "status", "captured_cents", "refunded_cents", "cash_cents", "waived_cents"),
            _rows(MoneyAction, "id", "state", "payment_intent_id", "refund_id"),
            _rows(LedgerEntry, "kind", "stripe_id", "amount_cents", "application_fee_cents", "action_id"),
            _rows(Refund, "id", "status"),
            _rows(Dispute, "stripe_id", "status"),
            _rows(GiftCard, "id", "balance_cents", "usage_count", "is_active"),
            _rows(GiftCardOrder, "id", "status", "refunded_cents"),
            _rows(CardHold, "id", "state"),
            _rows(Message, "dedupe_key"),
            _rows(AuditEntry, "id", "action"),
        ]


def _rows(model, *names):
    return sorted(map(repr, model.objects.values_list(*names)))
