import pytest

from messaging.numbers import can_get_texts


@pytest.mark.parametrize(
    ("number", "can"),
    [
        ("+12125550101", True),  # North American numbers do not tell
        ("+33612345678", True),
        ("+33145678901", False),
        ("+4915112345678", True),
        ("+493012345678", False),
        ("+18005551234", False),
        ("+1212555", False),
        ("0612345678", False),
        ("", False),
        (None, False),
        ("nonsense", False),
    ],
)
def test_only_mobile_numbers_get_texts(number, can):
    assert can_get_texts(number) is can
