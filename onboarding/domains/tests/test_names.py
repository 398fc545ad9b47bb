"""From what people type to a name the DNS knows."""

import pytest

from onboarding.domains import names
from onboarding.domains.errors import NameInvalid, NameIsOurs, NameIsShared

PLATFORM = "salons.test"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("book.rosa.example", "book.rosa.example"),
        ("  Rosa.Example. ", "rosa.example"),
        ("https://www.rosa.example/book?x=1#y", "www.rosa.example"),
        ("http://rosa.example:8443/", "rosa.example"),
        ("rosa.example?x", "rosa.example"),
        ("schöne-haare.example", "xn--schne-haare-tfb.example"),
        ("ROSA。example", "rosa.example"),
        ("notsalons.test", "notsalons.test"),
        ("rosa.co.uk", "rosa.co.uk"),
    ],
)
def test_a_name_is_found_in_what_is_typed(typed, name):
    assert names.normalise(typed, platform=PLATFORM) == name


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", NameInvalid),
        ("rosa", NameInvalid),
        ("localhost", NameInvalid),
        ("rosa.localhost", NameInvalid),
        ("printer.local", NameInvalid),
        ("192.0.2.1", NameInvalid),
        ("[2001:db8::1]", NameInvalid),
        ("2001:db8::1", NameInvalid),
        ("http://192.0.2.1:80/", NameInvalid),
        ("rosa.1", NameInvalid),
        ("ro sa.example", NameInvalid),
        ("ro_sa.example", NameInvalid),
        ("-rosa.example", NameInvalid),
        ("rosa..example", NameInvalid),
        ("rosa.example\x00", NameInvalid),
        ("anna@rosa.example", NameInvalid),
        ("*.rosa.example", NameInvalid),
        (f"{'a' * 64}.example", NameInvalid),
        (".".join(["a" * 60] * 4) + ".example", NameInvalid),
        (PLATFORM, NameIsOurs),
        ("rosa.salons.test", NameIsOurs),
        ("https://ROSA.salons.test/", NameIsOurs),
        ("com", NameInvalid),
        ("co.uk", NameIsShared),
        ("github.io", NameIsShared),
    ],
)
def test_what_is_no_name_of_a_salons_own_is_refused(typed, error):
    with pytest.raises(error) as refusal:
        names.normalise(typed, platform=PLATFORM)

    assert type(refusal.value) is error


def test_people_read_their_own_letters():
    assert names.shown("xn--schne-haare-tfb.example") == "schöne-haare.example"
