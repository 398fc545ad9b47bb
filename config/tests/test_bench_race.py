"""The races: that what is asked for can be had, and that what happened is read from the database."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from django.db import IntegrityError, connection, transaction
from django_tenants.utils import tenant_context

from bookings import queries
from bookings.basket import Basket, Wanted
from bookings.models import BookingItem, Occupancy
from config.bench import control, data, fairness, orders, race, taken

AUTUMN = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def small(db):
    """Four people with a few days of visits, bookable for two years."""
    salon = data.open_salon("small", now=AUTUMN, people=4, bookings=60, fields={"horizon_days": 730})
    with tenant_context(salon.business):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table can be altered before its rows are checked
        yield salon


def add(salon, people, start):
    """Write what a winner of a race is given."""
    item = BookingItem.objects.first()
    for person, at in taken.spans_of((people, start)):
        end = at + timedelta(minutes=data.LENGTH)
        Occupancy.objects.create(item=item, team_member_id=person, starts_at=at, ends_at=end)


def test_what_is_raced_for_is_free_and_each_time_another(small):
    prizes = race.prizes_of(small, 20)

    spans = [span for each in prizes.values() for prize in each for span in taken.spans_of(prize)]
    assert len(spans) == len(set(spans)) == 20 + 2 * 20
    for people, start in (prizes["one person"][-1], prizes["two people"][-1]):
        members = [member for member in small.people if member.pk in people]
        basket = Basket(tuple(map(Wanted, small.services, members)))
        assert queries.explain(business=small.business, basket=basket, start=start, now=AUTUMN).reasons == []


def test_an_order_names_one_service_or_two(small):
    [(one, start)] = islice(orders.free_starts(small), 1)
    [(two, later)] = islice(orders.free_pairs(small), 1)

    single, double = orders.order(small, one, start, 1), orders.order(small, two, later, 2)

    assert (single["service_id"], single["team_member_id"]) == (str(small.service.pk), str(small.people[0].pk))
    assert double["service_ids"] == [str(service.pk) for service in small.services[:2]]
    assert double["team_member_ids"] == [str(member.pk) for member in small.people[:2]]


def test_a_prize_counts_once_only_whole(small):
    prizes = race.prizes_of(small, 3)["two people"]
    (first, _), start = prizes[0]
    add(small, *prizes[1])
    add(small, (first,), start)

    assert taken.other_than_once(small, prizes) == 2
    assert taken.other_than_once(small, prizes[1:2]) == 0
    assert taken.more_than_once(small, prizes) == 0


def test_without_its_constraints_a_salon_shows_what_was_booked_twice(small, salon):
    [prize] = race.prizes_of(small, 1)["one person"]
    with tenant_context(small.business):
        add(small, *prize)
        with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
            add(small, *prize)
        assert (taken.more_than_once(small, [prize]), taken.overlaps(small)) == (0, 0)

        control.drop_constraints(small)
        add(small, *prize)

        assert (taken.more_than_once(small, [prize]), taken.overlaps(small)) == (1, 1)


def test_the_control_takes_the_judge_from_its_own_salon_only(small, nora):
    control.drop_constraints(small)

    with tenant_context(nora):
        names = set(constraints())
    with tenant_context(small.business):
        assert set(control.CONSTRAINTS) & set(constraints()) == set()
    assert set(control.CONSTRAINTS) <= names


def test_fairness_is_measured_and_leaves_nothing(small):
    before = Occupancy.objects.count()
    starts = list(fairness.in_turn(small, 1))[:10]  # four, three and three at one time, for four people

    booked = fairness.book(small, starts, now=AUTUMN)

    assert sorted(booked.values()) == [2, 2, 3, 3]
    assert (fairness.spread(small, booked), fairness.in_all(small, booked)) == (1, 1)
    assert Occupancy.objects.count() == before


def constraints():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'bookings_occupancy'::regclass")
        return [name for (name,) in cursor.fetchall()]
