"""What a card takes off a price: parts always add up to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from giftcards.amounts import part_of

CENTS = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("price", "card", "parts"),
    [
        (5000, {"balance_cents": 2000}, (2000, 0, 3000)),
        (5000, {"balance_cents": 8000}, (5000, 0, 0)),
        (5000, {}, (0, 0, 5000)),
        (5000, {"percent": 20}, (0, 1000, 4000)),
        (1250, {"percent": 50}, (0, 625, 625)),
        (1251, {"percent": 50}, (0, 626, 625)),
        (5000, {"percent": 100}, (0, 5000, 0)),
        (0, {"percent": 20}, (0, 0, 0)),
    ],
    ids=["part", "all", "empty card", "percent", "half", "half a cent, up", "everything", "free"],
)
def test_a_price_is_split(price, card, parts):
    part = part_of(price, **card)

    assert (part.gift_cents, part.discount_cents, part.rest_cents) == parts


@given(CENTS, CENTS, st.integers(0, 100))
def test_parts_add_up_and_none_is_negative(price, balance, percent):
    part = part_of(price, balance_cents=balance, percent=percent)

    assert part.gift_cents + part.discount_cents + part.rest_cents == price
    assert min(part.gift_cents, part.discount_cents, part.rest_cents) >= 0
    assert part.gift_cents <= balance
