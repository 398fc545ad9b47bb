"""The same month where every rule of the diary is in play, against the least work that gives the same answer."""

from datetime import timedelta

from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import queries
from bookings.basket import Basket
from config.bench import data, slots
from config.bench.results import Result
from config.bench.ruled import floor, salon
from config.bench.timing import in_turns


def run(*, quick=False):
    """Yield the results. Raises AssertionError where the engine and the floor do not answer alike."""
    now = timezone.now()
    growth, rounds = (slots.QUICK_GROWTH, slots.QUICK_ROUNDS) if quick else (slots.GROWTH, slots.ROUNDS)
    full, grown = salon.open_salon("ruled", now=now), salon.open_salon("ruled-years", now=now)
    data.grow(grown, factor=growth)
    for each in (full, grown):
        data.settle(each)
    yield from _against_floor(full, now, rounds)
    yield from slots.against_growth("rules", engine, full, grown, now, rounds, growth)
    fewer = salon.open_salon("ruled-few", now=now, people=3, bookings=500)
    yield from slots.queries_of("rules", engine, fewer, full, grown, now)


def engine(asked, now, *, days=slots.DAYS, member=None, service=None):
    """What a customer who asks for a month of one of the services is shown."""
    return queries.calendar(
        business=asked.business,
        basket=Basket.of(service or asked.cut, member),
        first=asked.first,
        last=asked.first + timedelta(days=days - 1),
        now=now,
    )


def least_work(asked, now, *, days=slots.DAYS, service=None):
    """The floor's answer to the same question."""
    return floor.open_starts(
        service=service or asked.cut,
        zone=asked.business.zone,
        step_min=asked.business.slot_step_min,
        horizon_days=asked.business.horizon_days,
        first=asked.first,
        last=asked.first + timedelta(days=days - 1),
        now=now,
    )


def answer_of(days):
    """The engine's answer in the floor's words."""
    return {
        slot.start: [(option.person_id, option.price_cents, option.duration_min) for option in slot.options]
        for day in days
        for slot in day.slots
    }


def _against_floor(asked, now, rounds):
    names = {asked.cut: "lengths and prices of their own", asked.colour: "processing time"}
    for service, name in names.items():
        with tenant_context(asked.business):
            expected = least_work(asked, now, service=service)
            if answer_of(engine(asked, now, service=service)) != expected:
                raise AssertionError("the engine and the floor do not answer alike: their times cannot be compared")
            least, ours = in_turns(
                rounds,
                lambda service=service: least_work(asked, now, service=service),
                lambda service=service: engine(asked, now, service=service),
            )
        yield Result(f"rules: {name}, starts found", len(expected), "starts")
        yield Result(f"rules: {name}, floor, CPU", least * 1000, "ms")
        yield Result(f"rules: {name}, engine, CPU", ours * 1000, "ms")
        yield Result(f"rules: {name}, engine ÷ floor, CPU", ours / least, "×", at_most=2)
