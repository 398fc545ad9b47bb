"""Ten people's month against the least work that gives the same answer, and against a diary forty times as full."""

import time
from datetime import timedelta

from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import queries
from bookings.basket import Basket
from config.bench import data, floor
from config.bench.results import Result
from config.bench.timing import counted, in_turns

DAYS, LONG = 30, 60
GROWTH, QUICK_GROWTH = 40, 4
ROUNDS, QUICK_ROUNDS = 40, 10


def run(*, quick=False):
    """Yield the results. Raises AssertionError where the engine and the floor do not answer alike."""
    now = timezone.now()
    growth, rounds = (QUICK_GROWTH, QUICK_ROUNDS) if quick else (GROWTH, ROUNDS)
    salon, grown = data.open_salon("full", now=now), data.open_salon("years", now=now)
    data.grow(grown, factor=growth)
    for each in (salon, grown):
        data.settle(each)
    yield from _against_floor(salon, now, rounds)
    empty = data.open_salon("empty", now=now, bookings=1)
    yield _empty(empty, now, rounds)
    yield from against_growth("slots", engine, salon, grown, now, rounds, growth)
    fewer = data.open_salon("few", now=now, people=3, bookings=500)
    yield from queries_of("slots", engine, fewer, salon, grown, now)


def engine(salon, now, *, days=DAYS, member=None):
    """What a customer who asks for a month is shown."""
    return queries.calendar(
        business=salon.business,
        basket=Basket.of(salon.service, member),
        first=salon.first,
        last=salon.first + timedelta(days=days - 1),
        now=now,
    )


def least_work(salon, now, *, days=DAYS):
    """The floor's answer to the same question."""
    return floor.open_starts(
        member_ids=[member.pk for member in salon.people],
        plan=floor.Plan(salon.business.zone, data.OPENS, data.CLOSES, data.LENGTH, salon.business.slot_step_min),
        first=salon.first,
        last=salon.first + timedelta(days=days - 1),
        now=now,
    )


def starts_of(days):
    """The engine's answer in the floor's words."""
    return {slot.start: [option.person_id for option in slot.options] for day in days for slot in day.slots}


def _against_floor(salon, now, rounds):
    found, least, ours = _both(salon, now, rounds)
    yield Result("slots: starts found", found, "starts")
    yield Result("slots: floor, CPU", least * 1000, "ms")
    yield Result("slots: engine, CPU", ours * 1000, "ms")
    yield Result("slots: engine ÷ floor, CPU", ours / least, "×", at_most=2)


def _empty(salon, now, rounds):
    """Nothing to subtract: what is left is telling for every start who can take it, at which price and until when."""
    _, least, ours = _both(salon, now, rounds)
    return Result("slots: engine ÷ floor in an empty diary, CPU", ours / least, "×")


def _both(salon, now, rounds):
    """How many starts there are, and the seconds it takes to find them: the floor's, the engine's."""
    with tenant_context(salon.business):
        expected = least_work(salon, now)
        if starts_of(engine(salon, now)) != expected:
            raise AssertionError("the engine and the floor do not answer alike: their times cannot be compared")
        return len(expected), *in_turns(rounds, lambda: least_work(salon, now), lambda: engine(salon, now))


def against_growth(name, ask, salon, grown, now, rounds, growth):
    """Yield how much longer the month takes where the diary has a long past; `ask(salon, now)` asks for it."""

    def month_of(asked):
        def month():
            with tenant_context(asked.business):
                return ask(asked, now)

        return month

    label = f"{name}: {data.BOOKINGS * growth:,} bookings ÷ {data.BOOKINGS:,}"
    for clock_name, clock in (("CPU", time.process_time), ("elapsed", time.perf_counter)):
        few, many = in_turns(rounds, month_of(salon), month_of(grown), clock=clock)
        yield Result(f"{label}, {clock_name}", many / few, "×", at_most=1.2)


def queries_of(name, ask, fewer, salon, grown, now):
    """Yield how many queries the month takes, and how many more with more people, days or bookings."""
    questions = [
        (fewer, {}),
        (salon, {}),
        (salon, {"member": salon.people[0]}),
        (salon, {"days": 1}),
        (salon, {"days": LONG}),
        (grown, {}),
    ]
    counts = []
    for asked, question in questions:
        with tenant_context(asked.business), counted() as sent:
            ask(asked, now, **question)
        counts.append(len(sent))
    yield Result(f"{name}: queries", max(counts), "queries", at_most=8)
    yield Result(f"{name}: queries, more people, days or bookings", max(counts) - min(counts), "more", at_most=0)
