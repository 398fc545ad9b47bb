"""Reads of the diary and the catalogue that cross models."""

from bookings.queries.calendar import MAX_DAYS, alternatives, calendar, first_open_day, last_day
from bookings.queries.catalogue import (
    CatalogueCategory,
    bookable_services,
    catalogue,
    people_for,
    public_shifts,
    public_team,
    team_for,
)
from bookings.queries.customers import Figures, addresses_of, customers, figures_of, in_order, of_kind, searched
from bookings.queries.desk import Desk, Entry, Kind, desk
from bookings.queries.duplicates import Duplicate, duplicates
from bookings.queries.evidence import Act, Agreement, Evidence, evidence_for
from bookings.queries.explaining import Explanation, PersonWhy, Why, explain
from bookings.queries.figures import (
    Cohort,
    ServiceSums,
    Visits,
    cohorts,
    first_day_of_diary,
    ratio,
    retention,
    services_booked,
    visits_by_day,
    visits_by_person,
)
from bookings.queries.finding import visits_by
from bookings.queries.gaps import Gap, gaps
from bookings.queries.settings import Example, as_if, policies_examples, warnings_about_policies
from bookings.queries.visits import (
    CLOSABLE,
    basket_of,
    bookings_for_staff,
    offer_for,
    sessions,
    to_confirm,
    unclosed,
    visits_when,
    visits_with_people,
)
from bookings.queries.worktime import Occupied, Worked, occupied

__all__ = [
    "CLOSABLE",
    "MAX_DAYS",
    "Act",
    "Agreement",
    "CatalogueCategory",
    "Cohort",
    "Desk",
    "Duplicate",
    "Entry",
    "Evidence",
    "Example",
    "Explanation",
    "Figures",
    "Gap",
    "Kind",
    "Occupied",
    "PersonWhy",
    "ServiceSums",
    "Visits",
    "Why",
    "Worked",
    "addresses_of",
    "alternatives",
    "as_if",
    "basket_of",
    "bookable_services",
    "bookings_for_staff",
    "calendar",
    "catalogue",
    "cohorts",
    "customers",
    "desk",
    "duplicates",
    "evidence_for",
    "explain",
    "figures_of",
    "first_day_of_diary",
    "first_open_day",
    "gaps",
    "in_order",
    "last_day",
    "occupied",
    "of_kind",
    "offer_for",
    "people_for",
    "policies_examples",
    "public_shifts",
    "public_team",
    "ratio",
    "retention",
    "searched",
    "services_booked",
    "sessions",
    "team_for",
    "to_confirm",
    "unclosed",
    "visits_by",
    "visits_by_day",
    "visits_by_person",
    "visits_when",
    "visits_with_people",
    "warnings_about_policies",
]
