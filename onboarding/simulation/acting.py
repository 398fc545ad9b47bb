"""Lives a life: every wish and every trouble goes to the services a customer's click or a receptionist's press goes to."""

import heapq
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from uuid import uuid4

from django.db import connection

from audit import actors
from bookings import availability, queries, stranded
from bookings import services as bookings
from bookings.basket import Basket, Wanted
from bookings.models import Booking, Service, ServiceTeamAssignment, Source, Status, TeamMember
from bookings.services import catalogue, closures, records, team
from onboarding.simulation import cards, guests, life
from onboarding.simulation.life import Fate, What
from payments import queries as money
from payments import services as payments
from tenants.errors import DomainError

#: How long somebody who walks in waits.
PATIENCE = 45 * 60
#: On how many days from theirs on a customer takes another time, and a salon finds one for them.
FLEXIBLE, DAYS_TO_MOVE = 2, 14


@dataclass(frozen=True, slots=True)
class Visit:
    """A wish that has become a booking. `turn` counts its moves: what was to follow before one does not follow any more."""

    wish: life.Wish
    booking: Booking
    turn: int = 0


@dataclass
class Living:
    """The salon while it lives. `quiet`: demonstration data, nobody is written to; `by_card`: guests leave their cards."""

    business: object
    shape: life.Shape
    services: list
    members: list
    quiet: bool = False
    by_card: bool = False
    counts: Counter = field(default_factory=Counter)
    visits: dict = field(default_factory=dict)
    wish_of: dict = field(default_factory=dict)
    able: dict = field(default_factory=dict)
    coming: list = field(default_factory=list)
    order: count = field(default_factory=count)

    def push(self, happenings, turn=0):
        for each in happenings:
            heapq.heappush(self.coming, (each.at, next(self.order), turn, each))


def offered_services():
    """What wishes can be about: everything bookable but classes, in the catalogue's order."""
    found = Service.objects.bookable().filter(scheduled_only=False, shared_session=False)
    return list(found.order_by("category__sort_order", "sort_order", "name"))


def _who_can():
    """{service id: ids of who performs it}"""
    able = {}
    for service, member in ServiceTeamAssignment.objects.values_list("service", "team_member"):
        able.setdefault(service, set()).add(member)
    return able


def working_people():
    return list(TeamMember.objects.filter(is_active=True).order_by("sort_order", "first_name", "pk"))


def weights(services):
    """How much each is wanted, next to the others: the shorter, the more."""
    return tuple(int(1000 / service.duration_min**0.5) for service in services)


def shape_of(*, business, seed, first, last, **how):
    """A life for the current salon as it is: its people, its services, the short ones wanted most. `how` is what else a
    Shape has."""
    services = offered_services()
    return life.Shape(
        seed=f"{business.slug} {seed}",
        zone=business.zone,
        first=first,
        last=last,
        people=len(working_people()),
        services=weights(services),
        **how,
    )


