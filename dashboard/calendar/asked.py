"""Which calendar is asked for: view, date and person, as the address carries them."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404
from django.urls import reverse

from bookings import words
from bookings.models import TeamMember

VIEWS = ("day", "week", "month")
EVERYBODY = "all"
YEARS = range(2000, 2101)
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asked:
    """`person` is a TeamMember or None for everybody; `chosen` says that somebody has chosen it.

    `column` is whose day a phone opens, which shows one of everybody's at a time; None leaves that to who is signed in.
    """

    view: str
    day: date
    person: TeamMember | None = None
    column: TeamMember | None = None
    chosen: bool = False
    canceled: bool = False
    as_list: bool = False

    @property
    def first(self):
        """The first local date shown."""
        if self.view == "day":
            return self.day
        return monday(self.day if self.view == "week" else self.day.replace(day=1))

    @property
    def last(self):
        if self.view == "day":
            return self.day
        return monday(self.day if self.view == "week" else _next_month(self.day) - ONE_DAY) + 6 * ONE_DAY

    @property
    def title(self):
        if self.view == "day":
            return words.full_date(self.day)
        if self.view == "month":
            return words.month(self.day)
        return f"{words.short_date(self.first)} – {words.short_date(self.last)} {self.last.year}"

    def url(self, **other):
        """The address of this calendar, or of one that differs in these."""
        asked = replace(self, **other)
        query = {"view": asked.view, "date": asked.day.isoformat()}
        if asked.person or asked.chosen:
            query["person"] = str(asked.person.pk) if asked.person else EVERYBODY
        query |= {"column": str(asked.column.pk)} if asked.column else {}
        query |= {"canceled": "1"} if asked.canceled else {}
        query |= {"list": "1"} if asked.as_list else {}
        return f"{reverse('dashboard:calendar')}?{urlencode(query)}"

    def stepped(self, by):
        """The address one day, week or month earlier (-1) or later (1)."""
        if self.view != "month":
            return self.url(day=self.day + by * (ONE_DAY if self.view == "day" else ONE_WEEK))
        first = self.day.replace(day=1)
        return self.url(day=_next_month(first) if by > 0 else (first - ONE_DAY).replace(day=1))


def read(params, *, today, user):
    """The Asked of an address; what it does not say is today, for everybody. Raises Http404 for people of elsewhere.

    A week is one person's unless everybody's is asked for: columns of ten people at once are read by nobody.
    """
    view = params.get("view") if params.get("view") in VIEWS else "day"
    named = params.get("person", "")
    person = None if named in ("", EVERYBODY) else get_object_or_404(TeamMember, pk=uuid_or_none(named))
    column = _column(params)
    if view == "week" and not named:
        person = column or own_column(user)
    return Asked(
        view=view,
        day=read_date(params.get("date", ""), today),
        person=person,
        column=column,
        chosen=bool(named),
        canceled=params.get("canceled") == "1",
        as_list=params.get("list") == "1",
    )


def day_url(day, *, column):
    """The address of everybody's `day`; on a phone, of this team member's (an id)."""
    return f"{reverse('dashboard:calendar')}?{urlencode({'view': 'day', 'date': day.isoformat(), 'column': column})}"


def own_column(user):
    """The team member who is signed in, or else the first one."""
    active = TeamMember.objects.filter(is_active=True)
    return active.filter(user_id=user.pk).first() or active.first()


def _column(params):
    """Nobody where the address names nobody of this team: it only says where a page opens."""
    named = uuid_or_none(params.get("column", ""))
    return named and TeamMember.objects.filter(pk=named).first()


def read_date(text, otherwise):
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if day.year in YEARS else otherwise


def monday(day):
    return day - timedelta(days=day.weekday())


def _next_month(day):
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def uuid_or_none(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
