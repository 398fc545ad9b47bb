"""Does a booking say the same as its services: price, times, person, and what the salon's wall showed?"""

import zoneinfo
from collections.abc import Iterator

from bookings import availability, words
from bookings.integrity.findings import Finding, Kind
from bookings.integrity.telling import about, sentence, span
from bookings.integrity.values import Everything
from tenants.money import Money

ADVICE = "Tell us the reference: which of the two is right is for you and the customer to say."


def totals(everything: Everything, zone) -> Iterator[Finding]:
    """One finding per booking, listing all that differs."""
    for visit in everything.visits.values():
        differences = _differences(everything, visit, zone) if visit.parts else ["it has no services"]
        if differences:
            text = sentence(differences)
            yield about(visit, everything=everything, kind=Kind.TOTALS, sentence=text, advice=ADVICE)


def _differences(everything, visit, zone):
    parts = visit.parts
    found = []
    price = sum(part.price_cents for part in parts) * visit.guests
    if price != visit.price_cents:
        said, is_ = (Money(cents, visit.currency_code) for cents in (visit.price_cents, price))
        found.append(f"its price is {said}, and its services cost {is_}")
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    if (start, end) != (visit.start, visit.end):
        found.append(f"it says {span(visit.start, visit.end, zone)}, and its services take {span(start, end, zone)}")
    if parts[0].person_id != visit.person_id:
        names = [everything.name_of(person_id) for person_id in (visit.person_id, parts[0].person_id)]
        found.append(f"it is with {names[0]}, and its first service with {names[1]}")
    if not _wall_is_right(visit):
        found.append(f"it is listed under {words.short_date(visit.local_date)}, {visit.local_time:%H:%M}")
    return found


def _wall_is_right(visit):
    try:
        zone = zoneinfo.ZoneInfo(visit.zone_name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return False
    wall = availability.instant(visit.start).astimezone(zone)
    return (wall.date(), wall.time().replace(fold=0)) == (visit.local_date, visit.local_time.replace(microsecond=0))
