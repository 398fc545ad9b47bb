"""The waiting list: how long it takes to find who is asked, of a thousand, and whether anything is ever promised twice
when times come free, offers are answered and run out all at once."""

import random
from collections import Counter
from datetime import datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import services as bookings
from bookings.basket import Basket
from bookings.models import Booking
from bookings.services import holds
from config.bench import data, taken
from config.bench.results import Result
from config.bench.timing import in_turns
from config.testing_racing import at_once
from tenants.errors import DomainError
from waitlist import queries, rules, services
from waitlist.models import Offer, OfferStatus, Wish, WishedService, WishStatus
from waitlist.services.matching import FreeTimes
from waitlist.services.status import RUNNING

WISHES = 1_000
ROUNDS, QUICK_ROUNDS = 20, 5
RUNS, QUICK_RUNS = 1_000, 20
RUNS_A_SALON = 500
#: In one run: visits that are called off, people who wait, presses at once.
VISITS, WAITING, PRESSES = 3, 4, 6
#: Two halves of a day are two runs' own.
HALVES = ((9, 13), (13, 17))


def run(*, quick=False):
    """Yield the results."""
    now = timezone.now()
    yield from _matching(now, QUICK_ROUNDS if quick else ROUNDS)
    yield from _racing(now, QUICK_RUNS if quick else RUNS)


# A thousand who wait ---------------------------------------------------------------------------


def _matching(now, rounds):
    """The whole line is looked at: the time suits the last one alone."""
    salon = data.open_salon("waiting", now=now)
    data.settle(salon)
    with tenant_context(salon.business):
        day = salon.first + timedelta(days=60)  # after the last visit: there is room, for everybody
        last = _fill_line(salon, day, now)
        if match(salon.business, day, now) != last:
            raise AssertionError("the wrong person would be asked")
        [cpu] = in_turns(rounds, lambda: match(salon.business, day, now))
    yield Result("waitlist: people in line", WISHES, "wishes")
    yield Result("waitlist: finding who is asked, CPU", cpu * 1000, "ms", at_most=100)


def match(business, day, now):
    """The id of the first in line whom a time on that day suits."""
    spans = [(day, day)]
    line = queries.line(spans=spans)
    times = FreeTimes(business=business, spans=spans, line=line, now=now)
    return next((each.id for each in line if rules.first_fit(each.waiting, times.of(each))), None)


def _fill_line(salon, day, now):
    """A thousand wishes for every service, with anyone or somebody; no time suits them before the last one's."""
    rng = random.Random("tithi bench waitlist")  # noqa: S311 -- the same list every time, no secret
    wishes = [
        Wish(
            name=f"Person {number}",
            email=f"p{number}@example.com",
            first_date=day - timedelta(days=rng.randrange(5)),
            last_date=day + timedelta(days=rng.randrange(5)),
            windows=[] if number == WISHES - 1 else [[18 * 60, 23 * 60]],
            joined_at=now - timedelta(seconds=WISHES - number),
        )
        for number in range(WISHES)
    ]
    Wish.objects.bulk_create(wishes)
    WishedService.objects.bulk_create(
        WishedService(
            wish=wish,
            position=0,
            service=rng.choice(salon.services),
            team_member=rng.choice([None, *salon.people]),
        )
        for wish in wishes
    )
    return wishes[-1].pk


# Everything at once ----------------------------------------------------------------------------


def _racing(now, runs):
    """Each run has half a day of its own, and nobody may wait for a day beyond a year: a salon for so many runs."""
    sums, deadlocks = Counter(), taken.deadlocks()
    for first in range(0, runs, RUNS_A_SALON):
        numbers = range(first, min(first + RUNS_A_SALON, runs))
        sums.update(_races_of(f"waitraces{first}", numbers, now))
    yield Result("waitlist: parallel runs", runs, "runs")
    yield Result("waitlist: offers made in them", sums["made"], "offers", at_least=runs)
    yield Result("waitlist: of which booked", sums["booked"], "offers")
    yield Result("waitlist: offered or promised twice", sums["doubles"], "times", at_most=0)
    yield Result("waitlist: anybody's time occupied twice, in the database", sums["overlaps"], "times", at_most=0)
    yield Result("waitlist: deadlocks", taken.deadlocks() - deadlocks, "deadlocks", at_most=0)


