"""What was agreed, as rows: a visit's items, their snapshots, and the time the engine says they take."""

from datetime import UTC, datetime, timedelta

from bookings.models import BookingItem, Occupancy


def items_for(*, booking, loaded, plan, now):
    """The BookingItems of a plan, unsaved, with the services as agreed."""
    return [
        BookingItem(
            booking=booking,
            position=position,
            service=staffing.service,
            team_member=loaded.members[part.person_id],
            start_at=part.start_at,
            end_at=part.end_at,
            price_cents=part.price_cents,
            snapshot=snapshot(staffing.service, able_of(loaded, part), booking.currency_code),
            assigned_at=now,
        )
        for position, (staffing, part) in enumerate(zip(loaded.candidates.staffing, plan.parts, strict=True))
    ]


def able_of(loaded, part):
    """How the person of a part performs its service."""
    return next(able for able, person in loaded.segments[part.segment].candidates if person.id == part.person_id)


def occupancy(taken, *, items=None, session=None, expires_at=None):
    """What the engine says is taken, as unsaved Occupancy of the items or of one session."""
    return [
        Occupancy(
            item=items[one.segment] if items else None,
            session=session,
            team_member_id=one.person_id,
            resource_id=one.resource_id,
            lane=one.lane,
            starts_at=datetime.fromtimestamp(one.start, UTC),
            ends_at=datetime.fromtimestamp(one.end, UTC),
            expires_at=expires_at,
        )
        for one in taken
    ]


def describe(booking, *, items):
    """Write what the whole visit is: its service's snapshot, or one snapshot for several."""
    first = items[0].snapshot
    if len(items) == 1:
        booking.service_snapshot = marked(first, items[0].service)
        return
    snapshots = [item.snapshot for item in items]
    booking.service_snapshot = {
        "name": " + ".join(each["name"] for each in snapshots),
        "duration_min": int((booking.end_at - booking.start_at) / timedelta(minutes=1)),
        "price_cents": sum(each["price_cents"] for each in snapshots),
        "currency_code": first["currency_code"],
        "instructions": "\n\n".join(dict.fromkeys(filter(None, (each["instructions"] for each in snapshots)))),
    }


def marked(snapshot, service):
    """The snapshot saying of a class that it is one: `Booking.is_class`."""
    plain = {name: value for name, value in snapshot.items() if name != "shared_session"}
    return plain | {"shared_session": True} if service.shared_session else plain


def snapshot(service, able, currency_code):
    """What was agreed, so that editing the service never rewrites history."""
    return {
        "service_id": str(service.pk),
        "name": service.name,
        "duration_min": able.duration_min,
        "price_cents": able.price_cents,
        "currency_code": currency_code,
        "phases": [{"kind": phase.kind, "minutes": phase.minutes} for phase in able.phases],
        "buffer_before_min": able.buffer_before_min,
        "buffer_after_min": able.buffer_after_min,
        "resources": [str(resource.id) for resource in able.resources],
        "instructions": service.instructions,
    }
