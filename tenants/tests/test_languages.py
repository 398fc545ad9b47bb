"""Languages of salons: which one a browser asks for, and how each writes dates, lists and money."""

from datetime import UTC, date, datetime

import pytest

from tenants import languages
from tenants.money import Money

DAY = date(2026, 11, 4)
NOON = datetime(2026, 11, 4, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "offered", "wish"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", ("en", "de"), "de"),
        ("fr,de;q=0.5", ("en", "de"), "de"),
        ("de;q=0,en", ("en", "de"), "en"),
        ("ja", ("en", "de"), ""),
        ("*", ("en", "de"), ""),
        ("", ("en",), ""),
        (None, ("en",), ""),
        ("de" * 5000, ("en", "de"), ""),
        ("{{x}};q=\r\n<b>", ("en", "de"), ""),
    ],
    ids=["its region", "the next wish", "none of that", "another", "any", "empty", "none", "too long", "rubbish"],
)
def test_a_browser_gets_the_first_of_its_wishes_that_is_offered(header, offered, wish):
    assert languages.best_of(header, offered) == wish


@pytest.mark.parametrize(
    ("language", "full", "short", "clock", "names", "money"),
    [
        ("en", "Wednesday 4 November 2026", "Wed 4 Nov", "14:30", "Ann, Bea and Cleo", "€1,234.50"),
        ("de", "Mittwoch, 4. November 2026", "Mi., 4. Nov.", "14:30", "Ann, Bea und Cleo", "1.234,50\xa0€"),
        ("fr", "mercredi 4 novembre 2026", "mer. 4 nov.", "14:30", "Ann, Bea et Cleo", "1\u202f234,50\xa0€"),
        ("es", "miércoles, 4 de noviembre de 2026", "mié, 4 nov", "14:30", "Ann, Bea y Cleo", "1.234,50\xa0€"),
    ],
)
def test_every_language_has_its_own_forms(language, full, short, clock, names, money):
    with languages.speaking(language):
        written = (languages.full_date(DAY), languages.short_date(DAY), languages.clock(NOON))
        others = (languages.listed(["Ann", "Bea", "Cleo"]), str(Money(123450, "EUR")))

    assert (written, others) == ((full, short, clock), (names, money))


def test_a_language_there_is_not_is_english():
    with languages.speaking("tlh"):
        assert languages.spoken() == "en"


def test_what_is_spoken_ends_with_its_block():
    with languages.speaking("de"):
        assert languages.spoken() == "de"
    assert languages.spoken() == "en"


def test_languages_are_tried_in_order_each_once():
    assert languages.order("de", "", "en", "de", "tlh") == ("de", "en")
