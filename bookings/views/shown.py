"""What the customer's pages print, ready-made: templates choose markup, never words or rules."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from bookings import terms, words
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class PartShown:
    """One of several services of a visit."""

    hours: str
    service: str
    person: str
    price: Money


@dataclass(frozen=True, slots=True)
class Visit:
    """A booking in the customer's words. `parts` only where there are several."""

    lines: list
    parts: list
    total: Money
    total_note: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Policies:
    """The terms of one visit as sentences with dates and amounts, and the salon's own texts."""

    title: str
    sentences: list
    texts: list = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PersonShown:
    name: str
    initials: str
    title: str = ""
    bio: str = ""
    image_url: str = ""


def visit(*, booking, parts, left_to_us=(), note=""):
    """What, who, when and how much: the same from checkout to the last screen.

    `parts` are the booking's (`itinerary.parts_of`); `left_to_us` the positions of those whose person the customer
    has not chosen.
    """
    start, end = booking.local_start, booking.local_end
    parts = [part_shown(part, left_to_us) for part in parts]
    lines = [
        Line("When", f"{words.long_date(start.date())}, {words.hours(start, end)}"),
        Line("Time zone", words.zone(booking.zone)),
    ]
    if len(parts) == 1:
        lines = [Line("What", parts[0].service), Line("With", parts[0].person), *lines]
    if booking.attendee_count > 1:
        lines.append(Line("For", words.count(booking.attendee_count, "person", "people")))
    return Visit(lines, parts if len(parts) > 1 else [], booking.price, note)


def part_shown(part, left_to_us):
    person = part.person + (" (chosen for you)" if part.position in left_to_us else "")
    return PartShown(part.hours, part.service, person, part.price)


def payment_note(booking):
    """What happens with money now, and what later."""
    if not booking.price_cents:
        return "This visit is free of charge."
    if booking.card_required:
        return f"Nothing is charged now. {booking.price} is charged after your visit."
    return f"Nothing is charged now. You pay {booking.price} at the salon."


def policies(*, business, booking, now):
    """What is being agreed to, for a visit that is not yet booked."""
    agreed = terms.terms_for(business=business, price_cents=booking.price_cents, start_at=booking.start_at)
    consent = agreed.as_json()
    return Policies("What you agree to", _sentences(booking, consent, now), _texts(consent))


def agreed_policies(*, booking, now):
    """What was agreed to when the visit was booked."""
    consent = booking.consent
    if not consent:
        return None
    return Policies("What you agreed to", _sentences(booking, consent, now), _texts(consent))


def _sentences(booking, consent, now):
    return [
        *([_card_sentence(booking)] if booking.card_required else []),
        _cancel_sentence(booking, consent, now),
        *_no_show_sentences(booking, consent),
    ]


def _card_sentence(booking):
    return f"Your card is saved, not charged. {booking.price} is charged when your visit is done."


def _cancel_sentence(booking, consent, now):
    fee = Money(consent["cancellation_fee_cents"], consent["currency_code"])
    if not fee.cents:
        return "You can cancel free of charge at any time before your visit."
    free_until = datetime.fromisoformat(consent["free_until"])
    if now >= free_until:
        return f"Your visit is soon, so cancelling it costs {fee}."
    return f"Cancelling is free until {words.when(free_until.astimezone(booking.zone))}; after that it costs {fee}."


def _no_show_sentences(booking, consent):
    fee = Money(consent["no_show_fee_cents"], consent["currency_code"])
    verb = "is charged" if booking.card_required else "is due"
    return [f"If you do not come, {fee} {verb}."] if fee.cents else []


def _texts(consent):
    texts = (
        ("Cancelling", consent["cancellation_text"]),
        ("Not coming", consent["no_show_text"]),
        ("Refunds", consent["refund_text"]),
    )
    return [Words(title, body) for title, body in texts if body]


def person(member):
    names = [name for name in (member.name.split() or ["?"]) if name]
    initials = (names[0][0] + (names[-1][0] if len(names) > 1 else "")).upper()
    image = member.profile_image.url if member.profile_image else ""
    return PersonShown(member.name, initials, member.title, member.bio, image)


def map_url(business):
    """A map of the salon's address; opened by the visitor, never by the page."""
    if not business.address_lines:
        return ""
    query = ", ".join([business.name, *business.address_lines])
    return "https://www.google.com/maps/search/?" + urlencode({"api": 1, "query": query})


def json_ld(value):
    """A data block for search engines; escaped so that no text can close it."""
    text = json.dumps(value, ensure_ascii=False)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 -- escaped above
