"""How the diary does: visits, services, people, and who comes back. What each figure means stands in `MEANINGS`.

Every read answers for the local dates `first` to `last`, both included, in a number of queries that depends on nothing.
A visit belongs to the date it starts on, on the salon's wall. With `member`, a TeamMember's id, only what is booked with
that person counts. Practice visits of the wizard never count.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from operator import itemgetter

from django.db import connection
from django.db.models import Count, F, Q, Sum

from bookings.diary import rows
from bookings.models import Booking, BookingItem, Source, Status
from bookings.models.bookings import OPEN

#: A customer who is back within so many days has come back.
BACK_WITHIN = timedelta(days=90)
#: It took place, or is still going to.
STANDING = (*OPEN, Status.COMPLETED)
LATE = Q(status=Status.CANCELED, cancellation_fee_cents__gt=0)
NOT_YET_VISITS = (Status.HOLD, Status.EXPIRED, Status.FAILED)

MEANINGS = {
    "visits": "Everything that was booked for these days, whatever became of it. Carts that ran out do not count.",
    "new": "A visit at the first time its customer was booked and neither cancelled nor stayed away. All later ones are "
    "returning.",
    "no_show_rate": "No-shows among the visits that are over: no-shows ÷ (completed + no-shows).",
    "late": "Cancelled so late that the agreed terms ask a fee, whether or not it was taken.",
    "late_rate": "Late cancellations among everything that was booked.",
    "services": "How often each service is part of a visit that took place or is still to come.",
    "worth": "Agreed prices of the visits that took place, for all their guests: what was really paid is the revenue.",
    "retention": "Of the customers whose first completed visit was in the month, the share with another completed visit on a "
    "later day, at most 90 days after it. A month counts in the total once its 90 days are over.",
}


@dataclass(slots=True)
class Visits:
    """Counts of visits; `+` adds them up."""

    total: int = 0
    new: int = 0
    returning: int = 0
    late: int = 0
    by_status: Counter = field(default_factory=Counter)
    by_source: Counter = field(default_factory=Counter)
    #: {currency: agreed prices of those that took place}
    worth: Counter = field(default_factory=Counter)

    def add(self, status, source, *, count, is_new=False, is_late=False):
        self.total += count
        self.by_status[status] += count
        self.by_source[source] += count
        self.late += count * is_late
        if status in STANDING:
            self.new += count * is_new
            self.returning += count * (not is_new)

    def __add__(self, other):
        return Visits(
            self.total + other.total,
            self.new + other.new,
            self.returning + other.returning,
            self.late + other.late,
            self.by_status + other.by_status,
            self.by_source + other.by_source,
            self.worth + other.worth,
        )

    @property
    def standing(self):
        return sum(self.by_status[status] for status in STANDING)

    @property
    def completed(self):
        return self.by_status[Status.COMPLETED]

    @property
    def no_shows(self):
        return self.by_status[Status.NO_SHOW]

    @property
    def canceled(self):
        return self.by_status[Status.CANCELED]

    @property
    def no_show_rate(self):
        """Between 0 and 1; None where nothing is over."""
        return ratio(self.no_shows, self.no_shows + self.completed)

    @property
    def late_rate(self):
        return ratio(self.late, self.total)


def ratio(part, whole):
    """`part` of `whole` between 0 and 1, None of nothing."""
    return part / whole if whole else None


#: The first visit of a customer is looked for among all there are, whatever the dates.
BY_DAY = """
WITH first AS (
  SELECT customer_id, min(start_at) AS start_at
    FROM bookings_booking
   WHERE status = ANY(%(standing)s) AND source <> %(sample)s
   GROUP BY customer_id)