@contextmanager
def not_waiting_for_the_disk():
    """What is committed here may be lost to a power cut: a made-up life is lived again. Use it outside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            yield
        finally:
            cursor.execute("RESET synchronous_commit")


def live(*, business, shape, until=None, quiet=False, cash=False):
    """Live the life of `shape`, up to `until` where that is said; returns how often what happened (a Counter).

    Call in the salon's schema and, where guests leave cards, outside a transaction. They do where the salon's account is
    at the local Stripe, unless `cash`; else they pay at the salon. With `quiet` visits count as demonstration data, and
    nobody is told of them.
    """
    living = Living(
        business=business,
        shape=shape,
        services=offered_services(),
        members=working_people(),
        quiet=quiet,
        by_card=not (quiet or cash) and cards.can_be_saved(business),
        able=_who_can(),
    )
    living.push(life.happenings(shape))
    while living.coming and (until is None or living.coming[0][0] <= until):
        at, _, turn, happening = heapq.heappop(living.coming)
        if happening.wish is None or not _is_stale(living, happening, turn):
            DOING[happening.what](living, happening, at)
    return living.counts


def _is_stale(living, happening, turn):
    visit = living.visits.get(happening.wish.number)
    return visit is not None and visit.turn != turn


# Customers ---------------------------------------------------------------------------------------


def _book(living, happening, at):
    wish = happening.wish
    basket = _basket(living, wish)
    start = _nearest(living, basket, wish.day, wish.minute, at)
    if start is None:
        living.counts["found nothing"] += 1
        return
    _try(living, wish, at, lambda: _booked(living, basket, start, wish, at), "booked")


def _walk_in(living, happening, at):
    wish = happening.wish
    basket = _basket(living, wish)
    slots = _slots(living, basket, wish.day, wish.day, at, override=availability.OVERRIDABLE)
    soonest = min((slot.start for slot in slots), default=None)
    if soonest is None or soonest - availability.epoch(at) > PATIENCE:
        living.counts["left again"] += 1
        return
    start = availability.instant(soonest)
    _try(living, wish, at, lambda: _taken(living, basket, start, wish, at), "walked in")


def _try(living, wish, at, act, name):
    try:
        booking = act()
    except DomainError as exc:  # somebody who has a visit then already
        living.counts[f"refused: {exc.code}"] += 1
        return
    living.counts[name] += 1
    living.visits[wish.number] = Visit(wish, booking)
    living.wish_of[booking.pk] = wish.number
    _follow(living, living.visits[wish.number], at)


def _follow(living, visit, at, moved=False):
    booking = visit.booking
    then = life.afterwards(wish=visit.wish, at=at, start=booking.start_at, end=booking.end_at, moved=moved)
    living.push(then, turn=visit.turn)


def _booked(living, basket, start, wish, at):
    """As on the booking page: hold, details and terms, card, confirmation."""
    business = living.business
    source = Source.DEMO if living.quiet else Source.ONLINE
    booking = bookings.hold_slot(business=business, basket=basket, start=start, source=source, now=at)
    try:
        booking = payments.submit_checkout(
            business=business, booking=booking, details=_details(living, wish), address=None, now=at
        )
    except DomainError:
        bookings.release_hold(booking=booking)
        raise
    if living.quiet:
        return bookings.confirm_booking(
            business=business, booking=booking, now=at, by=actors.SYSTEM, notify=False, covered=True
        )
    if booking.card_required and not living.by_card:
        return bookings.confirm_booking(business=business, booking=booking, now=at, by=_desk(living), covered=True)
    setup = cards.save(business=business, booking=booking) if booking.card_required else ""
    booking = payments.place_booking(business=business, booking=booking, now=at, setup_intent_id=setup)
    if booking.status == Status.PENDING:  # the salon confirms by hand
        booking = bookings.confirm_booking(business=business, booking=booking, now=at, by=_desk(living))
    return booking


def _taken(living, basket, start, wish, at):
    """As staff write it down."""
    told = {"business": living.business, "now": at}
    details, by = _details(living, wish), _desk(living)
    if not living.quiet:
        return payments.take_visit(
            basket=basket, start=start, details=details, by=by, key=str(uuid4()), params={},
            override=availability.OVERRIDABLE, **told,
        )  # fmt: skip
    booking = bookings.hold_slot(
        basket=basket, start=start, source=Source.DEMO, override=availability.OVERRIDABLE, **told
    )
    try:
        booking = payments.submit_checkout(booking=booking, details=details, address=None, by=by, **told)
    except DomainError:
        bookings.release_hold(booking=booking)
        raise
    return bookings.confirm_booking(booking=booking, by=by, notify=False, covered=True, **told)


def _move(living, happening, at):
    """To another day of the week that follows, or not at all where they find nothing."""
    visit = living.visits[happening.wish.number]
    booking = visit.booking
    wall = booking.local_start
    day = wall.date() + timedelta(days=1 + int(visit.wish.turn * 6))
    start = _nearest(living, queries.basket_of(booking), day, wall.hour * 60 + wall.minute, at, without=booking)
    by = actors.customer(booking.contact_name)
    if start is not None and _moved(living, visit, at, start=start, by=by):
        living.counts["moved"] += 1
    else:
        _follow(living, visit, at, moved=True)


def _moved(living, visit, at, **where):
    """Whether the visit is at another place now; what follows from it is planned anew."""
    try:
        booking = bookings.reschedule_booking(
            business=living.business, booking=visit.booking, now=at, notify=not living.quiet, **where
        )
    except DomainError as exc:
        living.counts[f"not moved: {exc.code}"] += 1
        return False
    visit = Visit(visit.wish, booking, visit.turn + 1)
    living.visits[visit.wish.number] = visit
    _follow(living, visit, at, moved=True)
    return True


def _cancel(living, happening, at):
    visit = living.visits[happening.wish.number]
    booking = bookings.cancel_booking(
        business=living.business,
        booking=visit.booking,
        by=actors.customer(visit.booking.contact_name),
        now=at,
        notify=not living.quiet,
    )
    living.counts["cancelled"] += 1
    living.visits[visit.wish.number] = Visit(visit.wish, booking, visit.turn)
    if money.is_fee_due(booking):  # the salon takes it when the time is over
        living.push([life.Happening(booking.start_at, What.CLOSE, wish=visit.wish)], turn=visit.turn)


# The salon ---------------------------------------------------------------------------------------


def _arrive(living, happening, at):
    booking = living.visits[happening.wish.number].booking
    bookings.check_in(booking=booking, by=_doer(booking), now=at)


def _close(living, happening, at):
    """The button that fits: completed, no-show, or the fee of who has cancelled late."""
    wish = happening.wish
    booking = living.visits[wish.number].booking
    press, name, more = payments.complete, "completed", {}
    if money.is_fee_due(booking):
        press, name = payments.cancel, "late fee"
    elif wish.fate == Fate.STAYS_AWAY:
        press, name = payments.no_show, "no-show"
    else:
        more = {"tip_cents": booking.price_cents * wish.tip_basis_points // 10_000}
    press(business=living.business, booking=booking, key=f"life-{booking.pk}", by=_doer(booking), now=at, **more)
    living.counts[name] += 1


def _ill(living, happening, at):
    """A block until the next morning; whoever would have come is found another person, another time, or told."""
    member = living.members[happening.person]
    if not member.availability.filter(day_of_week=happening.day.isoweekday()).exists():
        return
    ends_at = life.wall(happening.day, 30 * 60, living.shape.zone)
    block = team.add_time_block(member=member, starts_at=at, ends_at=ends_at, reason="Ill", by=_desk(living), now=at)
    living.counts["sick days"] += 1
    _find_others(living, stranded.in_block(block=block, now=at), at)


def _shut(living, happening, at):
    try:
        closures.add_closure(first=happening.day, last=happening.day, reason="Closed", by=_desk(living), now=at)
    except records.Refused:
        return
    living.counts["closures"] += 1
    found = stranded.in_closure(first=happening.day, last=happening.day, zone=living.shape.zone, now=at)
    _find_others(living, found, at)


def _find_others(living, stranded_visits, at):
    """One after the other, in an order of ours: references are drawn by lot."""
    ours = [booking for booking in stranded_visits if booking.pk in living.wish_of]
    for booking in sorted(ours, key=lambda booking: (booking.start_at, living.wish_of[booking.pk])):
        _find_another(living, booking, at)


def _find_another(living, booking, at):
    """Somebody else at the same time, else the nearest time there is, else it is called off and costs nothing."""
    if booking.status not in (Status.CONFIRMED, Status.PENDING):  # they have begun: it goes on
        return
    visit = living.visits[living.wish_of[booking.pk]]
    visit = Visit(visit.wish, booking, visit.turn)
    how = {"by": _desk(living), "override": availability.OVERRIDABLE}
    if booking.start_at > at and _moved(living, visit, at, start=booking.start_at, **how):
        living.counts["stranded, another person"] += 1
        return
    wall = booking.local_start
    basket = queries.basket_of(booking)
    start = _nearest(living, basket, wall.date(), wall.hour * 60 + wall.minute, at, without=booking, days=DAYS_TO_MOVE)
    if start is not None and _moved(living, visit, at, start=start, **how):
        living.counts["stranded, another time"] += 1
        return
    booking = bookings.cancel_booking(
        business=living.business, booking=booking, by=_desk(living), now=at, reason="The salon could not keep it",
        notify=not living.quiet, owed=False,
    )  # fmt: skip
    living.visits[visit.wish.number] = Visit(visit.wish, booking, visit.turn + 1)
    living.counts["stranded, called off"] += 1


def _rise(living, happening, at):
    """Dearer for whoever books from now on; what is booked keeps its price."""
    for service in living.services:
        fields = {"price_cents": life.raised(service.price_cents)}
        catalogue.change_service(business=living.business, service=service, fields=fields, by=_desk(living), now=at)
    living.services = offered_services()
    living.counts["price rises"] += 1


DOING = {
    What.BOOK: _book,
    What.WALK_IN: _walk_in,
    What.MOVE: _move,
    What.CANCEL: _cancel,
    What.ARRIVE: _arrive,
    What.CLOSE: _close,
    What.ILL: _ill,
    What.SHUT: _shut,
    What.RISE: _rise,
}


# What they have in common ------------------------------------------------------------------------


def _basket(living, wish):
    """With the person they named, where that one does it."""
    services = [living.services[position] for position in wish.services]
    person = None if wish.person is None else living.members[wish.person]
    able = person and all(person.pk in living.able[service.pk] for service in services)
    return Basket(tuple(Wanted(service, person if able else None) for service in services))


def _nearest(living, basket, day, minute, at, without=None, days=FLEXIBLE):
    """The free start nearest to a wall time, on its day or, where that is full, on one of those that follow."""
    wanted = availability.epoch(life.wall(day, minute, living.shape.zone))
    last = day + timedelta(days=days)
    for first, until in ((day, day), (day + timedelta(days=1), last)):
        slots = _slots(living, basket, first, until, at, without=without)
        if slots:
            return availability.instant(min(slots, key=lambda slot: (abs(slot.start - wanted), slot.start)).start)
    return None


def _slots(living, basket, first, last, at, **how):
    days = queries.calendar(business=living.business, basket=basket, first=first, last=last, now=at, **how)
    return [slot for day in days for slot in day.slots]


def _details(living, wish):
    number = wish.customer
    return bookings.Details(
        name=guests.name_of(number),
        email=guests.email_of(number),
        phone=guests.phone_of(number, living.business.country),
    )


def _desk(living):
    return actors.Actor(label=living.members[0].name)


def _doer(booking):
    return actors.Actor(label=booking.team_member.name)
