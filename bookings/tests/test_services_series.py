"""Visits that come again: ordinary visits, each safe by itself, told of once."""

from datetime import UTC, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import queries, recurring, services
from bookings.models import Booking, Occupancy, Series, Status
from bookings.services import Details, series
from bookings.tests.factories import at, make_booking, make_member, visit
from messaging.models import Message

BEA = Details(name="Bea Cole", email="bea@example.com", phone="+12125550188")
WEEK = timedelta(weeks=1)


@pytest.fixture
def first(salon, cut, ann):
    """The cut with Ann at ten in a week."""
    return make_booking(salon, cut, at(salon), team_member=ann)


def again(booking, many=3, *, every=1, number=1):
    """{number: start} of as many more visits at the same wall time."""
    days = recurring.days(booking.local_date, every_weeks=every, count=many)
    starts = [recurring.start_on(day, booking.local_time, booking.zone) for day in days]
    return dict(enumerate(starts, number + 1))


@pytest.fixture
def repeat(salon, first):
    def repeat(chosen, *, key=None, booking=first, **how):
        asked = {"basket": queries.same_again(booking), "every_weeks": 1} | how
        return services.repeat_visit(
            business=salon, booking=booking, key=key or uuid4(), chosen=chosen, by=SYSTEM, now=timezone.now(), **asked
        )

    return repeat


def test_every_date_is_an_ordinary_visit_of_one_series(first, ann, repeat):
    outcome = repeat(again(first))

    visits = list(queries.visits_in(Series.objects.get()))
    assert [each.series_number for each in visits] == [1, 2, 3, 4]
    assert [each.local_time for each in visits] == [first.local_time] * 4
    assert {(each.status, each.team_member, each.customer) for each in visits} == {
        (Status.CONFIRMED, ann, first.customer)
    }
    assert (outcome.done, outcome.refused) == (visits[1:], {})
    assert Occupancy.objects.count() == 4


def test_the_same_press_twice_books_once(first, repeat):
    key, chosen = uuid4(), again(first)

    outcomes = [repeat(chosen, key=key) for _ in range(2)]

    assert outcomes[0].done == outcomes[1].done
    assert (Booking.objects.count(), Series.objects.count()) == (4, 1)
    assert Message.objects.filter(kind="booking_confirmed").count() == 2  # the first visit's own, and one for the rest


def test_the_wall_shows_the_same_time_whatever_the_clocks_do(first, repeat):
    """Nine months ahead the clocks have changed at least once: the instants differ, the wall does not."""
    visits = [first, *repeat(again(first, 3, every=13), every_weeks=13).done]

    assert {each.local_time for each in visits} == {first.local_time}
    assert len({each.start_at.astimezone(UTC).hour for each in visits}) == 2


def test_what_was_taken_meanwhile_is_said_and_the_rest_is_booked(salon, cut, ann, first, repeat):
    chosen = again(first)
    taken = make_booking(salon, cut, chosen[3], details=BEA, team_member=ann)

    outcome = repeat(chosen)

    assert [each.start_at for each in outcome.done] == [chosen[2], chosen[4]]
    assert {number: type(why) for number, why in outcome.refused.items()} == {3: services.SlotTaken}
    assert sorted(Booking.objects.exclude(series=None).values_list("series_number", flat=True)) == [1, 2, 4]
    assert Occupancy.objects.filter(starts_at__lt=taken.end_at, ends_at__gt=taken.start_at).count() == 1


def test_a_refused_date_goes_to_another_time_by_the_same_press(salon, cut, ann, first, repeat):
    key, chosen = uuid4(), again(first)
    make_booking(salon, cut, chosen[3], details=BEA, team_member=ann)
    repeat(chosen, key=key)

    repeat({3: chosen[3] + timedelta(hours=2)}, key=key)

    visits = queries.visits_in(Series.objects.get())
    assert [(each.series_number, each.start_at) for each in visits][2] == (3, chosen[3] + timedelta(hours=2))
    assert visits.count() == 4


def test_one_confirmation_lists_all_dates(first, repeat):
    Message.objects.all().delete()

    done = repeat(again(first)).done

    message = Message.objects.get(kind="booking_confirmed")
    assert message.about_id == done[0].pk
    assert message.subject == "Confirmed: 3 visits at Rosa Studio"
    assert message.text.count("/b/") == 3
    for visited in done[1:]:
        assert f"{visited.local_start:%A}" in message.text


def test_the_trail_says_who_repeated_what(first, repeat):
    repeat(again(first))

    entry = AuditEntry.objects.get(action="booking.repeated")
    assert (entry.subject_id, entry.after["every_weeks"], len(entry.after["starts"])) == (str(first.pk), 1, 3)


def test_more_visits_are_added_to_the_series_that_is_there(first, repeat):
    series = uuid4()
    last = repeat(again(first, 1), key=series).done[0]
    last.refresh_from_db()

    repeat(again(last, 1, number=2), key=series, booking=last)

    assert [each.series_number for each in queries.visits_in(Series.objects.get())] == [1, 2, 3]


def test_a_visit_is_in_one_series(first, repeat):
    repeat(again(first, 1))
    first.refresh_from_db()
    before = Booking.objects.count()

    with pytest.raises(services.NotAllowed):
        repeat(again(first, 2))
    assert (Booking.objects.count(), Series.objects.count()) == (before, 1)


