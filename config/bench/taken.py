"""What the database says after a race, whatever the answers were."""

from collections import Counter
from datetime import timedelta

from django.db import connection
from django_tenants.utils import tenant_context

from bookings.models import Occupancy
from config.bench import data

OVERLAPS = """
SELECT count(*)
  FROM bookings_occupancy AS one JOIN bookings_occupancy AS other
    ON one.id < other.id AND one.lane = other.lane AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
   AND (one.team_member_id = other.team_member_id OR one.resource_id = other.resource_id)"""


def spans_of(prize):
    """(person, start) of everything a prize takes: its people work one after the other."""
    people, start = prize
    return [(person, start + number * timedelta(minutes=data.LENGTH)) for number, person in enumerate(people)]


def other_than_once(salon, prizes):
    """How many of the prizes are not in the diary exactly once, all of it."""
    with tenant_context(salon.business):
        held = Counter(Occupancy.objects.values_list("team_member_id", "starts_at"))
    return sum(any(held[span] != 1 for span in spans_of(prize)) for prize in prizes)


def more_than_once(salon, prizes):
    """How many of the prizes are in the diary more than once, or a part of them is."""
    with tenant_context(salon.business):
        held = Counter(Occupancy.objects.values_list("team_member_id", "starts_at"))
    return sum(any(held[span] > 1 for span in spans_of(prize)) for prize in prizes)


def overlaps(salon):
    """How many pairs of rows take the same time of the same person or resource."""
    with tenant_context(salon.business), connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return cursor.fetchone()[0]


def deadlocks():
    """How many the database of Django's connection has had to break, as far as ended connections have told."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]
