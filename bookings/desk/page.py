"""What a visit's page shows of the diary, ready to print."""

from audit.admin import change_of
from audit.admin import words as act_words
from audit.models import AuditEntry
from bookings import words
from bookings.desk.shown import came_from, people_of
from tenants.money import Money

#: The rules staff may set aside, by the names bookings keep.
SET_ASIDE = {"notice": "the notice", "horizon": "the furthest date"}


def lines_of(booking):
    """(label, value) lines about the visit."""
    zone = words.zone(booking.zone)
    lines = [
        (
            "When",
            f"{words.long_date(booking.local_date)}, {words.clock(booking.local_start)}–{words.clock(booking.local_end)}",
        ),
        ("Time zone", zone),
        ("Service", booking.service_name),
        *([("For", booking.for_name)] if booking.for_name else []),
        ("With", people_of(booking)),
        ("Price", str(booking.price)),
        ("Taken", f"{booking.get_source_display()}, {words.when(booking.created_at.astimezone(booking.zone))}"),
    ]
    if booking.attendee_count > 1:
        lines.insert(-2, ("Guests", booking.attendee_count))
    if booking.overrides:
        lines.append(("Set aside", ", ".join(SET_ASIDE.get(name, name) for name in booking.overrides)))
    if booking.moved_from:
        lines.append(("Moved from", came_from(booking)))
    if booking.cancellation_reason:
        lines.append(("Reason for cancelling", booking.cancellation_reason))
    if booking.cancellation_fee_cents:
        fee = Money(booking.cancellation_fee_cents, booking.currency_code)
        lines.append(("Fee by the terms", str(fee)))
    return lines


def parts_of(booking):
    """Each service of the visit: (time, name, person, price for one guest); a class is a part with its `seats`."""
    return [
        {
            "time": f"{words.clock(item.start_at.astimezone(booking.zone))}–"
            f"{words.clock(item.end_at.astimezone(booking.zone))}",
            "item": item,
            "price": Money(item.price_cents, booking.currency_code),
            "seats": [seat.number for seat in item.seats.all()] if item.session_id else [],
        }
        for item in booking.items.all()
    ]


def trail_of(booking):
    """(entry, what was done, what changed) of everything that happened to the visit."""
    entries = AuditEntry.objects.filter(subject_type="bookings.booking", subject_id=str(booking.pk))
    return [(entry, act_words(entry.action), change_of(entry)) for entry in entries]
