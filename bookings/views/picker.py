"""The choice of day and time: one page for a new visit and for a move."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from bookings import queries, words

NOON, EVENING = 12, 17
#: Said of a time that leaves no gap in the day, where the salon prefers those.
FITS = "Fits well"
MONDAY_FIRST = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class DayShown:
    iso: str
    number: int
    spoken: str
    free: bool
    none: bool
    chosen: bool
    url: str


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    weekdays: tuple
    days: list
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class SlotShown:
    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    slots: list


class Picker:
    """The calendar and the open day's times, for what the visitor has put together so far (`draft`)."""

    def __init__(self, *, draft, moving=None):
        self.draft, self.business, self.now, self.moving = draft, draft.business, draft.now, moving
        self.today, self.last = draft.today, draft.last
        self.must_choose, self.asked_day = draft.must_choose, draft.day
        self._load(draft.asked.month)

    def _load(self, month):
        """Find the month to show and the day to open: the first with times unless a day was asked for."""
        this_month = self.today.replace(day=1)
        if month and month < this_month:
            month = None  # an old address
        wanted = month or self.asked_day or self.today
        first = max(wanted.replace(day=1), this_month)
        self.first = min(first, self.last.replace(day=1))
        self.days = self._calendar()
        if not month and not self.asked_day and not any(day.slots for day in self.days):
            later = self._first_open(after=self._month_end() + timedelta(days=1))
            if later:
                self.first = later.date.replace(day=1)
                self.days = self._calendar()
        free = [day for day in self.days if day.slots]
        asked_free = next((day for day in free if day.date == self.asked_day), None)
        self.open_day = asked_free or (None if self.asked_day else next(iter(free), None))

    def _month_end(self):
        return (self.first + timedelta(days=32)).replace(day=1) - timedelta(days=1)

    def _calendar(self):
        first, last = max(self.first, self.today), min(self._month_end(), self.last)
        if self.must_choose or first > last:
            return []
        return queries.offers(
            business=self.business,
            basket=self.draft.basket,
            first=first,
            last=last,
            now=self.now,
            without=self.moving,
        )

    def _first_open(self, *, after):
        if self.must_choose:
            return None
        return queries.first_open_day(
            business=self.business, basket=self.draft.basket, after=after, now=self.now, without=self.moving
        )

    @cached_property
    def month(self):
        days = {day.date: day for day in self.days}
        length = self._month_end().day
        # Weeks that are over are left out.
        this_week = self.today - timedelta(days=self.today.isoweekday() - 1)
        start = max(self.first, this_week)
        cells = [self._day(self.first.replace(day=number), days) for number in range(start.day, length + 1)]
        before = self.first - timedelta(days=1)
        after = self._month_end() + timedelta(days=1)
        return Month(
            name=words.month(self.first),
            weekdays=MONDAY_FIRST,
            days=[None] * (start.isoweekday() - 1) + cells,
            previous_url=self.draft.url(month=before) if before >= self.today else "",
            next_url=self.draft.url(month=after) if after <= self.last else "",
        )

    def _day(self, day, loaded):
        slots = loaded[day].slots if day in loaded else ()
        inside = self.today <= day <= self.last
        state = self._times(slots) if slots else "no times" if inside else "not open for booking"
        return DayShown(
            iso=day.isoformat(),
            number=day.day,
            spoken=f"{words.long_date(day)}, {state}",
            free=bool(slots),
            none=inside and not slots and not self.must_choose,
            chosen=self.open_day is not None and day == self.open_day.date,
            url=self.draft.url(day=day),
        )

    def _times(self, slots):
        return words.count(len(slots), "time", "times")

    @cached_property
    def parts(self):
        """The open day's times by part of the day."""
        if not self.open_day:
            return []
        parts = {"Morning": [], "Afternoon": [], "Evening": []}
        for slot in self.open_day.slots:
            hour = slot.start_at.astimezone(self.business.zone).hour
            name = "Morning" if hour < NOON else "Afternoon" if hour < EVENING else "Evening"
            parts[name].append(SlotShown(slot_value(slot), slot.label, self._note(slot)))
        return [Part(name, slots) for name, slots in parts.items() if slots]

    def _note(self, slot):
        return self._seats_left(slot) or self._praise(slot)

    def _praise(self, slot):
        return FITS if self.marks and slot.fits else ""

    @cached_property
    def marks(self):
        """Whether the open day's times are told apart: where all of them fit, or none does, a mark says nothing."""
        return bool(self.open_day) and {bool(slot.fits) for slot in self.open_day.slots} == {True, False}

    def _seats_left(self, slot):
        """Said for a class only."""
        if not self.draft.services[0].shared_session:
            return ""
        seats = self.draft.services[0].seats
        free = [self._free.get((slot.start_at, option.person_id), seats) for option in slot.options]
        # What is offered is there: a count that a hold has left behind never says otherwise.
        return f"{words.count(max(self.draft.party, *free), 'place', 'places')} left"

    @cached_property
    def _free(self):
        """{(start, person): empty seats} of the class's sessions on the open day."""
        slots = self.open_day.slots
        end = slots[-1].start_at + timedelta(minutes=1)
        sessions = queries.sessions(service=self.draft.services[0], first=slots[0].start_at, last=end)
        return {(session.start_at, session.team_member_id): session.free for session in sessions}

    @cached_property
    def nothing_free(self):
        """Why the whole calendar is empty, as far as a visitor can do something about it."""
        if self.draft.services[0].scheduled_only:
            return "The salon has announced no more dates for this class. Please"
        days = f"the coming {words.count((self.last - self.today).days, 'day', 'days')}"
        if len(self.draft.services) > 1 and not self.moving:
            return (
                f"Nothing is free in {days} for these services in one visit. Fewer services or other people may fit, or"
            )
        if self.draft.people_differ:
            return f"Nothing is free in {days}. Another person may have time, or"
        return f"Nothing is free in {days}. Please"

    @cached_property
    def day_title(self):
        day = self.open_day.date if self.open_day else self.asked_day
        return words.long_date(day) if day else ""

    @cached_property
    def next_open(self):
        """Where the asked day or month has no times: the next day that has, as a link."""
        if self.open_day or self.must_choose:
            return None
        after = self.asked_day or max(self.first, self.today)
        day = next((day for day in self.days if day.slots and day.date > after), None) or self._first_open(after=after)
        if day is None:
            return None
        return {"name": words.short_date(day.date), "url": self.draft.url(day=day.date)}

    @cached_property
    def announce(self):
        """What a screen reader hears after the page changed in place."""
        if self.must_choose:
            return "Please choose a person."
        if not self.open_day:
            return f"No times on {self.day_title}." if self.day_title else f"No times in {words.month(self.first)}."
        return f"{words.count(len(self.open_day.slots), 'time', 'times')} on {self.day_title}."

    @cached_property
    def zone(self):
        return words.zone(self.business.zone)


def slot_value(slot):
    """A slot as its instant, the form's value."""
    return f"{slot.start_at:%Y-%m-%dT%H:%M:%SZ}"


def alternatives(slots, zone):
    """Nearby starts as buttons: date and time on the salon's wall."""
    return [SlotShown(slot_value(slot), words.when(slot.start_at.astimezone(zone))) for slot in slots]
