"""What we know about a visitor without an account: a random mark in the session, an address, what was typed."""

import secrets
from hashlib import sha256

from bookings.views.asked import Asked
from tenants import addresses

MARK, ENTRIES, CHOICE = "visitor", "entries", "choice"
GUESTS, FAMILY = "guests", "family"


def browser_key(request):
    """A digest of this browser's random mark; holds belong to it. Made on first use."""
    mark = request.session.setdefault(MARK, secrets.token_urlsafe(24))
    return sha256(mark.encode()).hexdigest()


def owns(request, booking):
    """Whether this browser made the hold."""
    return MARK in request.session and secrets.compare_digest(browser_key(request), booking.browser_key)


def address(request):
    return addresses.client_address(request)


def keep_entries(request, names):
    """Remember what was typed, valid or not, so that nothing has to be typed twice (WCAG 3.3.7)."""
    typed = {name: request.POST[name][:1000] for name in names if name in request.POST}
    if typed:
        request.session[ENTRIES] = typed


def entries(request):
    return request.session.get(ENTRIES, {})


def forget_entries(request):
    request.session.pop(ENTRIES, None)


def remember_choice(request, booking, draft):
    """Whom the visitor left to us, and the way back to what was asked for: the booking itself tells neither."""
    request.session[CHOICE] = {
        "booking": str(booking.pk),
        "left_to_us": [place for place, wanted in enumerate(draft.basket.wanted) if wanted.team_member is None],
        "times": draft.url(day=booking.local_date),
    }


def left_to_us(request, booking):
    """The positions of a held visit whose person we have chosen."""
    return _choice(request, booking).get("left_to_us", ())


def way_back(request, booking):
    """The times this hold was pressed on: its services, people and guests, on its day."""
    known = _choice(request, booking).get("times") or (booking.family_id and _family(request, booking).get("times"))
    services = tuple(item.service_id for item in booking.items.all())
    return known or Asked(services=services, party=booking.attendee_count, day=booking.local_date).url()


def _choice(request, booking):
    choice = request.session.get(CHOICE, {})
    return choice if choice.get("booking") == str(booking.pk) else {}


def keep_guests(request, guests):
    """Remember who is to come together, and what for: no time is kept yet."""
    request.session[GUESTS] = guests


def guests(request):
    return request.session.get(GUESTS, [])


def remember_family(request, booking, names, times):
    """Who the visits of this booking's family are for, "" for whoever books, and the way back to its times."""
    request.session[FAMILY] = {"family": str(booking.family_id), "names": names, "times": times}


def names_of(request, booking):
    """Who the visits of a held family are for, in order."""
    return _family(request, booking).get("names", [])


def forget_family(request):
    request.session.pop(GUESTS, None)
    request.session.pop(FAMILY, None)


def _family(request, booking):
    known = request.session.get(FAMILY, {})
    return known if known.get("family") == str(booking.family_id) else {}
