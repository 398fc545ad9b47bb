"""What the customer's pages print, ready-made: templates choose markup, never words or rules."""

import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import mark_safe

from bookings import signals, terms, words
from bookings.models import Booking
from bookings.terms import wording
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
    """A booking in the customer's words. `parts` only where there are several; `paid` what a gift card does to the total."""

    lines: list
    parts: list
    total: Money
    total_note: str = ""
    paid: list = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Policies:
    """The terms of one visit as sentences with dates and amounts, and the salon's own texts.

    Before it is booked: what applies to some in addition, and the version that is on the page.
    """

    title: str
    sentences: list
    texts: list = field(default_factory=list)
    condition: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of a page that another app answers for: its template reads `panel.shown`. `linked` is for search engines."""

    template: str
    shown: object
    linked: dict = field(default_factory=dict)


def panels(*, booking, business, token, now):
    """What other apps add to a visit's page."""
    answers = signals.visit_shown.send(sender=Booking, booking=booking, business=business, token=token, now=now)
    return [panel for _, panel in answers if panel]


def times_panels(*, request, draft, picker, form):
    """What other apps add to a page of times; `form` is what was sent from such a panel and is wrong."""
    answers = signals.times_shown.send(sender=Booking, request=request, draft=draft, picker=picker, form=form)
    return [panel for _, panel in answers if panel]


def front_panels(*, business):
    """What other apps add to the salon's front page."""
    return [panel for _, panel in signals.salon_shown.send(sender=Booking, business=business) if panel]


@dataclass(frozen=True, slots=True)
class PersonShown:
    name: str
    initials: str
    title: str = ""
    bio: str = ""
    image_url: str = ""


def visit(*, booking, parts, left_to_us=(), note="", deposit="", gift=None):
    """What, who, when and how much: the same from checkout to the last screen.

    `parts` are the booking's (`itinerary.parts_of`); `left_to_us` the positions of those whose person the customer
    has not chosen; `deposit` the line of the bill about it, where there may be one; `gift` a `terms.Gift`.
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
    if booking.for_name:
        lines.append(Line("For", booking.for_name))
    if deposit:
        lines.append(Line("Deposit", deposit))
    paid = [Line(*line) for line in wording.gift_lines(gift, booking.currency_code)]
    return Visit(lines, parts if len(parts) > 1 else [], booking.price, note, paid)


def part_shown(part, left_to_us):
    person = part.person + (" (chosen for you)" if part.position in left_to_us else "")
    return PartShown(part.hours, part.service, person, part.price)


def deposit_note(business, *, parts, guests=1):
    """The deposit of what is being looked at, and whose it is: `$20.00 on a first visit`; empty where none is asked for.

    `parts` as `terms.deposit` takes them, with the least that each may cost.
    """
    cents = terms.deposit(business=business, parts=parts, guests=guests)
    if not cents or not business.billing.charges_enabled:
        return ""
    return wording.deposit_note(business.currency_code, cents, business.deposit_for)


def payment_note(booking, gift=None):
    """What happens with money now, and what later. `gift`: the `terms.Gift` put aside for the visit."""
    if not booking.price_cents:
        return "This visit is free of charge."
    on_card, at_salon = (booking.price_cents, 0) if booking.card_required else (0, booking.price_cents)
    if gift:
        on_card, at_salon = gift.card_cents, gift.salon_cents
    if on_card:
        return f"Nothing is charged now. {Money(on_card, booking.currency_code)} is charged after your visit."
    if at_salon:
        return f"Nothing is charged now. You pay {Money(at_salon, booking.currency_code)} at the salon."
    what = "package" if gift and gift.visits else "gift card"
    return f"Nothing is charged now. Your {what} pays for your visit."


def fee_note(booking):
    """How a fee is paid: by the salon's press, never by the customer's."""
    if terms.takes_visits(booking.consent):
        return "No fee is charged."
    if booking.card_required:
        return "The salon charges it to the card you have saved."
    return "The salon will ask you for it."


def offered_policies(*, booking, offer, now, gift=None):
    """What is being agreed to, for a visit that is not yet booked: the same for everybody who looks."""
    consent = wording.offered(offer, gift)
    return Policies(
        "What you agree to",
        _sentences(booking, consent, now),
        _texts(consent),
        condition=wording.condition(offer=offer, zone=booking.zone, now=now),
        version=offer.version,
    )


def agreed_policies(*, booking, now):
    """What was agreed to when the visit was booked."""
    consent = booking.consent
    if not consent:
        return None
    return Policies("What you agreed to", _sentences(booking, consent, now), _texts(consent))


def _sentences(booking, consent, now):
    return wording.sentences(consent=consent, zone=booking.zone, now=now, card=booking.card_required)


def _texts(consent):
    return [Words(title, body) for title, body in wording.texts(consent)]


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
