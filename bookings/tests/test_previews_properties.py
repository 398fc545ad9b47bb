"""Whatever is changed, saving a preview makes exactly the difference it showed: as customers are offered it, and in visits."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from audit.actors import SYSTEM
from bookings import stranded
from bookings.models import Closure, ServiceTeamAssignment, TeamMember
from bookings.services import previews, records
from bookings.services.closures import add_closure
from bookings.tests.factories import at, make_booking, make_member, make_resource, make_service
from bookings.tests.test_services_previews import offered

DAYS = st.integers(1, 7)
SHIFT = st.tuples(st.integers(0, 23), st.integers(1, 10)).map(lambda pair: (pair[0] * 60, (pair[0] + pair[1]) * 60))
WEEK = st.dictionaries(DAYS, SHIFT, max_size=7).map(
    lambda week: tuple((day, *shift) for day, shift in sorted(week.items()))
)
WHICH = st.integers(0, 1)
CHANGES = st.one_of(
    st.tuples(st.just("hours"), WEEK),
    st.tuples(st.just("week"), WHICH, WEEK),
    st.tuples(st.just("closure"), st.integers(-1, 40), st.integers(0, 9)),
    st.tuples(st.just("length"), WHICH, st.integers(1, 48).map(lambda steps: steps * 5)),
    st.tuples(st.just("leaving"), WHICH),
)
MINUTES_LATER = st.integers(0, 59)


class World:
    """Two people, two services, a room for one of them, a closure, a person's own length, and visits for some weeks."""

    def __init__(self, salon):
        self.salon, self.now = salon, timezone.now()
        cut = make_service("Cut", minutes=60)
        colour = make_service("Colour", minutes=90, buffer_after_min=15, slot_step_min=30)
        self.services = [cut, colour]
        self.people = [
            make_member("Ann", performs=[cut, colour]),
            make_member("Ben", performs=[cut], works=(720, 1500)),
        ]
        make_resource("Basin", needed_by=[colour])
        ServiceTeamAssignment.objects.filter(team_member=self.people[1]).update(duration_min=45)
        for days, clock in ((1, "10:00"), (2, "13:00"), (3, "14:00"), (8, "12:00"), (33, "15:00")):
            make_booking(salon, self.services[days % 2], at(salon, clock, days=days))
        day = self.day(5)
        add_closure(first=day, last=day, by=SYSTEM, now=self.now)

    def day(self, days):
        return (self.now + timedelta(days=days)).astimezone(self.salon.zone).date()

    def change(self, kind, *how):
        match kind:
            case "hours":
                return previews.Opening(*how)
            case "week":
                return previews.Working(self.people[how[0]].pk, how[1])
            case "closure":
                return previews.Closing(self.day(how[0]), self.day(how[0] + how[1]))
            case "length":
                return previews.Lasting(self.services[how[0]].pk, how[1])
            case "leaving":
                return previews.Leaving(self.people[how[0]].pk)

    def outside(self, kind):
        """The visits without their time, by the lists the settings always kept of them."""
        found = []
        if kind in ("hours", "week"):
            found = stranded.outside_hours(business=self.salon, now=self.now)
        elif kind == "closure":
            for closure in Closure.objects.all():
                dates = {"first": closure.start_date, "last": closure.end_date}
                found += stranded.in_closure(**dates, zone=self.salon.zone, now=self.now)
        elif kind == "leaving":
            for member in TeamMember.objects.filter(is_active=False):
                found += stranded.of_person(member=member, now=self.now)
        return {visit.pk for visit in found}

    def stands(self, kind, period):
        if period.first > period.last:
            return {}, self.outside(kind)
        return offered(self.salon, period, self.now), self.outside(kind)


@pytest.mark.django_db
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_what_is_saved_is_exactly_what_was_shown(salon, data):
    kind, *how = data.draw(CHANGES)
    with transaction.atomic():
        world = World(salon)
        change = world.change(kind, *how)
        asked = {"business": salon, "change": change, "by": SYSTEM}

        try:
            shown = previews.preview_change(**asked, now=world.now)
        except records.Refused:  # shifts that overlap over midnight
            reject()
        before, outside_before = world.stands(kind, shown.period)
        later = world.now + timedelta(minutes=data.draw(MINUTES_LATER))
        saved = previews.apply_change(**asked, token=shown.token, now=later)
        after, outside_after = world.stands(kind, shown.period)

        assert saved == shown
        assert _changed(before, after) == {
            key: (set(shift.appear), set(shift.vanish)) for key, shift in shown.difference.starts.items()
        }
        assert outside_after - outside_before == {pk for pk, _ in shown.difference.outside}
        transaction.set_rollback(True)


def _changed(before, after):
    """{(service, date): (starts that are new, starts that are gone)}"""
    pairs = {key: (before.get(key, set()), after.get(key, set())) for key in before.keys() | after.keys()}
    return {key: (new - old, old - new) for key, (old, new) in pairs.items() if old != new}
