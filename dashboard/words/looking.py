"""Words as somebody would read them: filled in, in the salon's design, measured. Nothing is saved, nobody is told."""

import uuid
from dataclasses import dataclass

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import render_to_string

from bookings import mail, mail_values, queries, words
from messaging import samples, services, sms
from payments.credits import texts
from tenants import languages, policies
from tenants.permissions import Permission

#: How long the frame of a preview can be loaded, in seconds.
KEPT = 10 * 60
MOST_FOUND = 5
SHORTEST, LONGEST = 2, 100


@dataclass(frozen=True, slots=True)
class Look:
    """`key` opens the HTML in a frame; empty for a text message. `has_facts`: what follows the words is there too."""

    words: services.Words
    text: str
    key: str
    has_facts: bool
    characters: int
    segments: int
    credits: int


def look(*, business, form, booking, now):
    """The Look of a form's words, None where they cannot be sent."""
    with languages.speaking(form.language):
        filled = form.words(values_of(business=business, booking=booking, now=now))
    if filled is None:
        return None
    if form.is_sms:
        segments = sms.segments(filled.text)
        return Look(filled, filled.text, "", False, len(filled.text), segments, texts.price(segments))
    text, html, has_facts = _written(business, form.trigger.value, booking, filled, now)
    key = uuid.uuid4()
    cache.set(_place(key), html, KEPT)
    return Look(filled, text, str(key), has_facts, len(filled.text), 0, 0)


def html_of(key):
    """The mail of a preview. Raises Http404 where it is over, or another salon's."""
    html = cache.get(_place(key))
    if html is None:
        raise Http404
    return html


def values_of(*, business, booking, now):
    """A made-up customer's values, or a booking's; what a booking does not say stays made up. As the language spoken."""
    values = samples.sample_values(business=business, now=now)
    if booking is None:
        return values
    told = mail_values.values_of(business=business, booking=booking, now=now)
    # Who writes words need not be able to act as the customer.
    return services.harmless(values | told | {"amount": told["price"]}, business=business)


def booking_of(request):
    """The visit that was chosen, None for the made-up one. Raises Http404, and PermissionDenied for who sees no customers."""
    chosen = (request.POST or request.GET).get("booking", "")
    if not chosen:
        return None
    if not sees_customers(request):
        raise PermissionDenied
    try:
        found = queries.visits_with_people().filter(pk=uuid.UUID(chosen)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def found_visits(term):
    """[(id, what it is called)] of the visits a term finds, newest first."""
    term = " ".join(term.split())[:LONGEST]
    if len(term) < SHORTEST:
        return []
    found = queries.visits_by(queries.visits_with_people(), term).order_by("-start_at", "pk")
    return [(str(booking.pk), called(booking)) for booking in found[:MOST_FOUND]]


def called(booking):
    return f"{booking.contact_name}, {words.when(booking.local_start)}, {booking.service_name}"


def sees_customers(request):
    return policies.may(request.membership, Permission.VIEW_CUSTOMERS)


def _written(business, trigger, booking, filled, now):
    """(text, HTML, whether the facts are in them): a visit's whole mail where it is known, else the words alone."""
    if booking is not None and trigger in mail.KINDS:
        told = {"business": business, "booking": booking, "kind": trigger, "own": filled, "now": now}
        nowhere = services.harmless({"manage_link": ""}, business=business)["manage_link"]
        return *mail.written(**told, manage_url=nowhere), True
    html = render_to_string("messaging/words.html", {"business": business, "words": filled})
    return filled.text, html, False


def _place(key):
    return f"words-look:{key}"
