"""Public holidays of countries and their regions. The only door to the `holidays` package, which works offline."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays
from babel import Locale

from bookings.words import LOCALE

#: Languages names are shown in, first choice first; a country without any of them uses its own.
LANGUAGES = ("en_US", "en_GB")


@dataclass(frozen=True, slots=True)
class Holiday:
    date: date
    name: str


@lru_cache(maxsize=1)
def countries():
    """(code, English name) of every country known, by name."""
    names = Locale(LOCALE).territories
    codes = holidays.list_supported_countries(include_aliases=False)
    return tuple(sorted(((code, names.get(code, code)) for code in codes), key=lambda country: country[1]))


@lru_cache(maxsize=256)
def regions(country):
    """(code, name) of the regions of a country that have holidays of their own, by name; none for most countries."""
    if country not in dict(countries()):
        return ()
    names = _calendar(country).get_subdivision_aliases()
    codes = holidays.list_supported_countries(include_aliases=False)[country]
    found = ((code, (names.get(code) or [code])[0]) for code in codes)
    return tuple(sorted(found, key=lambda region: region[1]))


def region_called(country, text):
    """The code of the region that `text` names, by code or by name in any case; "" where it names none."""
    if not regions(country):
        return ""
    wanted = text.strip().casefold()
    names = _calendar(country).get_subdivision_aliases()
    for code, _ in regions(country):
        if wanted in {word.casefold() for word in (code, *names.get(code, ()))}:
            return code
    return ""


def public_holidays(*, country, region="", years):
    """The public holidays of a country, and of one of its regions, as Holiday in order of date.

    Days off in lieu are days of their own ("… (observed)"). Raises ValueError for a place that is not known.
    """
    if country not in dict(countries()) or (region and region not in dict(regions(country))):
        raise ValueError(f"no holidays known for {country!r} {region!r}")
    days = _calendar(country, subdiv=region or None, years=sorted(years))
    return [Holiday(day, name) for day, name in sorted(days.items())]


def _calendar(country, **asked):
    spoken = holidays.country_holidays(country).supported_languages
    language = next((known for known in LANGUAGES if known in spoken), None)
    return holidays.country_holidays(country, language=language, **asked)
