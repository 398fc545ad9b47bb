from datetime import UTC, datetime, timedelta

import pytest

from payments.declines import may_retry

FIRST = datetime(2027, 3, 1, 12, tzinfo=UTC)
SOON = FIRST + timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("code", "declines", "now", "may"),
    [
        ("insufficient_funds", 1, SOON, True),
        ("insufficient_funds", 3, SOON, True),
        ("insufficient_funds", 4, SOON, False),
        ("insufficient_funds", 1, FIRST + WEEK - timedelta(seconds=1), True),
        ("insufficient_funds", 1, FIRST + WEEK, False),
        ("lost_card", 1, SOON, False),
        ("expired_card", 1, SOON, False),
        ("", 0, SOON, True),
    ],
    ids=["soft", "third retry", "a fourth", "within the week", "after the week", "lost", "expired", "no decline"],
)
def test_which_cards_are_tried_again(code, declines, now, may):
    assert may_retry(code=code, declines=declines, first_declined_at=FIRST, now=now) is may