def test_the_database_keeps_the_numbers_of_a_series(first, repeat):
    repeat(again(first, 1))
    rows = Booking.objects.filter(series_number=2)

    for wrong in ({"series_number": 1}, {"series_number": 53}, {"series_number": None}, {"series": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Series.objects.update(every_weeks=0)


# Looking before -------------------------------------------------------------------------------------


def look(salon, booking, starts, **how):
    return queries.looks(
        business=salon, basket=queries.same_again(booking), starts=list(starts), now=timezone.now(), **how
    )


def test_a_conflict_is_shown_with_free_starts_next_to_it(salon, cut, ann, first):
    chosen = again(first)
    make_booking(salon, cut, chosen[3], details=BEA, team_member=ann)

    found = look(salon, first, chosen.values())

    hour = timedelta(hours=1)
    assert [each.free for each in found] == [True, False, True]
    assert found[1].why == "Taken by something else."
    assert {chosen[3] - hour, chosen[3] + hour} <= set(found[1].near)
    assert [each.near for each in found if each.free] == [(), ()]


def test_a_free_start_that_was_shown_can_be_booked_beyond_the_furthest_date(salon, first, repeat):
    """A year ahead: further than customers may book; it is recorded that staff set that aside."""
    chosen = again(first, 2, every=26)

    assert [each.free for each in look(salon, first, chosen.values())] == [True, True]
    assert [each.overrides for each in repeat(chosen, every_weeks=26).done] == [["horizon"], ["horizon"]]


def test_looking_asks_two_questions_however_many_dates(salon, first, django_assert_num_queries):
    basket = queries.same_again(first)

    for many in (3, 30):
        starts = list(again(first, many).values())
        with django_assert_num_queries(2):
            queries.looks(business=salon, basket=basket, starts=starts, now=timezone.now())


# This and all following -----------------------------------------------------------------------------


def go(salon, visits, by):
    moves = [(each, each.start_at + by) for each in visits]
    return services.move_visits(business=salon, moves=moves, by=SYSTEM, now=timezone.now())


@pytest.mark.parametrize("weeks", [1, -1], ids=["later", "earlier"])
def test_visits_that_follow_each_other_move_onto_each_others_places(salon, first, repeat, weeks):
    done = repeat(again(first)).done
    places = [each.start_at + weeks * WEEK for each in done]
    if weeks < 0:
        services.cancel_booking(business=salon, booking=first, by=SYSTEM, now=timezone.now())
    following = queries.following(done[0])
    starts = {each.pk: each.start_at + weeks * WEEK for each in following}

    looks = queries.looks_to_move(business=salon, bookings=following, starts=starts, now=timezone.now())
    outcome = go(salon, following, weeks * WEEK)

    assert [each.free for each in looks.values()] == [True, True, True]
    assert [each.start_at for each in outcome.done] == places
    assert outcome.refused == {}


def test_what_cannot_move_stays_and_the_rest_moves(salon, cut, ann, first, repeat):
    done = repeat(again(first)).done
    make_booking(salon, cut, done[1].start_at + timedelta(hours=2), details=BEA, team_member=ann)
    Message.objects.all().delete()

    outcome = go(salon, queries.following(done[0]), timedelta(hours=2))

    assert list(outcome.refused) == [done[1].pk]
    assert [each.start_at for each in queries.following(done[0])] == [
        done[0].start_at + timedelta(hours=2),
        done[1].start_at,
        done[2].start_at + timedelta(hours=2),
    ]
    assert [message.kind for message in Message.objects.exclude(kind="reminder")] == ["booking_rescheduled"]


def test_a_visit_that_was_moved_since_it_was_seen_stays(salon, first, repeat):
    done = repeat(again(first)).done
    seen = list(queries.following(done[0]))
    go(salon, [done[1]], timedelta(hours=3))

    outcome = go(salon, seen, timedelta(hours=1))

    assert list(outcome.refused) == [done[1].pk]
    assert Booking.objects.get(pk=done[1].pk).start_at == seen[1].start_at + timedelta(hours=3)


def test_a_visit_that_somebody_moves_at_that_very_moment_is_moved_once(salon, first, repeat, monkeypatch):
    [visit] = repeat(again(first, 1)).done
    seen, move = Booking.objects.get(pk=visit.pk), series.reschedule_booking
    faster = {"business": salon, "start": visit.start_at + timedelta(hours=3), "by": SYSTEM, "now": timezone.now()}

    def moved_before(**asked):
        move(booking=asked["booking"], **faster)
        return move(**asked)

    monkeypatch.setattr(series, "reschedule_booking", moved_before)
    outcome = go(salon, [seen], timedelta(hours=1))

    assert list(outcome.refused) == [visit.pk]
    assert Booking.objects.get(pk=visit.pk).start_at == faster["start"]


def test_everybody_keeps_their_person_when_visits_move_together(salon, cut, first, repeat):
    bob = make_member("Bob", performs=[cut])
    with_bob = visit((cut, bob))
    done = [*repeat(again(first, 1), basket=with_bob).done]

    moved = go(salon, [first, *done], timedelta(hours=1)).done

    assert [each.team_member.first_name for each in moved] == ["Ann", "Bob"]