def _races_of(slug, numbers, now):
    """What came of these runs in one salon."""
    salon = data.open_salon(slug, now=now, people=1, bookings=0, fields={"horizon_days": 730})
    doubles = 0
    with tenant_context(salon.business):
        for number in numbers:
            rng = random.Random(f"tithi waitlist {number}")  # noqa: S311 -- the same runs every time, no secret
            contest(salon, number - numbers.start, rng)
            doubles += promised_twice()
            Wish.objects.filter(status=WishStatus.WAITING).update(status=WishStatus.OVER, ended_at=timezone.now())
        booked = Offer.objects.filter(status=OfferStatus.BOOKED).count()
        return {
            "made": Offer.objects.count(),
            "booked": booked,
            "doubles": doubles,
            "overlaps": taken.overlaps(salon),
        }


def contest(salon, number, rng):
    """Visits are called off at once; then what was offered is answered, left and run out at once, while others ask."""
    business, (starts, ends) = salon.business, HALVES[number % 2]
    day = salon.first + timedelta(days=1 + number // 2)
    visits = [_booked(salon, day, hour) for hour in rng.sample(range(starts, ends), VISITS)]
    for each in range(WAITING):
        services.join(
            business=business,
            basket=Basket.of(salon.service),
            person=_person(f"{number}-{each}"),
            first=day,
            last=day,
            windows=[(starts * 60, ends * 60)],
            now=timezone.now(),
        )

    def call_off(place):
        bookings.cancel_booking(business=business, booking=visits[place], by=SYSTEM, now=timezone.now())
        services.offer_free_time(business=business, now=timezone.now())

    at_once(VISITS, _within(business, call_off))
    offers = list(Offer.objects.filter(status__in=RUNNING).select_related("wish", "booking"))
    presses = [(rng.choice(PRESSED), rng.choice(offers)) for _ in range(PRESSES)] if offers else []
    at_once(len(presses) or 1, _within(business, lambda place: presses and _press(business, *presses[place])))
    services.offer_free_time(business=business, now=timezone.now())


def _booked(salon, day, hour):
    start = datetime.combine(day, time(hour), salon.business.zone)
    return _book(salon.business, bookings.hold_slot(
        business=salon.business, basket=Basket.of(salon.service), start=start, now=timezone.now()
    ), _person(f"{day}-{hour}"))  # fmt: skip


def _book(business, booking, person):
    now = timezone.now()
    booking = bookings.submit_details(business=business, booking=booking, details=person, address=None, now=now)
    return bookings.confirm_booking(business=business, booking=booking, now=now, card_on_file=True)


def _person(name):
    return bookings.Details(name=f"Guest {name}", email=f"g{name}@example.com", phone="")


def _press(business, verb, offer):
    now = timezone.now()
    if verb == "accept":
        booking = services.accept(offer=offer, browser_key=str(offer.pk), now=now)
        _book(business, booking, _person(offer.wish.name))
    elif verb == "decline":
        services.decline(offer=offer, now=now)
    elif verb == "leave":
        services.leave(wish=offer.wish, by=SYSTEM, now=now)
    else:
        Booking.objects.filter(pk=offer.booking_id, status="hold").update(hold_expires_at=now)
        holds.expire_holds()
    services.offer_free_time(business=business, now=timezone.now())


PRESSED = ("accept", "accept", "decline", "leave", "expire")


def _within(business, act):
    """In a thread of its own; refusals are answers."""

    def acted(number):
        with tenant_context(business):
            try:
                return act(number)
            except DomainError as exc:
                return exc

    return acted


def promised_twice():
    """How often one time is kept for two, or one wish has two, or a booked offer is no visit."""
    kept = Offer.objects.filter(status__in=(*RUNNING, OfferStatus.BOOKED), booking__status__in=LIVE)
    times = kept.values("start_at").annotate(number=Count("pk")).filter(number__gt=1).count()
    wishes = kept.values("wish").annotate(number=Count("pk")).filter(number__gt=1).count()
    broken = Offer.objects.filter(status=OfferStatus.BOOKED).exclude(booking__status="confirmed").count()
    return times + wishes + broken


LIVE = ("hold", "pending", "confirmed")
