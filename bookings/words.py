"""How dates, times, lengths and zones are written for customers, in the language that is spoken (`tenants.languages`)."""

from babel.dates import format_date, get_timezone_location, get_timezone_name

from tenants.languages import clock, full_date, listed, locale, long_date, plain_date, short_date

__all__ = ["clock", "full_date", "listed", "long_date", "plain_date", "short_date"]
#: Of pages for the team, which are in English.
LOCALE = "en"
MINUTES_ONLY = 90


def month(day):
    """`November 2026`"""
    return format_date(day, "LLLL y", locale=locale())


def hours(start, end):
    """`10:30 – 11:15`"""
    return f"{clock(start)} – {clock(end)}"


def when(instant):
    """`Tue 4 Nov, 10:30`"""
    return f"{short_date(instant.date())}, {clock(instant)}"


def full_when(instant):
    """`Tuesday 4 November 2026, 10:30`"""
    return f"{full_date(instant.date())}, {clock(instant)}"


def moment(instant):
    """`Tue 4 Nov, 10:30`; `Sun 1 Nov, 01:30 EST` where the wall shows that time twice."""
    twice = instant.replace(fold=0).utcoffset() != instant.replace(fold=1).utcoffset()
    name = get_timezone_name(instant, width="short", locale=locale()) if twice else ""
    return f"{when(instant)} {name}".strip()


def length(minutes):
    """`45 min`, `90 min`, `2 h`, `2 h 15 min`"""
    if minutes <= MINUTES_ONLY:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, [f"{hours} h", f"{rest} min" if rest else ""]))


def lengths(shortest, longest):
    """One length, or the range of lengths people differ by: `45 to 60 min`."""
    if shortest == longest:
        return length(longest)
    first = str(shortest) if longest <= MINUTES_ONLY else length(shortest)
    return f"{first} to {length(longest)}"


def zone(zone):
    """`Pacific Time (Los Angeles)`"""
    place = get_timezone_location(zone, locale=locale(), return_city=True)
    name = get_timezone_name(zone, width="long", locale=locale())
    return "UTC" if place == "UTC" else f"{name} ({place})"


def count(number, one, many):
    return f"{number} {one if number == 1 else many}"


def too_many(service):
    """`Make-up can be booked for at most 3 people at once.`"""
    if service.largest_party == 1:
        return f"{service.name} is booked for one person at a time."
    return f"{service.name} can be booked for at most {service.largest_party} people at once."