SELECT visit.local_date, visit.status, visit.source, coalesce(visit.start_at = first.start_at, false),
       visit.status = %(canceled)s AND visit.cancellation_fee_cents > 0, count(*)
  FROM bookings_booking AS visit LEFT JOIN first USING (customer_id)
 WHERE visit.local_date BETWEEN %(first)s AND %(last)s AND NOT visit.status = ANY(%(not_yet)s)
   AND visit.source <> %(sample)s AND (%(member)s::uuid IS NULL OR visit.team_member_id = %(member)s::uuid)
 GROUP BY 1, 2, 3, 4, 5"""


def visits_by_day(*, first, last, member=None):
    """{date: Visits}, dates without any left out. One query."""
    params = {
        "first": first,
        "last": last,
        "member": member,
        "standing": list(STANDING),
        "not_yet": list(NOT_YET_VISITS),
        "canceled": Status.CANCELED,
        "sample": Source.SAMPLE,
    }
    days = {}
    [found] = rows.read([BY_DAY], params)
    for day, status, source, is_new, is_late, count in sorted(found, key=itemgetter(0)):
        days.setdefault(day, Visits()).add(status, source, is_new=is_new, is_late=is_late, count=count)
    return days


def visits_by_person(*, first, last, member=None):
    """{team member's id: Visits} with what they were worth; new and returning are not told apart. One query."""
    visits = Booking.objects.filter(local_date__range=(first, last)).order_by()
    visits = visits.exclude(status__in=NOT_YET_VISITS).exclude(source=Source.SAMPLE)
    if member:
        visits = visits.filter(team_member=member)
    people = {}
    for person, status, source, currency, count, cents, late in visits.values_list(
        "team_member_id", "status", "source", "currency_code"
    ).annotate(Count("pk"), Sum("price_cents"), late=Count("pk", filter=LATE)):
        sums = people.setdefault(person, Visits())
        sums.add(status, source, count=count)
        sums.late += late
        if status == Status.COMPLETED:
            sums.worth[currency] += cents
    return people


@dataclass(frozen=True, slots=True)
class ServiceSums:
    """How often a service was booked, and what its visits that took place were worth: {currency: minor units}."""

    id: object
    name: str
    count: int
    worth: dict


def services_booked(*, first, last, member=None):
    """A ServiceSums each, the most booked first. One query."""
    done = Q(booking__status=Status.COMPLETED)
    items = BookingItem.objects.filter(booking__local_date__range=(first, last), booking__status__in=STANDING)
    items = items.exclude(booking__source=Source.SAMPLE).order_by()
    if member:
        items = items.filter(team_member=member)
    services = {}
    for pk, name, currency, count, worth in items.values_list(
        "service_id", "service__name", "booking__currency_code"
    ).annotate(Count("pk"), worth=Sum(F("price_cents") * F("booking__attendee_count"), filter=done, default=0)):
        known = services.get(pk, ServiceSums(pk, name, 0, {}))
        worths = known.worth | ({currency: worth} if worth else {})
        services[pk] = ServiceSums(pk, name, known.count + count, worths)
    return sorted(services.values(), key=lambda one: (-one.count, one.name))


@dataclass(frozen=True, slots=True)
class Cohort:
    """The customers who came for the first time in a month, and how many of them came back in time."""

    month: date
    customers: int
    back: int
    is_over: bool

    @property
    def rate(self):
        return ratio(self.back, self.customers)


#: The customers of a month, by their first completed visit. Both halves read the index `booking_figures` alone.
COHORTS = """
WITH done AS NOT MATERIALIZED (
  SELECT customer_id, local_date
    FROM bookings_booking
   WHERE status = %(completed)s AND source <> %(sample)s AND (%(member)s::uuid IS NULL OR team_member_id = %(member)s::uuid)),
first AS (
  SELECT customer_id, min(local_date) AS day FROM done GROUP BY customer_id
  HAVING min(local_date) BETWEEN %(first)s AND %(last)s),
back AS (
  SELECT DISTINCT customer_id
    FROM first JOIN done USING (customer_id)
   WHERE local_date > day AND local_date <= day + %(within)s)
SELECT date_trunc('month', day::timestamp)::date, count(*), count(back.customer_id)
  FROM first LEFT JOIN back USING (customer_id)
 GROUP BY 1
 ORDER BY 1"""


def cohorts(*, first, last, today, member=None):
    """A Cohort for each month of `first` to `last` in which somebody came for the first time. One query.

    Months count whole: those that `first` and `last` lie in, to their ends.
    """
    params = {
        "first": first.replace(day=1),
        "last": _month_end(last),
        "within": BACK_WITHIN.days,
        "member": member,
        "completed": Status.COMPLETED,
        "sample": Source.SAMPLE,
    }
    [found] = rows.read([COHORTS], params)
    return [Cohort(month, customers, back, _month_end(month) + BACK_WITHIN < today) for month, customers, back in found]


def retention(found):
    """What the cohorts whose time is over add up to: (customers, those of them who came back)."""
    over = [cohort for cohort in found if cohort.is_over]
    return sum(cohort.customers for cohort in over), sum(cohort.back for cohort in over)


def _month_end(day):
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def first_day_of_diary():
    """The earliest local date a visit was booked for, None in an empty diary. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT local_date FROM bookings_booking ORDER BY start_at LIMIT 1")
        row = cursor.fetchone()
    return row and row[0]
