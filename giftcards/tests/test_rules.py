"""What a new card may be, and until when it is good."""

from datetime import date

import pytest

from giftcards.rules import last_day, problems

TODAY = date(2027, 2, 10)


@pytest.mark.parametrize(
    ("card", "field"),
    [
        ({"amount_cents": 1}, None),
        ({"discount_percent": 10, "usage_limit": 3}, None),
        ({"amount_cents": 1, "expiration_date": TODAY, "deliver_on": TODAY, "recipient_email": "a@b.co"}, None),
        ({}, "amount_cents"),
        ({"amount_cents": 1, "discount_percent": 1}, "amount_cents"),
        ({"amount_cents": 1, "usage_limit": 1}, "usage_limit"),
        ({"amount_cents": 1, "expiration_date": date(2027, 2, 9)}, "expiration_date"),
        ({"amount_cents": 1, "deliver_on": date(2027, 2, 9), "recipient_email": "a@b.co"}, "deliver_on"),
        ({"amount_cents": 1, "deliver_on": TODAY}, "recipient_email"),
    ],
)
def test_what_no_card_can_be_is_named_by_its_field(card, field):
    assert list(problems(today=TODAY, **card)) == ([field] if field else [])


@pytest.mark.parametrize(
    ("bought_on", "months", "end"),
    [
        (date(2026, 11, 25), 60, date(2031, 11, 25)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 1, 1), 0, None),
    ],
)
def test_a_card_is_good_for_so_many_months(bought_on, months, end):
    assert last_day(bought_on, months) == end
