"""What the team is told of visits: of what customers do, in the transaction in which they do it."""

import pytest
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from bookings import services
from bookings.models import Source, TeamMember
from bookings.services import customers
from bookings.signals import booking_changed
from bookings.tests.factories import at, make_booking
from messaging.models import Message, Notice
from messaging.notices import settings
from messaging.notices.events import How
from tenants.models import Business

ANNA = actors.customer("Anna Berg", "203.0.113.9")


def said():
    return list(Notice.objects.order_by("at", "pk").values_list("event", "words"))


@pytest.fixture
def visit(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


def test_a_visit_booked_online_is_told_of(visit, owner, other_salon):
    [notice] = Notice.objects.all()

    assert (notice.reader_id, notice.event, notice.about_id) == (owner.pk, "visit_booked", visit.pk)
    assert notice.words.startswith("Anna Berg has booked Cut, ")
    with tenant_context(other_salon):
        assert Notice.objects.count() == 0


def test_a_request_waits_to_be_confirmed(salon, cut, ann):
    Business.objects.filter(pk=salon.pk).update(auto_confirm=False)
    salon.refresh_from_db()

    visit = make_booking(salon, cut, at(salon))

    assert visit.status == "pending"
    assert [event for event, _ in said()] == ["visit_asked"]


def test_what_did_not_happen_is_told_of_to_nobody(salon, cut, ann):
    with pytest.raises(RuntimeError), transaction.atomic():
        make_booking(salon, cut, at(salon))
        raise RuntimeError

    assert said() == []


@pytest.mark.parametrize(("by", "events"), [(ANNA, ["visit_canceled"]), (actors.Actor("Ines", id="5" * 32), [])])
def test_a_visit_cancelled_by_its_customer_is_told_of(by, events, salon, visit):
    Notice.objects.all().delete()

    services.cancel_booking(business=salon, booking=visit, by=by, now=timezone.now())

    assert [event for event, _ in said()] == events


def test_only_mine_means_who_does_the_visit(salon, cut, ann, staff, admin):
    TeamMember.objects.filter(pk=ann.pk).update(user_id=staff.pk)
    for person in (staff, admin):
        settings.change(
            reader_id=person.pk, rules={"visit_booked": How(True)}, only_mine=True, by=actors.SYSTEM, now=timezone.now()
        )

    make_booking(salon, cut, at(salon))

    assert Notice.objects.filter(reader_id=staff.pk).count() == 1
    assert Notice.objects.filter(reader_id=admin.pk).count() == 0


def test_what_staff_write_down_they_are_not_told(salon, cut, ann, visit):
    Notice.objects.all().delete()
    visit.source = Source.STAFF

    booking_changed.send(sender=type(visit), booking=visit, what="created", at=timezone.now())

    assert said() == []


def test_the_salons_copy_goes_where_its_owner_says(salon, cut, ann):
    settings.change(reader_id=None, rules={}, copy_to="desk@rosa.example", by=actors.SYSTEM, now=timezone.now())

    make_booking(salon, cut, at(salon))

    assert Message.objects.get(kind="salon_new_booking").recipient == "desk@rosa.example"


def test_an_erased_customer_is_in_no_notice(salon, visit):
    services.cancel_booking(business=salon, booking=visit, by=ANNA, now=timezone.now())
    customers.erase_customer(customer=visit.customer, by=actors.SYSTEM, now=timezone.now())

    assert {words for _, words in said()} == {""}
