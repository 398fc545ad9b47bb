"""Findings in words: whose visit, when on the salon's wall."""

from bookings import availability, words
from bookings.integrity.findings import Finding


def moment(seconds, zone):
    """`Tue 4 Nov, 10:30`"""
    return words.when(availability.instant(seconds).astimezone(zone))


def span(start, end, zone):
    """`Tue 4 Nov, 10:30–11:15`"""
    return f"{moment(start, zone)}–{words.clock(availability.instant(end).astimezone(zone))}"


def sentence(texts):
    """`It has no seats; it is with Bob.`"""
    text = "; ".join(texts)
    return f"{text[0].upper()}{text[1:]}."


def about(visit, *, everything, kind, sentence, advice, **more):
    """A finding about a visit, or about none; `who` and `when` are the visit's unless given."""
    if visit is None:
        return Finding(kind=kind, sentence=sentence, advice=advice, **more)
    more.setdefault("who", everything.name_of(visit.person_id))
    more.setdefault("when", availability.instant(visit.start))
    return Finding(kind=kind, sentence=sentence, advice=advice, booking=visit.ref, booking_id=visit.id, **more)
