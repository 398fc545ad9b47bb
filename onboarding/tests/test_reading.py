"""Lengths and prices as people write them."""

import pytest

from onboarding import reading


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        (" 90 min ", 90),
        ("90 Minuten", 90),
        ("45'", 45),
        ("1:30", 90),
        ("01:30:00", 90),
        ("1h30", 90),
        ("1h", 60),
        ("2 Std.", 120),
        ("1 h 30 min", 90),
        ("1\u00a0h\u00a030", 90),
        ("1 hour and 30 minutes", 90),
        ("1.5 h", 90),
        ("1,25h", 75),
        ("0", 0),
    ],
)
def test_lengths_are_read(text, minutes):
    assert reading.minutes(text) == minutes


@pytest.mark.parametrize("text", ["", " ", "soon", "-5", "1h75", "1:3", "1:30:30", "12345", "45 - 60", "=45"])
def test_what_is_no_length_is_refused(text):
    with pytest.raises(reading.Unreadable):
        reading.minutes(text)


@pytest.mark.parametrize(
    ("text", "currency", "cents"),
    [
        ("85", "USD", 8500),
        ("$85", "USD", 8500),
        ("$ 85.00", "USD", 8500),
        ("USD 85", "USD", 8500),
        ("1,234.50", "USD", 123450),
        ("12,345,678", "USD", 1234567800),
        (".50", "USD", 50),
        ("1.234,50 €", "EUR", 123450),
        ("1\u202f234,50\u00a0€", "EUR", 123450),
        ("1.234", "EUR", 123400),
        ("85,5", "EUR", 8550),
        ("85,–", "EUR", 8500),
        ("1'234.50", "CHF", 123450),
        ("Fr. 85.-", "CHF", 8500),
        ("£85", "GBP", 8500),
        ("85 kr", "SEK", 8500),
        ("CA$85", "CAD", 8500),
        ("$85", "CAD", 8500),
        ("1,23,456", "INR", 12345600),
        ("¥6,500", "JPY", 6500),
        ("6500.00", "JPY", 6500),
        ("1.250", "KWD", 1250),
        ("1,250.500", "KWD", 1250500),
        ("0", "USD", 0),
    ],
)
def test_prices_are_read_in_the_salons_currency(text, currency, cents):
    assert reading.cents(text, currency=currency) == cents


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "USD"),
        ("free", "USD"),
        ("€85", "USD"),
        ("$85", "EUR"),
        ("from $85", "USD"),
        ("85-95", "USD"),
        ("-5", "USD"),
        ("1234.5.6", "USD"),
        ("1,2,3", "USD"),
        ("=1+1", "USD"),
        ("1e5", "USD"),
        ("65.50", "JPY"),
        ("65.5055", "USD"),
    ],
)
def test_what_is_no_price_of_the_salon_is_refused(text, currency):
    with pytest.raises(reading.Unreadable):
        reading.cents(text, currency=currency)


@pytest.mark.parametrize(
    ("column", "mark"),
    [
        (["85", "1,250", "9,50"], ","),
        (["85", "1.250", "9.50"], "."),
        (["1.5", "1,5"], None),
        (["85", "1,250"], None),
        (["1.250,00", "3"], ","),
        (["", "none"], None),
    ],
)
def test_a_column_tells_its_decimal_mark(column, mark):
    assert reading.decimal_mark(column, currency="EUR") == mark


def test_three_digits_are_not_guessed_at_where_the_column_says_otherwise():
    assert reading.cents("1,250", currency="EUR") == 125_000
    assert reading.cents("1,250", currency="EUR", decimal_mark=".") == 125_000
    with pytest.raises(reading.Unreadable, match="more digits"):
        reading.cents("1,250", currency="EUR", decimal_mark=",")
