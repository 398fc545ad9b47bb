"""What gift cards are sold in which currency."""

import pytest

from payments import amounts
from payments.selling import SMALLER, amounts_for
from tenants.money import EXPONENTS


@pytest.mark.parametrize(
    ("currency", "offered", "bounds"),
    [
        ("USD", ["$25.00", "$50.00", "$100.00"], ("$10.00", "$500.00")),
        ("JPY", ["¥2,500", "¥5,000", "¥10,000"], ("¥1,000", "¥50,000")),
        ("SEK", ["SEK250.00", "SEK500.00", "SEK1,000.00"], ("SEK100.00", "SEK5,000.00")),
        ("BHD", ["BHD25.000", "BHD50.000", "BHD100.000"], ("BHD10.000", "BHD500.000")),
    ],
)
def test_amounts_are_whole_in_every_currency(currency, offered, bounds):
    found = amounts_for(currency)

    assert [str(amount).replace("\xa0", "") for amount in found.offered] == offered
    assert (str(found.least).replace("\xa0", ""), str(found.most).replace("\xa0", "")) == bounds


@pytest.mark.parametrize("currency", sorted({*amounts.MINIMUMS, *EXPONENTS, *SMALLER}))
def test_whatever_can_be_chosen_can_be_charged(currency):
    found = amounts_for(currency)

    assert amounts.least(currency) <= found.least.cents
    assert found.most.cents <= amounts.MOST
    assert [found.refusal(amount.cents) for amount in (found.least, *found.offered, found.most)] == [""] * 5


@pytest.mark.parametrize(
    ("currency", "cents", "sentence"),
    [
        ("USD", 999, "Please write an amount from $10.00 to $500.00."),
        ("USD", 50_001, "Please write an amount from $10.00 to $500.00."),
        ("USD", 1001, ""),
        ("BHD", 10_010, ""),
        ("BHD", 10_015, "Cards can be charged BHD10.010, or a little more."),
    ],
)
def test_an_amount_that_cannot_be_charged_is_refused_with_a_sentence(currency, cents, sentence):
    assert amounts_for(currency).refusal(cents).replace("\xa0", "") == sentence
