"""Public holidays on fixed years: what the package knows must not change under us unnoticed."""

from datetime import date

import pytest

from bookings import holidays


def days(country, region, year):
    found = holidays.public_holidays(country=country, region=region, years=[year])
    return [(f"{day.date:%m-%d}", day.name) for day in found]


def test_new_york_has_days_of_its_own():
    assert days("US", "NY", 2026) == [
        ("01-01", "New Year's Day"),
        ("01-19", "Martin Luther King Jr. Day"),
        ("02-12", "Lincoln's Birthday"),
        ("02-15", "Susan B. Anthony Day"),
        ("02-16", "Washington's Birthday"),
        ("05-25", "Memorial Day"),
        ("06-19", "Juneteenth National Independence Day"),
        ("07-03", "Independence Day (observed)"),
        ("07-04", "Independence Day"),
        ("09-07", "Labor Day"),
        ("10-12", "Columbus Day"),
        ("11-03", "Election Day"),
        ("11-11", "Veterans Day"),
        ("11-26", "Thanksgiving Day"),
        ("12-25", "Christmas Day"),
    ]


def test_bavaria_keeps_more_days_than_germany():
    bavaria, germany = days("DE", "BY", 2026), days("DE", "", 2026)

    assert [day for day in bavaria if day not in germany] == [
        ("01-06", "Epiphany"),
        ("06-04", "Corpus Christi"),
        ("11-01", "All Saints' Day"),
    ]
    assert germany == [
        ("01-01", "New Year's Day"),
        ("04-03", "Good Friday"),
        ("04-06", "Easter Monday"),
        ("05-01", "Labor Day"),
        ("05-14", "Ascension Day"),
        ("05-25", "Pentecost Monday"),
        ("10-03", "German Unity Day"),
        ("12-25", "Christmas Day"),
        ("12-26", "Second Day of Christmas"),
    ]


def test_scotland_has_its_own_new_year_and_its_saint():
    assert days("GB", "SCT", 2027) == [
        ("01-01", "New Year's Day"),
        ("01-02", "New Year Holiday"),
        ("01-04", "New Year Holiday (observed)"),
        ("03-26", "Good Friday"),
        ("05-03", "May Day"),
        ("05-31", "Spring Bank Holiday"),
        ("08-02", "Summer Bank Holiday"),
        ("11-30", "Saint Andrew's Day"),
        ("12-25", "Christmas Day"),
        ("12-26", "Boxing Day"),
        ("12-27", "Christmas Day (observed)"),
        ("12-28", "Boxing Day (observed)"),
    ]


def test_two_years_come_in_order():
    found = holidays.public_holidays(country="DE", years=[2027, 2026])

    assert (found[0], found[-1]) == (
        holidays.Holiday(date(2026, 1, 1), "New Year's Day"),
        holidays.Holiday(date(2027, 12, 26), "Second Day of Christmas"),
    )


@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("US", "NY", "NY"),
        ("US", "new york ", "NY"),
        ("DE", "Bayern", "BY"),
        ("GB", "scotland", "SCT"),
        ("US", "Brooklyn", ""),
        ("DE", "", ""),
        ("MC", "Monaco", ""),
        ("XX", "NY", ""),
    ],
)
def test_a_region_is_known_by_code_or_name(country, text, code):
    assert holidays.region_called(country, text) == code


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("DE", "NY"), ("MC", "A")])
def test_an_unknown_place_is_an_error(country, region):
    with pytest.raises(ValueError, match="no holidays known"):
        holidays.public_holidays(country=country, region=region, years=[2026])


def test_countries_are_listed_by_their_english_names():
    known = holidays.countries()

    assert [name for _, name in known] == sorted(name for _, name in known)
    assert dict(known)["DE"] == "Germany"
    assert dict(holidays.regions("GB")) == {
        "ENG": "England",
        "NIR": "Northern Ireland",
        "SCT": "Scotland",
        "WLS": "Wales",
    }
