"""Classes: sessions with numbered seats (D11).

Who joins or opens a session holds its person's advisory lock; who frees a seat holds a booking row. Both then lock the
session's row, last of all, so that a session never ends while somebody takes a seat of it.
"""

from django.db import transaction

from audit import services as audit
from bookings import availability, diary, signals
from bookings.basket import Basket
from bookings.models import GroupSession, Occupancy, Seat
from bookings.services import agreed, locks, placing
from bookings.services.errors import Lost, NotAllowed, NotBookable


def take_seats(*, business, booking, item, loaded, plan, expires_at):
    """Seat a booking's guests: in the session the plan joins, or in one that it opens.

    Raises Lost where the session has ended or filled meanwhile.
    """
    [part] = plan.parts
    if part.session_id is None:
        session = _open(business=business, loaded=loaded, plan=plan, expires_at=expires_at)
    else:
        session = GroupSession.objects.select_for_update().filter(pk=part.session_id).first()
        if session is None:
            raise Lost
    empty = list(session.seats.filter(item=None).values_list("pk", flat=True)[: booking.attendee_count])
    if len(empty) < booking.attendee_count:
        raise Lost
    Seat.objects.filter(pk__in=empty).update(item=item, expires_at=expires_at)
    item.session = session
    item.save(update_fields=["session"])
    _renew_expiry(session)


def _open(*, business, loaded, plan, expires_at=None, scheduled=False):
    [part] = plan.parts
    service = loaded.candidates.staffing[0].service
    session = GroupSession.objects.create(
        service=service,
        team_member=loaded.members[part.person_id],
        start_at=part.start_at,
        end_at=part.end_at,
        scheduled=scheduled,
        snapshot=agreed.snapshot(service, agreed.able_of(loaded, part), business.currency_code)
        | {"timezone": business.timezone},
    )
    taken = availability.taken(segments=loaded.segments, plan=plan)
    Occupancy.objects.bulk_create(agreed.occupancy(taken, session=session, expires_at=expires_at))
    Seat.objects.bulk_create(Seat(session=session, number=number) for number in range(1, service.seats + 1))
    return session


def free_seats(booking):
    """Empty a booking's seats; a session that guests have opened ends with the last one."""
    for session in _sessions_of(booking):
        session.seats.filter(item__booking=booking).update(item=None, expires_at=None)
        _end_if_empty(session)


def _end_if_empty(session):
    if session.scheduled or session.seats.filter(item__isnull=False).exists():
        _renew_expiry(session)
    else:
        session.delete()


def keep_seats_until(booking, expires_at):
    """Set the end of the seats' hold; None keeps them for good."""
    for session in _sessions_of(booking):
        session.seats.filter(item__booking=booking).update(expires_at=expires_at)
        _renew_expiry(session)


def _sessions_of(booking):
    """The sessions a booking sits in, locked."""
    seated = Seat.objects.filter(item__booking=booking).values("session")
    return GroupSession.objects.select_for_update().filter(pk__in=seated).order_by("pk")


def _renew_expiry(session):
    """A session stands as long as its longest seat; one the salon has put up stands for good."""
    ends = list(session.seats.filter(item__isnull=False).values_list("expires_at", flat=True))
    for_good = session.scheduled or None in ends
    session.occupancy.update(expires_at=None if for_good else max(ends))


@transaction.atomic
def open_session(*, business, service, team_member, start, by, now, override=frozenset()):
    """Put a session of a class into the diary; guests join it from then on.

    `start` is an aware instant. Raises NotBookable for what is not a class, SlotTaken, RuleBroken.
    """
    if not service.shared_session:
        raise NotBookable("Only a class has sessions. Switch on “Class” for this service first.")
    basket = Basket.of(service, team_member)
    candidates = diary.candidates_for(basket)
    if not candidates.complete:
        raise NotBookable(f"{team_member.name} does not perform {service.name}.")
    locks.lock(people=candidates.members, resources=candidates.needs)
    seconds = availability.epoch(start)
    loaded = placing.load(business=business, basket=basket, candidates=candidates, start=seconds, now=now)
    loaded = diary.without_sessions(loaded)
    asked = {"start": seconds, "now": availability.epoch(now), "override": override}
    plan = placing.find_plan(loaded=loaded, **asked)
    overrides = placing.set_aside(loaded=loaded, **asked)
    session = _open(business=business, loaded=loaded, plan=plan, scheduled=True)
    audit.record(
        actor=by,
        action="session.opened",
        subject=session,
        at=now,
        after={"start_at": session.start_at.isoformat(), "team_member": team_member.name}
        | ({"overrides": overrides} if overrides else {}),
    )
    signals.session_changed.send(sender=GroupSession, session=session, at=now)
    return session


@transaction.atomic
def close_session(*, session, by, now):
    """Take an empty session out of the diary. Raises NotAllowed while guests have seats in it."""
    session = GroupSession.objects.select_for_update().filter(pk=session.pk).first()
    if session is None:
        raise NotAllowed("This session is already closed.")
    if session.seats.filter(item__isnull=False).exists():
        raise NotAllowed("There are guests in this session. Move or cancel their visits first.")
    before = {"start_at": session.start_at.isoformat(), "team_member": session.team_member.name}
    audit.record(actor=by, action="session.closed", subject=session, at=now, before=before)
    signals.session_changed.send(sender=GroupSession, session=session, at=now)
    session.delete()
