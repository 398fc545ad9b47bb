"""How dates, times, lengths and zones are written for customers. Pure; everything goes through Babel."""

from babel.dates import format_date, format_time, get_timezone_location, get_timezone_name

LOCALE = "en"
MINUTES_ONLY = 90


def long_date(day):
    """`Tuesday 4 November`"""
    return format_date(day, "EEEE d MMMM", locale=LOCALE)


def full_date(day):
    """`Tuesday 4 November 2026`"""
    return f"{long_date(day)} {day.year}"


def short_date(day):
    """`Tue 4 Nov`"""
    return format_date(day, "EEE d MMM", locale=LOCALE)


def month(day):
    """`November 2026`"""
    return format_date(day, "LLLL y", locale=LOCALE)


def clock(instant):
    """`10:30`, on the wall the instant carries."""
    return format_time(instant, "HH:mm", tzinfo=instant.tzinfo, locale=LOCALE)


def hours(start, end):
    """`10:30 – 11:15`"""
    return f"{clock(start)} – {clock(end)}"


def when(instant):
    """`Tue 4 Nov, 10:30`"""
    return f"{short_date(instant.date())}, {clock(instant)}"


def moment(instant):
    """`Tue 4 Nov, 10:30`; `Sun 1 Nov, 01:30 EST` where the wall shows that time twice."""
    twice = instant.replace(fold=0).utcoffset() != instant.replace(fold=1).utcoffset()
    name = get_timezone_name(instant, width="short", locale=LOCALE) if twice else ""
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
    place = get_timezone_location(zone, locale=LOCALE, return_city=True)
    name = get_timezone_name(zone, width="long", locale=LOCALE)
    return "UTC" if place == "UTC" else f"{name} ({place})"


def listed(names):
    """`Ann`, `Ann and Bea`, `Ann, Bea and Cleo`"""
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def count(number, one, many):
    return f"{number} {one if number == 1 else many}"
