"""The choice of person, day and time: one page for a new visit and for a move."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode
from uuid import UUID

from bookings import queries, words
from bookings.views import shown

NOON, EVENING = 12, 17
MONDAY_FIRST = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; anything unreadable counts as not asked."""

    member: UUID | None = None
    day: date | None = None
    month: date | None = None
    party: int = 1

    @classmethod
    def read(cls, data, *, party_limit=1):
        party = data.get("party", "")
        return cls(
            member=_parsed(UUID, data.get("member")),
            day=_parsed(date.fromisoformat, data.get("date")),
            month=_parsed(lambda value: date.fromisoformat(f"{value}-01"), data.get("month")),
            party=min(int(party), party_limit) if party.isdecimal() and len(party) < 4 and int(party) else 1,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    url: str
    chosen: bool
    note: str = ""
    initials: str = ""
    image_url: str = ""


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
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    slots: list


class Picker:
    """Everything the page of times prints, for one service and what the visitor asked for."""

    def __init__(self, *, business, service, asked, now, team, path, moving=None):
        self.business, self.service, self.now, self.team, self.path = business, service, now, team, path
        self.moving = moving
        self.today = now.astimezone(business.zone).date()
        self.last = self.today + timedelta(days=business.horizon_days)
        self.member = next((member for member in team if member.pk == asked.member), None)
        if len(team) == 1:
            self.member = team[0]
        self.party = asked.party
        self.must_choose = service.requires_team_member_selection and self.member is None
        self.asked_day = asked.day if asked.day and self.today <= asked.day <= self.last else None
        self._load(asked)

    def _load(self, asked):
        """Find the month to show and the day to open: the first with times unless a day was asked for."""
        wanted = asked.month or self.asked_day or self.today
        first = max(wanted.replace(day=1), self.today.replace(day=1))
        self.first = min(first, self.last.replace(day=1))
        self.days = self._calendar()
        if not asked.month and not self.asked_day and not any(day.slots for day in self.days):
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
        return queries.calendar(
            business=self.business,
            service=self.service,
            first=first,
            last=last,
            now=self.now,
            member_id=self._member_id,
            without=self.moving,
        )

    def _first_open(self, *, after):
        if self.must_choose:
            return None
        return queries.first_open_day(
            business=self.business,
            service=self.service,
            after=after,
            now=self.now,
            member_id=self._member_id,
            without=self.moving,
        )

    @property
    def _member_id(self):
        return self.member.pk if self.member else None

    def url(self, **changes):
        """This page with something else asked for."""
        query = {
            "member": self._member_id if len(self.team) > 1 else None,
            "party": self.party if self.party > 1 else None,
        } | changes
        query = {name: value for name, value in query.items() if value}
        return f"{self.path}?{urlencode(query)}" if query else self.path

    @cached_property
    def people(self):
        """Nobody to choose from where one person does it all; "anyone" comes first and is preselected."""
        if len(self.team) < 2:
            return []
        day = self.asked_day.isoformat() if self.asked_day else None
        choices = [self._person(member, day) for member in self.team]
        if self.service.requires_team_member_selection:
            return choices
        return [Choice("Anyone available", self.url(member=None, date=day), self.member is None), *choices]

    def _person(self, member, day):
        seen = shown.person(member)
        # What differs from person to person is said beside the name.
        price = self.business.money(member.price_cents)
        notes = [
            str(price) if len({one.price_cents for one in self.team}) > 1 else "",
            words.length(member.duration_min) if len({one.duration_min for one in self.team}) > 1 else "",
        ]
        return Choice(
            seen.name,
            self.url(member=member.pk, date=day),
            member == self.member,
            " · ".join(filter(None, notes)) or seen.title,
            seen.initials,
            seen.image_url,
        )

    @cached_property
    def parties(self):
        """How many people come, where the service can be booked for several."""
        if not self.service.allow_group_booking:
            return []
        day = self.asked_day.isoformat() if self.asked_day else None
        return [
            Choice(str(number), self.url(party=number if number > 1 else None, date=day), number == self.party)
            for number in range(1, self.service.max_group_size + 1)
        ]

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
            previous_url=self.url(month=f"{before:%Y-%m}") if before >= self.today else "",
            next_url=self.url(month=f"{after:%Y-%m}") if after <= self.last else "",
        )

    def _day(self, day, loaded):
        slots = loaded[day].slots if day in loaded else ()
        inside = self.today <= day <= self.last
        state = words.count(len(slots), "time", "times") if slots else "no times" if inside else "not open for booking"
        return DayShown(
            iso=day.isoformat(),
            number=day.day,
            spoken=f"{words.long_date(day)}, {state}",
            free=bool(slots),
            none=inside and not slots and not self.must_choose,
            chosen=self.open_day is not None and day == self.open_day.date,
            url=self.url(date=day.isoformat()),
        )

    @cached_property
    def parts(self):
        """The open day's times by part of the day."""
        if not self.open_day:
            return []
        parts = {"Morning": [], "Afternoon": [], "Evening": []}
        for slot in self.open_day.slots:
            hour = slot.start_at.astimezone(self.business.zone).hour
            name = "Morning" if hour < NOON else "Afternoon" if hour < EVENING else "Evening"
            parts[name].append(SlotShown(slot_value(slot), slot.label))
        return [Part(name, slots) for name, slots in parts.items() if slots]

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
        return {"name": words.short_date(day.date), "url": self.url(date=day.date.isoformat())}

    @cached_property
    def announce(self):
        """What a screen reader hears after the page changed in place."""
        if self.must_choose:
            return "Please choose a person."
        if not self.open_day:
            return f"No times on {self.day_title}." if self.day_title else f"No times in {words.month(self.first)}."
        return f"{words.count(len(self.open_day.slots), 'time', 'times')} on {self.day_title}."

    @cached_property
    def price(self):
        cents = [self.member.price_cents] if self.member else [one.price_cents for one in self.team]
        return {"varies": len(set(cents)) > 1, "amount": self.business.money(min(cents) * self.party)}

    @cached_property
    def length(self):
        minutes = [self.member.duration_min] if self.member else [one.duration_min for one in self.team]
        return words.lengths(min(minutes), max(minutes))

    @cached_property
    def zone(self):
        return words.zone(self.business.zone)


def slot_value(slot):
    """A slot as its instant, the form's value."""
    return f"{slot.start_at:%Y-%m-%dT%H:%M:%SZ}"


def alternatives(slots, zone):
    """Nearby starts as buttons: date and time on the salon's wall."""
    return [SlotShown(slot_value(slot), words.when(slot.start_at.astimezone(zone))) for slot in slots]


def read_start(value):
    """The instant a pressed slot stands for; None for anything else."""
    start = _parsed(datetime.fromisoformat, value)
    return start if start and start.tzinfo else None


def _parsed(parse, value):
    try:
        return parse(value) if value else None
    except ValueError:
        return None
