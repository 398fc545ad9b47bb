"""Everything the page shows, read once: the figures of a period and of the one it is compared with."""

from dataclasses import dataclass, field
from functools import cached_property

from bookings import queries
from dashboard.analytics import periods
from payments import figures as money

#: The months of first visits that are looked at, the period's own included.
COHORT_MONTHS = 12


@dataclass
class Board:
    """Figures of the dates that were asked for. Money is empty for whoever may not see it."""

    business: object
    asked: object
    sees_money: bool
    team: list
    visits: dict
    occupied: queries.Occupied
    services: list
    cohorts: list
    people: dict
    money: list = field(default_factory=list)
    money_of_people: dict = field(default_factory=dict)

    def visits_in(self, first, last):
        return _sum(self.visits, first, last, queries.Visits())

    def worked_in(self, first, last):
        return _sum(self.occupied.by_day, first, last, queries.Worked())

    def money_in(self, first, last):
        """{currency: sums}"""
        rows = [row for row in self.money if first <= row["date"] <= last]
        return {total["currency_code"]: total for total in money.totals(rows)}

    @cached_property
    def currencies(self):
        """Those of the period, the salon's own first; the salon's own where nothing moved."""
        period = self.asked.period
        found = set(self.money_in(period.first, period.last)) or {self.business.currency_code}
        return sorted(found, key=lambda currency: (currency != self.business.currency_code, currency))

    @cached_property
    def worth_currencies(self):
        """Those in which services and people have a worth, or revenue."""
        if not self.sees_money:
            return []
        found = {currency for service in self.services for currency in service.worth}
        found |= {currency for visits in self.people.values() for currency in visits.worth}
        found |= {currency for _, currency in self.money_of_people}
        return sorted(found, key=lambda currency: (currency != self.business.currency_code, currency))

    @property
    def is_empty(self):
        """Whether nothing was ever booked or paid in these dates and those before them."""
        return not (self.visits or self.money or self.cohorts)


def read(*, business, asked, team, sees_money):
    """The Board; how many queries it takes depends on nothing but whether money is seen."""
    period = asked.period
    member = asked.member and asked.member.pk
    own = {"first": period.first, "last": period.last, "member": member}
    both = own | {"first": period.before_first}
    board = Board(
        business=business,
        asked=asked,
        sees_money=sees_money,
        team=team,
        visits=queries.visits_by_day(**both),
        occupied=queries.occupied(business=business, **both),
        services=queries.services_booked(**own),
        cohorts=queries.cohorts(first=_cohorts_from(period), last=period.last, today=asked.today, member=member),
        people=queries.visits_by_person(**own),
    )
    if sees_money:
        board.money = money.revenue(period.before_first, period.last, zone=business.zone, member=member)
        board.money_of_people = money.revenue_of_people(period.first, period.last, zone=business.zone, member=member)
    return board


def _cohorts_from(period):
    """The year of months that ends with the period, or all of a longer period."""
    year = periods.months_later(period.last.replace(day=1), 1 - COHORT_MONTHS)
    return min(year, period.first.replace(day=1))


def _sum(days, first, last, nothing):
    return sum((found for day, found in days.items() if first <= day <= last), nothing)
