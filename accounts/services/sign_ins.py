"""Where people are signed in: one list for all hosts, and the end of what stands on it.

Sessions lie in the schema of their host. Ending a sign-in deletes the session there, so that the next request is
nobody's, and no request has to ask whether it was ended.
"""

from itertools import groupby

from django.contrib.sessions.models import Session
from django.db import connection, transaction

from accounts import queries
from accounts.models import Entry, SignIn
from tenants.api import tokens
from tenants.errors import DomainError
from tenants.models import Business

AGENT_LENGTH = SignIn._meta.get_field("agent").max_length


class NoSuchSignIn(DomainError):
    code = "not_found"
    status = 404
    message = "This sign-in has ended already."


@transaction.atomic
def begin(*, user, session_key, address, agent, now):
    """The person has signed in on the current host. Returns the SignIn."""
    business = Business.objects.filter(schema_name=connection.schema_name).first()
    SignIn.objects.filter(session_key=session_key).delete()
    return SignIn.objects.create(
        user=user, business=business, began_at=now, **_traits(session_key, address, agent, now)
    )


def see(*, sign_in_id, user, session_key, address, agent, now):
    """The person was here again. False where the sign-in has been ended."""
    rows = SignIn.objects.filter(pk=sign_in_id, user=user)
    return bool(rows.update(**_traits(session_key, address, agent, now)))


def _traits(session_key, address, agent, now):
    return {"session_key": session_key, "address": address, "agent": agent[:AGENT_LENGTH], "seen_at": now}


def forget(*, sign_in_id):
    """The person has signed out: the session is gone by itself."""
    SignIn.objects.filter(pk=sign_in_id).delete()


@transaction.atomic
def end(*, user, sign_in_id):
    """End one sign-in of the person, on whatever host. Raises NoSuchSignIn."""
    if not _end(SignIn.objects.filter(user=user, pk=sign_in_id)):
        raise NoSuchSignIn


@transaction.atomic
def end_others(*, user, keep):
    """End all sign-ins of the person but `keep` (a SignIn's id or None), and those of programs. Returns how many pages."""
    tokens.end_all(user)
    Entry.objects.filter(user=user).delete()
    return _end(SignIn.objects.filter(user=user).exclude(pk=keep))


def end_all(*, user):
    return end_others(user=user, keep=None)


def _end(sign_ins):
    rows = list(sign_ins.select_related("business").order_by("business_id").select_for_update(of=("self",)))
    for business, group in groupby(rows, key=lambda row: row.business):
        with queries.on_host(business):
            Session.objects.filter(session_key__in=[row.session_key for row in group]).delete()
    SignIn.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def forget_ended(*, now, lifetime):
    """Rows whose sessions have run out by themselves, and ways in that nobody took. `lifetime` is a session's."""
    SignIn.objects.filter(seen_at__lt=now - lifetime).delete()
    Entry.objects.filter(expires_at__lt=now).delete()


def forget_sessions(*, now):
    """Sessions of the current host that have run out."""
    Session.objects.filter(expire_date__lt=now).delete()
