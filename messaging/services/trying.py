"""A text as a mail to whoever writes it, before any customer gets it."""

from django.template.loader import render_to_string

from messaging.services.outbox import queue
from messaging.triggers import LINKS
from tenants import languages, limits

KIND = "words_test"
TESTS = limits.Limit("words-tests", times=10, seconds=60 * 60)
#: What of the salon a reader may open: it changes nothing.
OPEN = frozenset({"booking_link"})


def send_test(*, business, words, recipient, person, now, address):
    """Send filled-in Words to the person who wrote them, marked as a test; returns the Message.

    Fill them with `harmless` values: nothing in the mail may open somebody's visit. Raises limits.TooMany.
    """
    limits.take(TESTS, str(person.pk), address=address)
    context = {"business": business, "words": words, "person": person}
    with languages.speaking(languages.DEFAULT):
        text = render_to_string("messaging/test.txt", context)
        html = render_to_string("messaging/test.html", context)
    return queue(
        kind=KIND,
        recipient=recipient,
        subject=f"[Test] {words.subject}",
        text=text,
        html=html,
        version=now.isoformat(),
        now=now,
    )


def harmless(values, *, business):
    """The values with every link that opens something exchanged for one that leads nowhere."""
    return values | {name: f"{business.url}/sample/" for name in LINKS - OPEN if name in values}
