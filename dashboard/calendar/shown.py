"""What a calendar shows, as plain values: boxes for the script, rows for the page that works without it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from bookings import availability, words
from bookings.availability.clock import day_span
from bookings.availability.intervals import intersect, merge, overlap, subtract
from bookings.models import Status
from bookings.queries import Kind
from bookings.services.moves import LENGTHENABLE, MOVABLE
from dashboard.calendar import axis, links
from tenants import policies
from tenants.permissions import Permission

#: State → (its word, the kind of its badge); a confirmed visit goes without saying.
BADGES = {
    Status.PENDING: ("To be confirmed", "warn"),
    Status.CHECKED_IN: ("Here", "good"),
    Status.COMPLETED: ("Done", "good"),
    Status.NO_SHOW: ("No-show", "bad"),
    Status.CANCELED: ("Cancelled", ""),
}
CARD_STEP = ("Card step", "warn")
#: The hours of a column where nothing says otherwise.
USUAL = (8, 19)
#: Blocked time that may widen them.
SHORT = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Row:
    """One box in words. `id` tells it from every other, also from another part of the same visit."""

    id: str
    kind: str
    pk: UUID
    position: int
    person_id: UUID
    start_at: datetime
    end_at: datetime
    time: str
    title: str
    detail: str
    badge: str
    badge_kind: str
    status: str
    url: str
    move_url: str = ""
    lasts_url: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A person's day: `hours` in words, and the rows."""

    person: object
    hours: str
    rows: list


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a week or month: how many come, the first of them, and why it is shut."""

    day: date
    label: str
    url: str
    count: int
    rows: list
    more: int
    closed: str | None
    is_today: bool
    outside: bool
    hours: str = ""


@dataclass
class Shown:
    """A Desk in words, for one member of the team at one moment."""

    desk: object
    asked: object
    business: object
    membership: object
    now: datetime
    rows: list = field(init=False)

    def __post_init__(self):
        self.works = policies.may(self.membership, Permission.WORK_DIARY)
        self.arranges = policies.may(self.membership, Permission.ARRANGE)
        self.zone = self.business.zone
        self.rows = [self._row(entry) for entry in self.desk.entries]

    # Without the script ------------------------------------------------------------------------

    def columns(self):
        """Every person's day, in display order."""
        own = {}
        for row in self.rows:
            own.setdefault(row.person_id, []).append(row)
        return [
            Column(person, self.hours_on(self.asked.day, [person.pk]), own.get(person.pk, []))
            for person in self.desk.people
        ]

    def cells(self, most=None):
        """Every date shown, in weeks of seven; at most `most` rows each, with how many more there are."""
        by_day, today = {}, self.now.astimezone(self.zone).date()
        for row in self.rows:
            for day in self._days_of(row):
                by_day.setdefault(day, []).append(row)
        days = [self.asked.first + timedelta(days=n) for n in range((self.asked.last - self.asked.first).days + 1)]
        cells = [self._cell(day, by_day.get(day, []), most, today) for day in days]
        return [cells[n : n + 7] for n in range(0, len(cells), 7)]

    def _cell(self, day, rows, most, today):
        shown = rows if most is None else rows[:most]
        return Cell(
            day=day,
            label=words.long_date(day),
            url=self.asked.url(view="day", day=day),
            count=len({row.pk for row in rows if row.kind in (Kind.VISIT, Kind.CLASS)}),
            rows=shown,
            more=len(rows) - len(shown),
            closed=self.desk.working.closures.get(day),
            is_today=day == today,
            outside=self.asked.view == "month" and day.month != self.asked.day.month,
            hours=self.hours_on(day, [person.pk for person in self.desk.people]),
        )

    def _days_of(self, row):
        first = row.start_at.astimezone(self.zone).date()
        last = (row.end_at - timedelta(microseconds=1)).astimezone(self.zone).date()
        first, last = max(first, self.asked.first), min(last, self.asked.last)
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def hours_on(self, day, people):
        """`09:00 – 12:00, 13:00 – 17:00` of somebody of these; `Off` or `Closed` where nobody works."""
        spans = intersect(self._worked(people), [day_span(day, self.zone)])
        if not spans:
            return "Closed" if day in self.desk.working.closures else "Off"
        return ", ".join(
            f"{availability.local_label(start, self.zone)} – {availability.local_label(end, self.zone)}"
            for start, end in spans
        )

    def _worked(self, people):
        return merge(span for pk in people for span in self.desk.working.spans.get(pk, ()))

    # For the script ----------------------------------------------------------------------------

    def settings(self):
        """What the script has to know besides the boxes."""
        column = self.axis
        return {
            **self.hours(),
            "view": self.asked.view,
            "date": self.asked.day.isoformat(),
            "person": str(self.asked.person.pk) if self.asked.person else "",
            "chosen": self.asked.chosen,
            "scroll": f"{self._hour_to_show():02}:00:00",
            "labels": column.labels(),
            "people": [
                {"id": str(person.pk), "title": person.name, "hours": self.hours_on(self.asked.day, [person.pk])}
                for person in self.desk.people
            ],
            "today": self.now.astimezone(self.zone).date().isoformat(),
            "works": self.works,
            "arranges": self.arranges,
            "events_url": reverse("dashboard:calendar-events"),
            "drop_url": reverse("dashboard:calendar-drop"),
            "block_url": reverse("dashboard:calendar-block-new"),
            "visit_url": links.new_visit(),
        }

    def hours(self):
        """The hours of the axis that are shown: whole ones, or every line of it would be labelled 07:43, 08:43 and so on."""
        earliest, latest = self._hours_shown
        return {"from": f"{earliest:02}:00:00", "until": f"{latest:02}:00:00"}

    def _hour_to_show(self):
        """The hour at the top of the page: the one before this one, today."""
        earliest, _ = self._hours_shown
        if self.asked.day != self.now.astimezone(self.zone).date():
            return earliest
        passed = self.axis.place(self.now) - datetime.combine(self.asked.day, time())
        return max(earliest, int(passed / timedelta(hours=1)) - 1)

    @property
    def axis(self):
        return axis.of(view=self.asked.view, day=self.asked.day, zone=self.zone)

    def feed(self):
        """The boxes, the time nobody works, and the present moment, at their places on the view's axis."""
        return [*(self._box(row) for row in self.rows), *self._off(), *self._present()]

    def _box(self, row):
        column, movable = self.axis, bool(row.move_url)
        start, end = column.place(row.start_at).isoformat(), column.end(row.start_at, row.end_at).isoformat()
        return {
            "id": row.id,
            "resourceIds": [str(row.person_id)],
            "start": start,
            "end": end,
            "title": row.title,
            "startEditable": movable,
            "durationEditable": bool(row.lasts_url),
            "classNames": [f"cal-{row.kind}", *([f"cal-{row.status}"] if row.status else [])],
            "extendedProps": {
                "kind": row.kind,
                "pk": str(row.pk),
                "position": row.position,
                "start": start,
                "end": end,
                "time": row.time,
                "detail": row.detail,
                "badge": row.badge,
                "url": row.url,
            },
        }

    def _off(self):
        """Time off as backgrounds: each person's in their column; in a week, when nobody of those shown works."""
        everybody = [person.pk for person in self.desk.people]
        groups = [[pk] for pk in everybody] if self.asked.view == "day" else [everybody]
        for group in groups:
            for number, (start, end) in enumerate(self._off_spans(group)):
                yield {
                    "id": f"off:{group[0] if group else ''}:{number}",
                    "resourceIds": [str(pk) for pk in group],
                    "start": self.axis.place(availability.instant(start)).isoformat(),
                    "end": self.axis.place(availability.instant(end)).isoformat(),
                    "display": "background",
                    "classNames": ["cal-off"],
                }

    def _off_spans(self, people):
        """Day by day: a background does not run from one column into the next."""
        worked = self._worked(people)
        for n in range((self.asked.last - self.asked.first).days + 1):
            yield from subtract([day_span(self.asked.first + timedelta(days=n), self.zone)], worked)

    def _present(self):
        """The present moment, where it is in view."""
        today = self.now.astimezone(self.zone).date()
        if not self.asked.first <= today <= self.asked.last:
            return []
        place = self.axis.place(self.now.replace(second=0, microsecond=0))
        return [
            {
                "id": "now",
                "resourceIds": [str(person.pk) for person in self.desk.people],
                "start": place.isoformat(),
                "end": (place + timedelta(minutes=1)).isoformat(),
                "display": "background",
                "classNames": ["cal-now"],
            }
        ]

    @cached_property
    def _hours_shown(self):
        """From the first hour anybody works, or has something, to the last; whole hours of the axis.

        Blocked time that reaches beyond them does not widen them. A short one outside of them does: it would not be seen.
        """
        if not self.desk.people:
            return USUAL
        spans = [span for own in self.desk.working.spans.values() for span in own]
        spans += [_span(row) for row in self.rows if row.kind != Kind.BLOCK]
        blocks = [_span(row) for row in self.rows if row.kind == Kind.BLOCK and row.end_at - row.start_at <= SHORT]
        spans += [block for block in blocks if not any(overlap(block, span) for span in spans)]
        if not spans:
            return USUAL
        hours = [
            hour
            for n in range((self.asked.last - self.asked.first).days + 1)
            for hour in self._hours_of(self.axis, self.asked.first + timedelta(days=n), spans)
        ]
        earliest, latest = min(hours, default=USUAL[0]), max(hours, default=USUAL[1])
        return max(0, earliest), min(self.axis.hours, max(latest, earliest + 1))

    def _hours_of(self, column, day, spans):
        midnight = datetime.combine(day, time())
        for start, end in intersect(merge(spans), [day_span(day, self.zone)]):
            from_hour = (column.place(availability.instant(start)) - midnight) / timedelta(hours=1)
            until_hour = (column.place(availability.instant(end)) - midnight) / timedelta(hours=1)
            yield int(from_hour)
            yield -int(-until_hour // 1)

    # One box -----------------------------------------------------------------------------------

    def _row(self, entry):
        badge, badge_kind = self._badge(entry)
        guests = f" · {entry.guests} guests" if entry.guests > 1 else ""
        return Row(
            id=f"{entry.kind}:{entry.id}:{entry.position}",
            kind=str(entry.kind),
            pk=entry.id,
            position=entry.position,
            person_id=entry.person_id,
            start_at=entry.start_at,
            end_at=entry.end_at,
            time=self._times(entry),
            title=entry.title,
            detail=f"{entry.detail}{guests}",
            badge=badge,
            badge_kind=badge_kind,
            status=str(entry.status),
            url=links.of(entry, may_arrange=self.arranges),
            move_url=self._move_url(entry),
            lasts_url=self._lasts_url(entry),
        )

    def _times(self, entry):
        """`10:00 – 11:00`; dates, too, where it is not over within a day."""
        start, end = entry.start_at, entry.end_at
        if end - start <= timedelta(hours=24):
            return f"{axis.label(start, self.zone)} – {axis.label(end, self.zone)}"
        return f"{words.when(start.astimezone(self.zone))} – {words.when(end.astimezone(self.zone))}"

    def _badge(self, entry):
        if entry.kind == Kind.HOLD or (entry.status == Status.PENDING and entry.waits_for_card):
            return CARD_STEP if entry.kind == Kind.VISIT else ("", "")
        return BADGES.get(entry.status, ("", ""))

    def _move_url(self, entry):
        """Where the box is moved without a mouse; nothing where it may not be moved."""
        if entry.kind == Kind.BLOCK and self.arranges:
            return links.to("dashboard:calendar-block", entry.id)
        if self.is_movable(entry):
            return links.to("dashboard:calendar-move", entry.id)
        return ""

    def is_movable(self, entry):
        if entry.kind != Kind.VISIT or not self.works or entry.waits_for_card:
            return False
        return entry.status in MOVABLE and entry.starts_visit_at > self.now

    def _lasts_url(self, entry):
        """Where its length is changed without a mouse; nothing where it may not be."""
        if entry.kind == Kind.BLOCK:
            return self._move_url(entry)
        if entry.kind != Kind.VISIT or not self.works or entry.waits_for_card:
            return ""
        if not may_last(entry.status, entry.ends_visit_at, self.now):
            return ""
        return links.to("dashboard:calendar-length", entry.id)


def may_last(status, end_at, now):
    """Whether a visit may still take another time than was agreed; the service decides again."""
    return status in LENGTHENABLE and end_at > now


def visit_may_last(booking, now):
    """The same of a visit; a class lasts as long as its session, a hold as long as what it was asked for."""
    may = may_last(booking.status, booking.end_at, now)
    return may and not booking.hold_expires_at and not booking.is_class


def _span(row):
    return availability.epoch(row.start_at), availability.epoch(row.end_at)
