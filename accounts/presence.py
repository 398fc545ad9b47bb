"""That somebody is signed in with this browser, and was here a moment ago: from a request to the list of sign-ins."""

import threading
import time

from django.utils import timezone

from accounts.services import sign_ins
from tenants.addresses import client_address

#: In the session: the id of its SignIn.
SIGN_IN = "sign_in"
REFRESH_SECONDS = 5 * 60
MAX_ENTRIES = 20_000

#: What this process has written down: sign-in → (until when that is fresh enough, under which session key).
_fresh = {}
_lock = threading.Lock()


def begin(request, user):
    """The person has signed in with this session."""
    session = request.session
    if session.session_key is None:  # emptied for another person: it has no place in the database yet
        request.session.save()
    if SIGN_IN in session:
        sign_ins.forget(sign_in_id=session[SIGN_IN])
    session[SIGN_IN] = str(sign_ins.begin(user=user, **_traits(request)).pk)
    _remember(session)


def refresh(request, user):
    """The person was here. Written down every few minutes, and when the session has got another key.

    A session whose sign-in was ended is over too, should it still be there.
    """
    session = request.session
    if SIGN_IN not in session:  # older than the list
        begin(request, user)
    elif _is_due(session):
        if sign_ins.see(sign_in_id=session[SIGN_IN], user=user, **_traits(request)):
            _remember(session)
        else:
            session.flush()


def sign_in_of(request, user):
    """The id of the sign-in a request belongs to, if it is this person's; else None."""
    if request is None or not hasattr(request, "session") or request.user != user:
        return None
    return request.session.get(SIGN_IN)


def _traits(request):
    return {
        "session_key": request.session.session_key,
        "address": client_address(request),
        "agent": request.META.get("HTTP_USER_AGENT", ""),
        "now": timezone.now(),
    }


def _is_due(session):
    until, key = _fresh.get(session[SIGN_IN], (0.0, ""))
    return until < time.monotonic() or key != session.session_key


def _remember(session):
    with _lock:
        if len(_fresh) >= MAX_ENTRIES:
            _fresh.clear()
        _fresh[session[SIGN_IN]] = (time.monotonic() + REFRESH_SECONDS, session.session_key)
