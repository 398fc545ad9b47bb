"""Who may hold a socket: whoever may open the page it belongs to, asked the same way. Nothing here is asynchronous.

Every function enters the salon by itself: a consumer's own code runs in `public`.
"""

from dataclasses import dataclass, replace

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.crypto import constant_time_compare
from django_tenants.utils import tenant_context

from dashboard.live import signals
from tenants import hosts, policies, queries
from tenants.models import Business, BusinessStatus, Membership, User
from tenants.permissions import Permission


class Refused(Exception):
    """No socket for whoever asks; `why` is for the log."""

    def __init__(self, why):
        self.why = why
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Seat:
    """What a socket was let in by. It holds as long as `still_seated` says so."""

    business_id: object
    schema_name: str
    host: str
    session_key: str
    user_id: object = None
    role: str = ""
    support_id: object = None


def admit(*, host, origin, session_key, path, address, now):
    """The Seat of a browser that asks on `host` (a Host header) from a page of `origin`. Raises Refused.

    Sibling salons are the same site to a browser and send this salon's cookie along: only the salon's own address counts.
    """
    connection.set_schema_to_public()
    name = hosts.without_port(host)
    business = hosts.salon_at(name)
    if business is None or name != business.host:
        raise Refused("host")
    if origin != business.url:
        raise Refused("origin")
    if not session_key:
        raise Refused("anonymous")
    asked = Seat(business.pk, business.schema_name, business.host, session_key)
    found = _present([asked], now=now).get(session_key)
    if found is None:
        raise Refused("not allowed")
    _note_support(business, found, path, address, now)
    return _seat_of(asked, found)


def still_seated(seats, *, now):
    """Those of one salon's Seats that would be given again now: four questions, however many there are."""
    connection.set_schema_to_public()
    found = _present(seats, now=now)
    return {seat for seat in seats if seat.session_key in found and _seat_of(seat, found[seat.session_key]) == seat}


def _seat_of(seat, membership):
    """The role is part of it: who has become something else begins anew, with what that may see."""
    support_id = membership.support.pk if membership.support else None
    return replace(seat, user_id=membership.user_id, role=str(membership.role), support_id=support_id)


def _present(seats, *, now):
    """Session key → membership, of those that live, whose person is of the salon and may see its diary."""
    business = Business.objects.select_related("billing").filter(pk=seats[0].business_id).first()
    if business is None or business.status != BusinessStatus.ACTIVE:
        return {}
    keys = {seat.session_key for seat in seats if seat.host == business.host}
    with tenant_context(business):
        sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=now)
        claims = {session.session_key: session.get_decoded() for session in sessions}
        people = User.objects.in_bulk({data[SESSION_KEY] for data in claims.values() if SESSION_KEY in data})
        known = {str(pk): person for pk, person in people.items()}
        signed_in = {
            key: known[data[SESSION_KEY]]
            for key, data in claims.items()
            if data.get(SESSION_KEY) in known and _is_genuine(data, known[data[SESSION_KEY]])
        }
        members = _members(business, set(signed_in.values()))
        allowed = {user_id: of for user_id, of in members.items() if policies.may(of, Permission.VIEW_DIARY)}
    return {key: allowed[person.pk] for key, person in signed_in.items() if person.pk in allowed}


def _is_genuine(data, person):
    """Whether a session was made with today's password; a person who is switched off has none."""
    return person.is_active and constant_time_compare(data.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())


def _members(business, people):
    """User id → membership; operators who were let in for support are asked for one by one, there are few."""
    members = {row.user_id: row for row in Membership.objects.with_roles().filter(business=business, user__in=people)}
    for person in people:
        if person.pk not in members and person.is_operator and (of := queries.presence_of(person, business)):
            members[person.pk] = of
    return members


def _note_support(business, membership, path, address, now):
    if membership.support:
        with tenant_context(business):
            signals.opened.send(sender=Seat, access=membership.support, path=path, address=address, at=now)
