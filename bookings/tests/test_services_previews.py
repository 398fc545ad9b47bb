"""A change is shown before it is saved, and saving it does exactly what was shown (decision 0039)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import queries
from bookings.basket import Basket
from bookings.models import Closure, OpeningHours, Service, TeamMember, TeamMemberAvailability
from bookings.services import cancel_booking, previews, records
from bookings.tests.factories import at, make_booking, make_member, make_service

EVERY_DAY = range(1, 8)


def week(start, end, days=EVERY_DAY):
    return tuple((day, start * 60, end * 60) for day in days)


def act(now=None):
    return {"by": SYSTEM, "now": now or timezone.now()}


def preview(salon, change, now=None):
    return previews.preview_change(business=salon, change=change, **act(now))


def apply(salon, change, token, now=None):
    return previews.apply_change(business=salon, change=change, token=token, **act(now))


def offered(salon, period, now):
    """{(service, date): starts}, as customers are shown them."""
    return {
        (service.pk, day.date): {slot.start for slot in day.slots}
        for service in Service.objects.filter(active=True, deleted_at=None)
        for day in queries.calendar(
            business=salon, basket=Basket.of(service), first=period.first, last=period.last, now=now
        )
        if day.slots
    }


def written():
    tables = (OpeningHours, TeamMemberAvailability, Closure, Service, TeamMember, AuditEntry)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.fixture
def now():
    return timezone.now()


def kinds(salon, cut, ann):
    day = at(salon, days=3).astimezone(salon.zone).date()
    return {
        "hours": previews.Opening(week(12, 17)),
        "week": previews.Working(ann.pk, week(12, 17)),
        "closure": previews.Closing(day, day, "Fair"),
        "length": previews.Lasting(cut.pk, 90),
        "leaving": previews.Leaving(ann.pk),
    }


KINDS = pytest.mark.parametrize("kind", ["hours", "week", "closure", "length", "leaving"])


@KINDS
def test_a_preview_writes_nothing(kind, salon, cut, ann):
    before = written()

    preview(salon, kinds(salon, cut, ann)[kind])

    assert written() == before


@KINDS
def test_what_is_saved_is_what_was_shown(kind, salon, cut, ann, now):
    visit = make_booking(salon, cut, at(salon, "10:00", days=3))
    change = kinds(salon, cut, ann)[kind]

    shown = preview(salon, change, now)
    before = offered(salon, shown.period, now)
    saved = apply(salon, change, shown.token, now + timedelta(minutes=5))

    after = offered(salon, shown.period, now)
    found = {
        key: (tuple(sorted(after.get(key, set()) - before.get(key, set()))),
              tuple(sorted(before.get(key, set()) - after.get(key, set()))))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }  # fmt: skip
    assert saved == shown
    assert {key: (shift.appear, shift.vanish) for key, shift in shown.difference.starts.items()} == found
    assert found
    assert [each.pk for each in shown.visits] == ([] if kind == "length" else [visit.pk])


def test_starts_that_appear_are_counted_apart_from_those_that_vanish(salon, cut, ann, now):
    shown = preview(salon, previews.Working(ann.pk, week(10, 18)), now).difference

    assert (shown.appear > 0, shown.vanish > 0) == (True, True)
    assert shown.outside == ()


def test_a_visit_that_was_outside_before_is_no_part_of_the_difference(salon, cut, ann):
    make_booking(salon, cut, at(salon, "09:00"))
    TeamMemberAvailability.objects.update(start_min=10 * 60)

    assert preview(salon, previews.Working(ann.pk, week(11, 17))).difference.outside == ()


def test_what_changes_nothing_is_an_empty_difference(salon, cut, ann):
    assert not preview(salon, previews.Working(ann.pk, week(9, 17))).difference


def test_visits_fall_outside_however_far_ahead_they_are(salon, cut, ann):
    visit = make_booking(salon, cut, at(salon, days=40))

    shown = preview(salon, previews.Leaving(ann.pk))

    assert shown.period.last < visit.local_date
    assert [each.pk for each in shown.visits] == [visit.pk]


def test_a_closure_is_compared_on_its_own_dates(salon, cut, ann):
    day = at(salon, days=50).astimezone(salon.zone).date()

    shown = preview(salon, previews.Closing(day, day))

    assert {date for _, date in shown.difference.starts} == {day}
    assert (shown.difference.vanish > 0, shown.difference.appear) == (True, 0)


def test_somebody_elses_starts_stay_when_a_person_leaves(salon, cut, ann):
    make_member("Ben", performs=[cut])

    assert preview(salon, previews.Leaving(ann.pk)).difference.starts == {}


# Stale --------------------------------------------------------------------------------------------


def test_a_visit_booked_since_is_noticed_and_shown(salon, cut, ann):
    change = previews.Leaving(ann.pk)
    token = preview(salon, change).token
    visit = make_booking(salon, cut, at(salon))
    before = written()

    with pytest.raises(previews.PreviewStale) as stale:
        apply(salon, change, token)

    assert [each.pk for each in stale.value.preview.visits] == [visit.pk]
    assert written() == before
    assert apply(salon, change, stale.value.preview.token).difference == stale.value.preview.difference
    assert not TeamMember.objects.get(pk=ann.pk).is_active


def test_a_visit_called_off_since_is_noticed(salon, cut, ann):
    visit = make_booking(salon, cut, at(salon))
    change = previews.Leaving(ann.pk)
    token = preview(salon, change).token
    cancel_booking(business=salon, booking=visit, **act())

    with pytest.raises(previews.PreviewStale):
        apply(salon, change, token)


def test_settings_changed_since_are_noticed(salon, cut, ann):
    change = previews.Opening(week(12, 17))
    token = preview(salon, change).token
    TeamMemberAvailability.objects.update(start_min=10 * 60)

    with pytest.raises(previews.PreviewStale):
        apply(salon, change, token)

    assert not OpeningHours.objects.exists()


def test_what_does_not_touch_the_difference_is_not_stale(salon, cut, ann):
    change = previews.Opening(week(12, 17))
    make_service("Nothing anybody performs")
    token = preview(salon, change).token
    make_booking(salon, cut, at(salon, "13:00", days=60))

    apply(salon, change, token)

    assert OpeningHours.objects.count() == 7


def test_a_token_is_for_one_change_for_an_hour_and_for_one_salon(salon, other_salon, cut, ann, now):
    change, other = previews.Opening(week(12, 17)), previews.Opening(week(13, 17))
    token = preview(salon, change, now).token
    with tenant_context(other_salon):
        foreign = preview(other_salon, change, now).token

    refused = 0
    for asked, key, then in (
        (other, token, now),
        (change, foreign, now),
        (change, "", now),
        (change, token[:-1], now),
        (change, token, now + timedelta(hours=1, seconds=1)),
        (change, token, now - timedelta(seconds=1)),
    ):
        with pytest.raises(previews.PreviewStale):
            apply(salon, asked, key, then)
        refused += 1

    assert (refused, OpeningHours.objects.count()) == (6, 0)


def test_what_is_refused_is_refused_when_it_is_looked_at(salon, cut, ann):
    with pytest.raises(records.Refused):
        preview(salon, previews.Opening(((1, 600, 900), (1, 800, 1000))))


def test_a_person_who_is_gone_cannot_leave(salon, other_salon, ann):
    with tenant_context(other_salon), pytest.raises(records.Gone):
        preview(other_salon, previews.Leaving(ann.pk))
