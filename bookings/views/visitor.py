"""What we know about a visitor without an account: a random mark in the session, an address, what was typed."""

import secrets
from hashlib import sha256

from tenants import addresses

MARK, ENTRIES = "visitor", "entries"


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
