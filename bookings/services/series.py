"""Visits that come again: booked, moved and told of together; each is an ordinary visit, safe by itself.

See docs/decisions/0041-series.md for why they are not all or nothing.
"""

from dataclasses import dataclass, field

from django.db import transaction

from audit import services as audit
from bookings import availability, mail
from bookings.models import Booking, Series, Status
from bookings.services.checkout import Details
from bookings.services.errors import NotAllowed
from bookings.services.moves import reschedule_booking
from bookings.services.taking import take_visit
from tenants.errors import DomainError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the visits that are booked or moved now, and {which: why not} for the rest."""

    done: list = field(default_factory=list)
    refused: dict = field(default_factory=dict)


def repeat_visit(*, business, booking, key, every_weeks, chosen, basket, by, now, take=take_visit):
    """Book a visit again at each of `chosen` ({number in the series: aware instant}), for who booked it. An `Outcome`.

    `key` is the series: the one the visit is in, or a new id (the press). Pressed again it books what is missing. Each
    visit is taken by the ordinary steps, notice and furthest date set aside and recorded; what is taken meanwhile is
    among the refused. The customer gets one confirmation with all dates. `take` is `payments.take_visit` where money is
    kept. Raises NotAllowed where the visit is called off or in another series; nothing is written then.
    """
    series = _series_of(booking=booking, key=key, every_weeks=every_weeks)
    outcome = Outcome()
    wanted = [(str(each.service.pk), str(each.team_member and each.team_member.pk)) for each in basket.wanted]
    for number, start in sorted(chosen.items()):
        try:
            visit = take(
                business=business,
                basket=basket,
                start=start,
                details=_details_of(booking),
                by=by,
                now=now,
                key=f"series:{series.pk}:{number}",
                params={"start": start.isoformat(), "wanted": wanted},
                override=availability.OVERRIDABLE,
                customer=booking.customer,
                notify=False,
            )
        except DomainError as exc:
            outcome.refused[number] = exc
        else:
            Booking.objects.filter(pk=visit.pk, series=None).update(series=series, series_number=number)
            visit.series, visit.series_number = series, number
            outcome.done.append(visit)
    if outcome.done:
        starts = [visit.start_at.isoformat() for visit in outcome.done]
        after = {"every_weeks": every_weeks, "starts": starts}
        audit.record(actor=by, action="booking.repeated", subject=booking, at=now, after=after)
    else:
        _end_empty(series)
    _tell(business, outcome, mail.queue_series_confirmation, now)
    return outcome


@transaction.atomic
def _series_of(*, booking, key, every_weeks):
    """The series of this press, with the visit as its first: before anything is booked, so that nobody else repeats it too."""
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if booking.customer_id is None or booking.hold_expires_at or booking.status == Status.CANCELED:
        raise NotAllowed("Only a visit that is booked can be repeated.", status_now=booking.status)
    if booking.series_id and str(booking.series_id) != str(key):
        raise NotAllowed("This visit is in a series already. Open it anew and add visits there.")
    series, is_new = Series.objects.get_or_create(pk=key, defaults={"every_weeks": every_weeks})
    if not booking.series_id:
        if not is_new:
            raise NotAllowed("This is the series of another visit. Open this one anew.")
        Booking.objects.filter(pk=booking.pk).update(series=series, series_number=1)
    return series


@transaction.atomic
def _end_empty(series):
    """Nothing came of it: a visit by itself is no series."""
    visits = list(Booking.objects.select_for_update(of=("self",)).filter(series=series)[:2])
    if len(visits) == 1:
        Booking.objects.filter(series=series).update(series=None, series_number=None)
        series.delete()


def _details_of(booking):
    """Who comes, as it was written down for the first visit; agreement to news and texts is not given by others."""
    return Details(
        name=booking.contact_name,
        email=booking.contact_email,
        phone=str(booking.contact_phone or ""),
        special_requests=booking.special_requests,
        language=booking.language,
        zone=booking.customer_tz,
        for_name=booking.for_name,
    )


def move_visits(*, business, moves, by, now):
    """Move each of `moves` ([(booking, new start)]) with the people it has. An `Outcome`, by the booking's id.

    The one that goes furthest ahead is moved first, so that visits of one series do not stand in each other's way. A
    booking is as it was seen: one that was moved since is refused. The customer is told once, with all dates.
    """
    later = any(start > booking.start_at for booking, start in moves)
    outcome = Outcome()
    for booking, start in sorted(moves, key=lambda move: move[0].start_at, reverse=later):
        try:
            outcome.done.append(_move(business, booking, start, by, now))
        except DomainError as exc:
            outcome.refused[booking.pk] = exc
    outcome.done.sort(key=lambda booking: booking.start_at)
    _tell(business, outcome, mail.queue_series_moved, now)
    return outcome


def _move(business, booking, start, by, now):
    people = {item.position: item.team_member for item in booking.items.select_related("team_member")}
    return reschedule_booking(
        business=business,
        booking=booking,
        start=start,
        people=people,
        override=availability.OVERRIDABLE,
        by=by,
        now=now,
        notify=False,
        seen=booking.sequence,
    )


@transaction.atomic
def _tell(business, outcome, queue, now):
    if outcome.done:
        queue(business=business, bookings=outcome.done, now=now)
