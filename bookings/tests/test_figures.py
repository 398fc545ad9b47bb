"""What the diary's figures count, each against an example worked out by hand."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import queries
from bookings.models import Break, Closure, OpeningHours, Source, SpecialDay, SpecialOpening, TimeBlock
from bookings.queries.worktime import occupied
from bookings.tests.factories import make_member, make_service
from bookings.tests.figures import visited

MONDAY = date(2026, 3, 2)
SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
def bob(salon):
    return make_member("Bob")


def counts(first=MONDAY, last=SUNDAY, **how):
    return sum(queries.visits_by_day(first=first, last=last, **how).values(), queries.Visits())


def test_visits_are_told_apart(salon, cut, ann):
    """Anna came before: her visit is a return, also beside the two that were not to be. Bea's and Cleo's are new."""
    visited(salon, cut, ann, MONDAY - timedelta(days=40), who="Anna")
    visited(salon, cut, ann, MONDAY, "09:00", who="Anna")
    visited(salon, cut, ann, MONDAY, "11:00", who="Anna", status="canceled", cancellation_fee_cents=2000)
    visited(salon, cut, ann, SUNDAY, "11:00", who="Anna", status="canceled")
    visited(salon, cut, ann, SUNDAY, "13:00", who="Bea", source=Source.STAFF)
    visited(salon, cut, ann, SUNDAY, "14:00", who="Cleo", status="confirmed")
    visited(salon, cut, ann, SUNDAY, "15:00", who="Dora", status="no_show")
    for number, status in enumerate(("failed", "expired")):
        visited(salon, cut, ann, SUNDAY, f"1{number}:00", status=status)
    visited(salon, cut, ann, SUNDAY, "16:00", source=Source.SAMPLE)
    visited(salon, cut, ann, SUNDAY + timedelta(days=1))

    found = counts()

    assert (found.total, found.new, found.returning, found.late) == (6, 2, 1, 1)
    assert found.by_status == {"completed": 2, "canceled": 2, "confirmed": 1, "no_show": 1}
    assert found.by_source == {"online": 5, "staff": 1}
    assert (found.no_show_rate, found.late_rate) == (1 / 3, 1 / 6)


def test_somebody_who_never_came_is_new_when_they_do(salon, cut, ann):
    visited(salon, cut, ann, MONDAY, status="no_show")
    visited(salon, cut, ann, SUNDAY)

    assert (counts().new, counts().returning) == (1, 0)


def test_nothing_has_no_rates(salon):
    found = counts()

    assert (found.total, found.no_show_rate, found.late_rate) == (0, None, None)


def test_days_add_up_to_people(salon, cut, ann, bob):
    for offset, member, status in ((0, ann, "completed"), (1, bob, "no_show"), (2, bob, "completed")):
        visited(salon, cut, member, MONDAY + timedelta(days=offset), who="Anna", status=status)

    people = queries.visits_by_person(first=MONDAY, last=SUNDAY)

    assert [(people[each.pk].total, people[each.pk].no_shows) for each in (ann, bob)] == [(1, 0), (2, 1)]
    assert sum(people.values(), queries.Visits()).by_status == counts().by_status
    assert (counts(member=bob.pk).total, counts(member=bob.pk).no_shows) == (2, 1)


def test_services_are_counted_and_worth_what_was_agreed(salon, cut, ann, bob):
    """Two cuts of 50.00, one for two guests, and one to come; one colour of 120.00; what was cancelled does not count."""
    colour = make_service("Colour", cents=12000)
    visited(salon, cut, ann, MONDAY, "09:00")
    visited(salon, cut, ann, MONDAY, "11:00", attendee_count=2)
    visited(salon, cut, ann, MONDAY, "13:00", status="confirmed")
    visited(salon, colour, bob, MONDAY, "09:00")
    visited(salon, colour, bob, MONDAY, "11:00", status="canceled")
    visited(salon, colour, bob, MONDAY, "13:00", currency_code="EUR")

    found = queries.services_booked(first=MONDAY, last=SUNDAY)

    assert [(one.name, one.count, one.worth) for one in found] == [
        ("Cut", 3, {"USD": 15000}),
        ("Colour", 2, {"USD": 12000, "EUR": 12000}),
    ]
    assert [one.name for one in queries.services_booked(first=MONDAY, last=SUNDAY, member=bob.pk)] == ["Colour"]
    people = queries.visits_by_person(first=MONDAY, last=SUNDAY)
    assert {pk: visits.worth for pk, visits in people.items()} == {
        ann.pk: {"USD": 15000},
        bob.pk: {"USD": 12000, "EUR": 12000},
    }


@pytest.mark.parametrize(("days", "back"), [(0, 0), (1, 1), (90, 1), (91, 0)])
def test_who_is_back_on_the_ninetieth_day_has_come_back(salon, cut, ann, days, back):
    visited(salon, cut, ann, MONDAY, "09:00")
    visited(salon, cut, ann, MONDAY + timedelta(days=days), "12:00")

    [cohort, *_] = queries.cohorts(first=MONDAY, last=MONDAY, today=date(2027, 1, 1))

    assert (cohort.month, cohort.customers, cohort.back, cohort.is_over) == (date(2026, 3, 1), 1, back, True)


def test_cohorts_are_the_months_of_first_visits(salon, cut, ann):
    """February: Anna comes back, Bea does not, Cleo is booked again but stays away. March: Dora, whose time still runs."""
    february = date(2026, 2, 10)
    for number, who in enumerate(("Anna", "Bea", "Cleo")):
        visited(salon, cut, ann, february, f"{10 + number}:00", who=who)
    visited(salon, cut, ann, MONDAY, "09:00", who="Anna")
    visited(salon, cut, ann, MONDAY, "10:00", who="Cleo", status="no_show")
    visited(salon, cut, ann, MONDAY, "11:00", who="Dora")

    found = queries.cohorts(first=february, last=MONDAY, today=date(2026, 6, 1))

    assert [(one.month.month, one.customers, one.back, one.rate, one.is_over) for one in found] == [
        (2, 3, 1, 1 / 3, True),
        (3, 1, 0, 0, False),
    ]
    assert queries.retention(found) == (3, 1)


@pytest.fixture
def since_february(salon):
    """The salon was opened long before the days that are asked about."""
    salon.created_at = "2026-02-01T12:00:00+00:00"
    type(salon).objects.filter(pk=salon.pk).update(created_at=salon.created_at)
    salon.refresh_from_db()
    return salon


@pytest.fixture
def since_today(salon):
    """The salon was opened a moment ago; those of the test database are as old as that is."""
    salon.created_at = timezone.now()
    salon.save(update_fields=["created_at"])
    return salon


def full(salon, first=MONDAY, last=SUNDAY, **how):
    days = occupied(business=salon, first=first, last=last, **how).by_day
    sums = sum(days.values(), queries.Worked())
    return sums.booked, sums.working


def test_a_week_is_as_full_as_the_engine_sees_it(since_february, cut, ann):
    """Ann works nine to five: 7 × 480. Closed on Tuesday, off on Wednesday, longer on Thursday (600), a break at noon on
    Friday (30), Saturday's afternoon blocked (120): 480 × 4 + 600 − 30 − 120 = 2370. Two visits of 60, one of them a
    no-show; the cancelled one gave its time back."""
    salon = since_february
    day = [MONDAY + timedelta(days=n) for n in range(7)]

    Closure.objects.create(start_date=day[1], end_date=day[1])
    SpecialDay.objects.create(team_member=ann, date=day[2], shifts=[])
    SpecialDay.objects.create(team_member=ann, date=day[3], shifts=[[480, 1080]])
    Break.objects.create(team_member=ann, day_of_week=5, start_min=720, end_min=750)
    blocked = visited(salon, cut, ann, day[5], "15:00", status="canceled", minutes=300)
    TimeBlock.objects.create(team_member=ann, starts_at=blocked.start_at, ends_at=blocked.end_at)
    visited(salon, cut, ann, day[0], "09:00")
    visited(salon, cut, ann, day[0], "11:00", status="no_show")

    assert full(salon) == (120, 2370)


def test_opening_hours_cut_the_week(since_february, ann):

    OpeningHours.objects.create(day_of_week=1, start_min=600, end_min=1200)
    SpecialOpening.objects.create(date=SUNDAY, shifts=[[540, 600]])

    assert full(since_february) == (0, 7 * 60 + 60)


def test_two_at_a_time_is_twice_the_time(since_february, cut, ann):
    type(ann).objects.update(max_concurrent_bookings=2)

    assert full(since_february, MONDAY, MONDAY) == (0, 960)


def test_hours_of_one_service_are_hours(since_february, cut, ann):
    ann.availability.update(service=cut)

    assert full(since_february, MONDAY, MONDAY) == (0, 480)


@pytest.mark.parametrize(
    ("day", "minutes"),
    [(date(2026, 3, 7), 1440), (date(2026, 3, 8), 1380), (date(2026, 11, 1), 1500)],
    ids=("ordinary", "spring", "autumn"),
)
def test_days_of_a_clock_change_are_as_long_as_they_are(since_february, day, minutes):
    make_member("Nat", works=(0, 1440))

    assert full(since_february, day, day) == (0, minutes)


def test_a_night_is_split_at_midnight(since_february, cut):
    """22:00 to 02:00 every night: each date has two hours of its own evening and two of the night before. A visit from
    23:30 to 00:30 lies on both."""
    nat = make_member("Nat", works=(22 * 60, 26 * 60))
    visited(since_february, cut, nat, MONDAY, "23:30")

    days = occupied(business=since_february, first=MONDAY, last=MONDAY + timedelta(days=1)).by_day

    assert [(worked.booked, worked.working) for _, worked in sorted(days.items())] == [(30, 240), (30, 240)]
    assert full(since_february, MONDAY, MONDAY) == (30, 240)


def test_holds_and_people_who_left_take_no_part(since_february, cut, ann, bob):
    held = visited(since_february, cut, ann, MONDAY, status="hold", hold_expires_at=timezone.now())
    held.items.get().occupancy.update(expires_at=timezone.now() + timedelta(days=400))
    visited(since_february, cut, bob, MONDAY)
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)

    assert full(since_february, MONDAY, MONDAY) == (0, 480)


def test_nobody_worked_before_the_salon_was_there(since_today, ann):
    today = since_today.created_at.astimezone(since_today.zone).date()

    assert full(since_today, today - timedelta(days=30), today) == (0, 480)


def test_visits_brought_along_make_the_salon_older(since_today, cut, ann):
    today = since_today.created_at.astimezone(since_today.zone).date()
    visited(since_today, cut, ann, today - timedelta(days=2), source=Source.IMPORT)

    assert full(since_today, today - timedelta(days=30), today) == (60, 3 * 480)


def test_people_add_up_to_days(since_february, cut, ann, bob):
    visited(since_february, cut, ann, MONDAY)
    visited(since_february, cut, bob, SUNDAY, minutes=90)

    found = occupied(business=since_february, first=MONDAY, last=SUNDAY)

    people = {pk: sum(days.values(), queries.Worked()) for pk, days in found.by_person.items()}
    assert {pk: (sums.booked, sums.working) for pk, sums in people.items()} == {ann.pk: (60, 3360), bob.pk: (90, 3360)}
    assert full(since_february) == (150, 6720)
    assert full(since_february, member=bob.pk) == (90, 3360)


def test_how_many_queries_depends_on_nothing(since_february, cut, ann, bob, django_assert_num_queries):
    for number in range(3):
        visited(since_february, cut, bob, MONDAY + timedelta(days=number), who=f"Guest {number}")

    for last in (MONDAY, MONDAY + timedelta(days=700)):
        with django_assert_num_queries(8):
            queries.visits_by_day(first=MONDAY, last=last)
            queries.visits_by_person(first=MONDAY, last=last)
            queries.services_booked(first=MONDAY, last=last)
            queries.cohorts(first=MONDAY, last=last, today=last)
            occupied(business=since_february, first=MONDAY, last=last)


def test_other_salons_count_for_themselves(salon, other_salon, cut, ann):
    visited(salon, cut, ann, MONDAY)

    with tenant_context(other_salon):
        assert counts().total == 0
        assert queries.services_booked(first=MONDAY, last=SUNDAY) == []
        assert queries.cohorts(first=MONDAY, last=SUNDAY, today=SUNDAY) == []
        assert full(other_salon)[0] == 0
