"""How the salon reminds, and what that comes to for a visit."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings import terms
from bookings.models import Booking, ReminderRule, ReminderSettings
from bookings.reminders import DEFAULT_QUIET, DEFAULT_RULES, Planned, Quiet, Rule, Visit, plan
from tenants.models import FeeType


@dataclass(frozen=True, slots=True)
class Reminding:
    """`listed` are its rules in order, each with whether it is in use; `follow_up_min` 0 is no follow-up."""

    listed: tuple[tuple[Rule, bool], ...] = tuple((rule, True) for rule in DEFAULT_RULES)
    quiet: Quiet | None = DEFAULT_QUIET
    follow_up_min: int = 0

    @property
    def rules(self):
        return tuple(rule for rule, is_active in self.listed if is_active)

    @property
    def resting(self):
        return tuple(rule for rule, is_active in self.listed if not is_active)

    def plan_for(self, booking: Booking, since: datetime) -> list[Planned]:
        """Its reminders; customers are taken to live where the salon is, for nobody has told otherwise."""
        return plan(visit=visit_of(booking, since), rules=self.rules, quiet=self.quiet)

    def has(self, *, part, channel):
        """Whether one of the rules in use is the reminder of that name."""
        return any((rule.key, rule.channel) == (part, channel) for rule in self.rules)

    def follow_up_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """When the follow-up of a visit that was completed `at` leaves."""
        due_at = at + timedelta(minutes=self.follow_up_min)
        return self.quiet.after(due_at, zone) if self.quiet else due_at


def reminding():
    """How the salon reminds: as it has said, else as is usual. One query, two where it has rules of its own."""
    row = ReminderSettings.objects.first()
    if row is None:
        return Reminding()
    more = {"quiet": row.quiet, "follow_up_min": row.follow_up_min}
    if not row.has_own_rules:
        return Reminding(**more)
    return Reminding(tuple((each.rule, each.is_active) for each in ReminderRule.objects.all()), **more)


def visit_of(booking, since):
    """The booking as the plan sees it: its `since` is when it was confirmed or moved."""
    limit = terms.cancellation_limit(consent=booking.consent, start_at=booking.start_at)
    return Visit(booking.start_at, booking.zone, booking.reader_zone, since, limit)


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up visit that was booked long before: when each reminder would leave."""

    start_at: datetime
    free_until: datetime | None
    planned: list[Planned] = field(default_factory=list)


def examples(*, business, reminding, now):
    """Two Examples by the salon's clock and its terms of today: a Friday afternoon and the Saturday morning after it."""
    today = now.astimezone(business.zone).date()
    friday = today + timedelta(days=(4 - today.weekday()) % 7 + 7)
    starts = (friday, 14), (friday + timedelta(days=1), 9)
    return [_example(business, reminding, datetime.combine(day, time(hour), business.zone)) for day, hour in starts]


def _example(business, reminding, start_at):
    limit = None
    if business.cancellation_fee_type != FeeType.NONE and business.cancellation_window_hours:
        limit = start_at - timedelta(hours=business.cancellation_window_hours)
    visit = Visit(start_at, business.zone, business.zone, start_at - timedelta(days=90), limit)
    return Example(start_at, limit, plan(visit=visit, rules=reminding.rules, quiet=reminding.quiet))
