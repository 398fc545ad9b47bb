"""Who waits, in the order in which they are asked."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, Q

from bookings.basket import Basket, Wanted
from bookings.models import Service, TeamMember
from waitlist import rules
from waitlist.models import Offer, Wish, WishedService, WishStatus
from waitlist.services.status import RUNNING

#: The visible rule, as the database sorts (`rules.RULE`).
IN_LINE = ("joined_at", "pk")


@dataclass(frozen=True, slots=True)
class InLine:
    """A wish that waits, and what it wants as plain values: equal `wanted` are offered the same times."""

    id: UUID
    waiting: rules.Waiting
    wanted: tuple  # ((service id, person id or None), …), party, together


def line(*, spans):
    """Everybody who waits for one of these ranges of dates, first come first. Three queries, however many wait."""
    dates = Q(pk__in=[])
    for first, last in spans:
        dates |= Q(first_date__lte=last, last_date__gte=first)
    wishes = Wish.objects.filter(dates, status=WishStatus.WAITING)
    wanted = _by_wish(
        WishedService.objects.filter(wish__in=wishes)
        .order_by("wish", "position")
        .values_list("wish", "service", "team_member")
    )
    refused = _by_wish(Offer.objects.filter(wish__in=wishes).values_list("wish", "start_at", "end_at"))
    columns = ("pk", "first_date", "last_date", "windows", "party_size", "together")
    return [
        InLine(
            pk,
            rules.Waiting(first, last, tuple(map(tuple, windows)), rules.seconds(refused.get(pk, ()))),
            (tuple(wanted[pk]), party, together),
        )
        for pk, first, last, windows, party, together in wishes.order_by(*IN_LINE).values_list(*columns)
        if pk in wanted
    ]


def baskets(line):
    """{wanted: Basket} of those whose services and people are there to be booked. Two queries."""
    pairs = {pair for each in line for pair in each.wanted[0]}
    services = Service.objects.filter(active=True, deleted_at=None).in_bulk({service for service, _ in pairs})
    people = TeamMember.objects.in_bulk({person for _, person in pairs if person})
    found = {}
    for wanted, party, together in {each.wanted for each in line}:
        if all(service in services and (person is None or person in people) for service, person in wanted):
            parts = tuple(Wanted(services[service], people.get(person)) for service, person in wanted)
            found[wanted, party, together] = Basket(parts, party, together)
    return found


def basket_of(wish):
    """What a wish is for, as a visit."""
    parts = tuple(
        Wanted(each.service, each.team_member) for each in wish.wanted.select_related("service", "team_member")
    )
    return Basket(parts, wish.party_size, wish.together)


def wishes(*, states=None, service=None, term=""):
    """Wishes for the list, in line; what each is offered now in `running`, what it is for in `wanted`."""
    rows = Wish.objects.all()
    if states:
        rows = rows.filter(status__in=states)
    if service:
        rows = rows.filter(wanted__service=service).distinct()
    if term:
        rows = rows.filter(Q(name__icontains=term) | Q(email__icontains=term) | Q(phone__contains=term))
    offers = Offer.objects.filter(status__in=RUNNING).select_related("booking__team_member")
    wanted = WishedService.objects.select_related("service", "team_member")
    return rows.order_by(*IN_LINE).prefetch_related(
        Prefetch("wanted", wanted), Prefetch("offers", offers, to_attr="running")
    )


def _by_wish(rows):
    found = {}
    for pk, *rest in rows:
        found.setdefault(pk, []).append(tuple(rest))
    return found
