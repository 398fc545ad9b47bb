"""Codes follow from ids and a secret, can be typed in any way people write them, and are noise elsewhere."""

import uuid

import pytest
from django_tenants.utils import tenant_context
from hypothesis import given
from hypothesis import strategies as st

from giftcards import codes, queries
from giftcards.models import GiftCard
from giftcards.tests.making import code, make_card

CARD = uuid.UUID("01234567-89ab-4def-8123-456789abcdef")


@pytest.fixture
def known(settings, monkeypatch):
    """A secret and a schema whose code was worked out another way: RFC 4648's Base32, letter by letter to Crockford's."""
    settings.GIFT_CODE_KEY = "a secret for this test"
    monkeypatch.setattr("django.db.connection.schema_name", "t_known")


def test_a_code_is_eighty_bits_of_a_keyed_hash(known):
    assert codes.code_of(CARD) == "H1SQJ861WBCJ208R"
    assert codes.digest("H1SQJ861WBCJ208R") == "0a38bd918c9e115bf2aab8d53c782fef84c9ea4008ffcebf24380a006cd493e8"


def test_a_code_is_shown_in_groups_of_four():
    assert codes.shown("7M3K9QXW2D4T0HVB") == "7M3K 9QXW 2D4T 0HVB"


@pytest.mark.parametrize(
    "typed",
    [
        "7M3K9QXW2D4T0H1B",
        "7m3k 9qxw 2d4t 0h1b",
        " 7M3K-9QXW-2D4T-0H1B\n",
        "7M3K–9QXW—2D4T‑OHIB",
        "7m3k9qxw2d4tohlb",
        "7.M3K9\u00a0QXW2D4T0HLB",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed):
    assert codes.normalised(typed) == "7M3K9QXW2D4T0H1B"


@pytest.mark.parametrize(
    "typed",
    ["", "7M3K", "7M3K9QXW2D4T0HVBX", "7M3K9QXW2D4T0HVU", "7M3K9QXW2D4T0HÄB", None, 7, "7" * 1_000, "\0" * 16],
    ids=["empty", "short", "long", "letter U", "foreign letter", "none", "number", "endless", "nul"],
)
def test_what_cannot_be_a_code_is_none(typed):
    assert codes.normalised(typed) == ""


@given(st.binary(min_size=16, max_size=16))
def test_every_code_is_its_own_normal_form(raw):
    code = codes.code_of(uuid.UUID(bytes=raw))

    assert len(code) == 16
    assert codes.normalised(codes.shown(code).lower()) == code


def test_another_secret_or_salon_makes_another_code(settings, rosa, nora):
    with tenant_context(rosa):
        here = codes.code_of(CARD), codes.digest("7M3K9QXW2D4T0H1B")
    with tenant_context(nora):
        there = codes.code_of(CARD), codes.digest("7M3K9QXW2D4T0H1B")
        settings.GIFT_CODE_KEY = "another secret"
        later = codes.code_of(CARD), codes.digest("7M3K9QXW2D4T0H1B")

    assert len({*here, *there, *later}) == 6


def test_a_card_is_found_by_its_code_and_keeps_none(salon):
    card = make_card()

    assert queries.card_for(codes.shown(code(card)).lower()) == card
    assert card.code_tail == code(card)[-4:]
    assert code(card) not in repr(GiftCard.objects.values().get())


def test_a_code_of_one_salon_is_noise_in_another(rosa, nora):
    with tenant_context(rosa):
        stolen = code(make_card())

    with tenant_context(nora):
        assert queries.card_for(stolen) is None


@pytest.mark.parametrize("typed", ["", "nonsense", "0" * 16])
def test_other_codes_find_nothing(salon, typed):
    make_card()

    assert queries.card_for(typed) is None
