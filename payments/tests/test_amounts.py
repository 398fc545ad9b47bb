import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments import amounts
from payments.amounts import Split, split

cents = st.integers(0, 200_000)


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ({"price_cents": 5000, "has_card": True}, {"card_cents": 5000}),
        ({"price_cents": 5000, "has_card": False}, {"cash_cents": 5000}),
        ({"price_cents": 5000, "tip_cents": 700, "has_card": True}, {"card_cents": 5700}),
        ({"price_cents": 5000, "gift_cents": 2000, "has_card": True}, {"gift_cents": 2000, "card_cents": 3000}),
        ({"price_cents": 5000, "gift_cents": 9000, "has_card": True}, {"gift_cents": 5000}),
        ({"price_cents": 5000, "gift_cents": 9000, "tip_cents": 500, "has_card": True}, {"gift_cents": 5000, "card_cents": 500}),
        ({"price_cents": 5000, "percent": 15, "has_card": True}, {"discount_cents": 750, "card_cents": 4250}),
        ({"price_cents": 5000, "percent": 100, "has_card": True}, {"discount_cents": 5000}),
        ({"price_cents": 49, "has_card": True}, {"cash_cents": 49}),
        ({"price_cents": 50, "has_card": True}, {"card_cents": 50}),
        ({"price_cents": 0, "has_card": True}, {}),
        ({"price_cents": 99_999_999, "has_card": True}, {"card_cents": 99_999_999}),
        ({"price_cents": 100_000_000, "has_card": True}, {"cash_cents": 100_000_000}),
    ],
)  # fmt: skip
def test_a_price_is_divided(asked, parts):
    assert split(**asked, currency="USD", at_salon=True) == Split(
        price_cents=asked["price_cents"], currency="USD", tip_cents=asked.get("tip_cents", 0), **parts
    )


def test_a_fee_nobody_can_charge_is_let_go():
    assert split(price_cents=2500, currency="USD", has_card=False, at_salon=False).waived_cents == 2500
    assert split(price_cents=49, currency="USD", has_card=True, at_salon=False).waived_cents == 49


@pytest.mark.parametrize(("currency", "least"), [("USD", 50), ("GBP", 30), ("JPY", 50), ("HUF", 17500), ("XXX", 50)])
def test_each_currency_has_its_smallest_charge(currency, least):
    assert amounts.least(currency) == least


@pytest.mark.parametrize(
    ("currency", "price", "card", "fee"),
    [("USD", 5055, 5055, 51), ("KWD", 12345, 12340, 120), ("ISK", 505050, 505000, 5000), ("UGX", 990000, 990000, 9900)],
)
def test_only_what_stripe_can_move_is_charged(currency, price, card, fee):
    parts = split(price_cents=price, currency=currency, has_card=True, at_salon=True)

    assert (parts.card_cents, parts.cash_cents) == (card, price - card)
    assert amounts.platform_fee(card_cents=card, currency=currency, basis_points=100) == fee


@given(price=cents, tip=cents, percent=st.integers(0, 100), gift=cents, card=st.booleans(), at_salon=st.booleans())
def test_the_parts_add_up_to_what_is_due(price, tip, percent, gift, card, at_salon):
    parts = split(
        price_cents=price,
        currency="USD",
        tip_cents=tip,
        percent=percent,
        gift_cents=gift,
        has_card=card,
        at_salon=at_salon,
    )

    paid = parts.discount_cents + parts.gift_cents + parts.card_cents + parts.cash_cents + parts.waived_cents
    assert paid == parts.due_cents == price + tip
    assert min(parts.discount_cents, parts.gift_cents, parts.card_cents, parts.cash_cents, parts.waived_cents) >= 0


@given(captured=st.integers(1, 1_000_000), shares=st.lists(st.integers(1, 1000), min_size=1, max_size=8))
def test_the_platforms_fee_goes_back_in_parts_that_add_up(captured, shares):
    fee = (captured + 50) // 100
    parts = [captured * share // sum(shares) for share in shares]
    parts[-1] += captured - sum(parts)
    gone, back = 0, []
    for part in parts:
        back.append(
            amounts.fee_back(fee_cents=fee, captured_cents=captured, refunded_before_cents=gone, amount_cents=part)
        )
        gone += part

    assert sum(back) == fee
    assert min(back) >= 0


def test_a_refund_goes_to_the_card_first():
    assert amounts.refund_split(amount_cents=3000, card_left_cents=5000) == (3000, 0)
    assert amounts.refund_split(amount_cents=7000, card_left_cents=5000) == (5000, 2000)
