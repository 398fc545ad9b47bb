"""Issuing, correcting, switching off, and the last day."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from audit import actors
from audit.actors import SYSTEM
from audit.models import AuditEntry
from giftcards import services
from giftcards.models import GiftCard
from giftcards.tests.making import balance, ledger, make_card, reserve

BY = actors.Actor(label="Cara", id=uuid4())


def trail():
    return list(
        AuditEntry.objects.filter(action__startswith="giftcard").order_by("at").values_list("action", flat=True)
    )


def adjust(card, cents, reason="Counted again"):
    return services.adjust(card=card, cents=cents, reason=reason, by=BY, now=timezone.now())


def disable(card, **how):
    return services.disable(card=card, reason="Sale refunded", by=BY, now=timezone.now(), **how)


# Issuing ---------------------------------------------------------------------------------------


def test_a_fixed_card_starts_with_its_amount(salon):
    card = make_card(4000, by=BY)

    assert (card.balance_cents, balance(card), card.is_percentage) == (4000, 4000, False)
    assert ledger(card) == [("issue", 4000, 4000)]
    entry = AuditEntry.objects.get(action="giftcard.issued")
    assert (entry.actor_label, entry.subject_label) == ("Cara", f"•••• {card.code_tail}")
    assert entry.after == {"amount_cents": 4000, "currency_code": "USD"}


def test_a_percentage_has_no_balance(salon):
    card = make_card(percent=15, usage_limit=2)

    assert (card.balance_cents, card.amount_cents, card.is_percentage) == (0, None, True)
    assert ledger(card) == [("issue", 0, 0)]


@pytest.mark.parametrize("worth", [{}, {"amount_cents": 100, "discount_percent": 10}, {"amount_cents": 0}])
def test_a_card_is_worth_either_an_amount_or_a_percentage(salon, worth):
    with pytest.raises(services.NotIssuable):
        services.issue(**worth, currency_code="USD", by=BY, now=timezone.now())

    assert GiftCard.objects.count() == 0


def test_a_card_with_an_id_of_the_callers_is_issued_once(salon):
    wanted = uuid4()

    cards = [make_card(4000, card_id=wanted) for _ in range(2)]

    assert [card.pk for card in cards] == [wanted, wanted]
    assert ledger(cards[0]) == [("issue", 4000, 4000)]


def test_many_cards_are_issued_at_once(salon):
    how = {"currency_code": "USD", "by": BY, "now": timezone.now(), "card_ids": [uuid4() for _ in range(3)]}

    for _ in range(2):
        cards = services.issue_many(amount_cents=2500, **how)

    assert len({card.code_digest for card in cards}) == 3
    assert [balance(card) for card in cards] == [2500] * 3
    assert GiftCard.objects.count() == 3
    with pytest.raises(services.IssuedDifferently):
        services.issue_many(amount_cents=2600, **how)


# The table's own judgement ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ("balance_cents = -1", "balance_cents"),
        ("balance_cents = 10001", "gift_balance_within_issued"),
        ("usage_count = 3, usage_limit = 2", "gift_usage_within_limit"),
        ("usage_count = -1", "usage_count"),
        ("discount_percent = 10", "gift_card_one_kind"),
    ],
)
def test_the_table_refuses_what_no_card_can_be(salon, wrong, constraint):
    make_card()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE giftcards_giftcard SET {wrong}")


# Corrections -----------------------------------------------------------------------------------


def test_an_adjustment_says_who_and_why(salon):
    card = make_card()

    adjust(card, -3000)
    adjust(card, 1000)

    assert ledger(card)[1:] == [("adjust", -3000, 7000), ("adjust", 1000, 8000)]
    assert set(card.entries.filter(kind="adjust").values_list("actor_label", "reason")) == {("Cara", "Counted again")}
    entry = AuditEntry.objects.filter(action="giftcard.adjusted").earliest("at")
    assert entry.before == {"balance_cents": 10_000, "currency_code": "USD"}
    assert entry.after == {"balance_cents": 7000, "currency_code": "USD", "reason": "Counted again"}


@pytest.mark.parametrize(
    ("cents", "reason", "sentence"),
    [
        (-10_001, "x", "The card holds $100.00."),
        (1, "x", "This card can take $0.00 more at most. Issue another card for the rest."),
        (0, "x", "Nothing would change."),
        (-1, " ", "Please say why."),
    ],
)
def test_an_adjustment_the_card_cannot_take_is_refused(salon, cents, reason, sentence):
    card = make_card()

    with pytest.raises(services.GiftCardUnchangeable) as refusal:
        adjust(card, cents, reason)

    assert str(refusal.value) == sentence
    assert ledger(card) == [("issue", 10_000, 10_000)]


def test_room_is_kept_for_what_may_come_back(salon, booking):
    card = make_card()
    reserve(salon, booking, card)
    adjust(card, -2000)

    with pytest.raises(services.GiftCardUnchangeable, match=r"\$20.00 more"):
        adjust(card, 2001)
    adjust(card, 2000)
    services.redeem(booking=booking, cents=5000, action_id=uuid4(), now=timezone.now(), by=BY)
    with pytest.raises(services.GiftCardUnchangeable, match=r"\$0.00 more"):
        adjust(card, 1)
    services.restore(booking=booking, cents=5000, action_id=uuid4(), now=timezone.now(), by=BY)

    assert balance(card) == 10_000


def test_a_percentage_has_nothing_to_adjust(salon):
    with pytest.raises(services.GiftCardUnchangeable, match="no balance"):
        adjust(make_card(percent=10), -1)


# Switching off ---------------------------------------------------------------------------------


def test_switching_off_takes_the_unspent_rest(salon, booking):
    card, action = make_card(), uuid4()
    reserve(salon, booking, card)

    assert disable(card, action_id=action) == 5000
    assert disable(card) == 0

    assert ledger(card)[2:] == [("expire", -5000, 0)]
    assert not GiftCard.objects.get().is_active
    entry = card.entries.latest("pk")
    assert (entry.action_id, entry.reason) == (action, "Sale refunded")
    assert trail() == ["giftcard.issued", "giftcard.disabled"]


def test_what_was_reserved_comes_back_to_a_card_that_is_off(salon, booking):
    card = make_card()
    reserve(salon, booking, card)
    disable(card)

    services.release(booking=booking, now=timezone.now())

    assert balance(card) == 5000
    with pytest.raises(services.GiftCardInvalid):
        reserve(salon, booking, card)


def test_a_refund_that_failed_switches_on_again(salon):
    card, action = make_card(), uuid4()
    taken = disable(card, action_id=action)

    services.enable(card=card, cents=taken, reason="The refund failed", action_id=action, by=BY, now=timezone.now())

    assert (GiftCard.objects.get().is_active, balance(card)) == (True, 10_000)
    assert trail() == ["giftcard.issued", "giftcard.disabled", "giftcard.enabled"]


def test_switching_on_gives_nothing_that_was_never_issued(salon):
    card = make_card()

    with pytest.raises(services.GiftCardUnchangeable):
        services.enable(card=card, cents=1, reason="x", by=BY, now=timezone.now())

    assert balance(card) == 10_000


# The last day ----------------------------------------------------------------------------------

MIDNIGHT = datetime(2027, 2, 1, 5, tzinfo=UTC)  # in New York
BEFORE = datetime(2027, 2, 1, 4, 59, 59, tzinfo=UTC)


def expire(salon, now):
    return services.expire_due(now=now, business=salon)


@pytest.mark.parametrize(("now", "left"), [(BEFORE, 10_000), (MIDNIGHT, 0)], ids=["last second", "midnight"])
def test_cards_expire_at_midnight_in_the_salon(salon, now, left):
    card, lasting = make_card(expiration_date=date(2027, 1, 31)), make_card()

    assert expire(salon, now) == (left == 0)

    assert (balance(card), balance(lasting)) == (left, 10_000)


@pytest.mark.parametrize(
    ("now", "left"), [(datetime(2027, 3, 28, 21, 59, tzinfo=UTC), 10_000), (datetime(2027, 3, 28, 22, tzinfo=UTC), 0)]
)
def test_midnight_is_the_one_after_the_clocks_went_forward(salon, now, left):
    salon.timezone = "Europe/Paris"
    card = make_card(expiration_date=date(2027, 3, 28))

    expire(salon, now)

    assert balance(card) == left


def test_a_card_expires_once_for_each_last_day(salon, booking):
    with time_machine.travel(datetime(2027, 1, 31, 20, tzinfo=UTC), tick=False):
        card = make_card(expiration_date=date(2027, 1, 31))
        reserve(salon, booking, card)
    assert expire(salon, MIDNIGHT) == 1
    services.release(booking=booking, now=MIDNIGHT)

    assert expire(salon, datetime(2027, 3, 1, tzinfo=UTC)) == 0
    assert balance(card) == 5000
    services.prolong(card=card, expiration_date=date(2027, 3, 31), by=BY, now=MIDNIGHT)
    assert expire(salon, datetime(2027, 3, 31, tzinfo=UTC)) == 0
    assert expire(salon, datetime(2027, 4, 2, tzinfo=UTC)) == 1

    assert balance(card) == 0
    entry = card.entries.latest("pk")
    assert (entry.kind, entry.actor_label) == ("expire", SYSTEM.label)


def test_prolonging_is_written_down(salon):
    card = make_card(expiration_date=date(2027, 1, 31))

    services.prolong(card=card, expiration_date=None, by=BY, now=timezone.now())

    assert GiftCard.objects.get().expiration_date is None
    entry = AuditEntry.objects.get(action="giftcard.prolonged")
    assert (entry.before, entry.after) == ({"expiration_date": "2027-01-31"}, {"expiration_date": None})
