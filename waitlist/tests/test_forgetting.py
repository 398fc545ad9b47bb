"""Ended wishes go after thirty days, and nothing says any more who had them."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import services as bookings
from bookings.tests.factories import at, make_booking, make_member, make_service
from messaging.models import Message
from waitlist import services
from waitlist.models import Offer, Wish, WishedService, WishStatus
from waitlist.services.forgetting import KEPT
from waitlist.tests.making import ask, running, wait

ENDED = [status for status in WishStatus if status not in (WishStatus.WAITING, WishStatus.OFFERED)]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def bea(cut):
    return make_member("Bea", performs=[cut], works=(10 * 60, 11 * 60))


def ended(wish, ago, status=WishStatus.LEFT):
    Wish.objects.filter(pk=wish.pk).update(status=status, ended_at=timezone.now() - ago)


def words_of_the_trail():
    lines = AuditEntry.objects.filter(subject_type="waitlist.wish")
    return [(line.actor_label, line.subject_label, *line.before.values(), *line.after.values()) for line in lines]


@pytest.mark.parametrize("status", ENDED)
def test_a_wish_goes_thirty_days_after_it_ended_however_it_did(salon, cut, bea, status):
    old, young = wait(salon, cut, "Ann One"), wait(salon, cut, "Bob Two")
    ended(old, KEPT + MINUTE, status)
    ended(young, KEPT - MINUTE, status)

    assert services.forget_ended(now=timezone.now()) == 1

    assert Wish.objects.get() == young
    assert services.forget_ended(now=timezone.now()) == 0


def test_who_still_waits_stays_however_long_they_do(salon, cut, bea):
    wish = wait(salon, cut)
    Wish.objects.filter(pk=wish.pk).update(joined_at=timezone.now() - 10 * KEPT)

    services.forget_ended(now=timezone.now())

    assert Wish.objects.get() == wish


def test_nothing_of_who_it_was_is_left(salon, cut, bea):
    visit = make_booking(salon, cut, at(salon, "10:00"))
    wish = wait(salon, cut, "Wanda Wait", phone="+12125550199")
    bookings.cancel_booking(business=salon, booking=visit, by=SYSTEM, now=timezone.now())
    ask(salon)
    offer = running()["Wanda Wait"]
    services.leave(wish=wish, by=SYSTEM, now=timezone.now())
    ended(wish, KEPT + MINUTE)
    assert "Wanda Wait" in str(words_of_the_trail())
    said = Message.objects.filter(about_id__in=[wish.pk, offer.pk])
    assert {message.recipient for message in said} == {"wanda@example.com"}
    assert said.count() == 2

    services.forget_ended(now=timezone.now())

    assert (Wish.objects.count(), WishedService.objects.count(), Offer.objects.count()) == (0, 0, 0)
    left = str(words_of_the_trail()) + str(list(said.all().values()))
    assert [word for word in ("Wanda", "Wait", "wanda@", "2125550199") if word in left] == []


def test_a_visit_that_came_of_one_stays(salon, cut, bea):
    visit = make_booking(salon, cut, at(salon, "10:00"))
    wish = wait(salon, cut)
    bookings.cancel_booking(business=salon, booking=visit, by=SYSTEM, now=timezone.now())
    ask(salon)
    kept = running()[wish.name].booking
    ended(wish, KEPT + MINUTE, WishStatus.BOOKED)

    services.forget_ended(now=timezone.now())

    assert type(kept).objects.filter(pk=kept.pk).exists()


def test_another_salons_wishes_are_not_looked_at(salon, other_salon, cut, bea):
    with tenant_context(other_salon):
        service = make_service()
        make_member(performs=[service])
        ended(wait(other_salon, service), 2 * KEPT)

    assert services.forget_ended(now=timezone.now()) == 0

    with tenant_context(other_salon):
        assert Wish.objects.count() == 1
