"""What customers are offered where the salon minds gaps in its day (decision 0045)."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from bookings import availability, queries, services
from bookings.basket import Basket
from bookings.models import ServiceHours, ServiceTeamAssignment, TeamMemberAvailability
from bookings.tests.factories import at, hold, make_booking, make_member, make_service, visit
from tenants.models import GapOffers
from tenants.tests.api import Api

EVERY = ["10:00", "10:15", "10:30", "10:45", "11:00"]
PATH = "/booking/availability"


@pytest.fixture
def ann(cut):
    """Works from ten to twelve; her shortest service takes half an hour."""
    return make_member(performs=[cut, make_service("Fringe", minutes=30)], works=(600, 720))


@pytest.fixture
def rule(salon, ann):
    """`rule("hide")`: how rosa offers its starts."""

    def set_rule(name):
        salon.gap_offers = name
        salon.save(update_fields=["gap_offers"])

    return set_rule


def day_of(business):
    return at(business).astimezone(business.zone).date()


def offered(business, basket, **more):
    day = day_of(business)
    [found] = queries.offers(business=business, basket=basket, first=day, last=day, now=timezone.now(), **more)
    return [slot.label for slot in found.slots]


def fitting(business, basket, **more):
    day = day_of(business)
    [found] = queries.offers(business=business, basket=basket, first=day, last=day, now=timezone.now(), **more)
    return [slot.label for slot in found.slots if slot.fits]


def test_every_start_is_offered_until_the_owner_says_otherwise(salon, cut, ann):
    assert salon.gap_offers == GapOffers.OFF
    assert (offered(salon, Basket.of(cut)), fitting(salon, Basket.of(cut))) == (EVERY, [])


def test_preferring_offers_everything_and_marks_what_leaves_no_gap(salon, cut, rule):
    rule("prefer")

    assert (offered(salon, Basket.of(cut)), fitting(salon, Basket.of(cut))) == (EVERY, ["10:00", "11:00"])


def test_hiding_leaves_out_what_makes_a_gap(salon, cut, rule):
    rule("hide")

    assert offered(salon, Basket.of(cut)) == ["10:00", "10:30", "11:00"]


def test_staff_see_everything_and_what_would_fit(salon, cut, rule):
    rule("hide")

    assert offered(salon, Basket.of(cut), everything=True) == EVERY
    assert fitting(salon, Basket.of(cut), everything=True) == ["10:00", "11:00"]


def test_several_services_are_judged_as_one_visit(salon, cut, ann, rule):
    care = make_service("Care", minutes=30)
    ServiceTeamAssignment.objects.create(service=care, team_member=ann)
    rule("hide")

    assert offered(salon, visit(cut, care)) == ["10:00", "10:30"]


@pytest.mark.parametrize("change", [{"active": False}, {"deleted_at": timezone.now()}], ids=("inactive", "deleted"))
def test_what_cannot_be_booked_fills_no_gap(salon, cut, ann, rule, change):
    ann.services.filter(name="Fringe").update(**change)
    rule("hide")

    assert offered(salon, Basket.of(cut)) == ["10:00", "11:00"]


def test_class_that_the_salon_puts_up_itself_fills_no_gap(salon, cut, ann, rule):
    ann.services.filter(name="Fringe").update(
        shared_session=True, allow_group_booking=True, max_group_size=4, scheduled_only=True
    )
    rule("hide")

    assert offered(salon, Basket.of(cut)) == ["10:00", "11:00"]


def test_own_lengths_buffers_and_hours_count(salon, cut, ann, rule):
    fringe = ann.services.get(name="Fringe")
    rule("hide")
    ServiceHours.objects.create(service=fringe, day_of_week=day_of(salon).isoweekday(), start_min=600, end_min=629)
    assert offered(salon, Basket.of(cut)) == ["10:00", "11:00"]

    ServiceHours.objects.all().delete()
    TeamMemberAvailability.objects.create(
        team_member=ann, service=fringe, day_of_week=day_of(salon).isoweekday(), start_min=840, end_min=900
    )
    assert offered(salon, Basket.of(cut)) == ["10:00", "11:00"]

    TeamMemberAvailability.objects.filter(service=fringe).delete()
    ann.assignments.filter(service=fringe).update(duration_min=15)
    assert offered(salon, Basket.of(cut)) == EVERY


def test_what_is_beside_a_class_says_nothing(salon, ann, rule):
    yoga = make_service("Yoga", minutes=60, shared_session=True, allow_group_booking=True, max_group_size=4)
    ServiceTeamAssignment.objects.create(service=yoga, team_member=ann)
    rule("hide")

    assert offered(salon, Basket.of(yoga)) == EVERY


@pytest.mark.parametrize("name", GapOffers.values)
def test_the_offer_takes_two_queries_whatever_the_rule(salon, cut, rule, name, django_assert_num_queries):
    rule(name)
    day, basket = day_of(salon), Basket.of(cut)
    for _ in range(2):
        make_member(performs=[cut, make_service(minutes=20)])

    with django_assert_num_queries(2):
        queries.offers(business=salon, basket=basket, first=day, last=day + timedelta(days=40), now=timezone.now())


def test_hidden_start_that_is_asked_for_is_booked(salon, cut, rule):
    rule("hide")

    booking = hold(salon, cut, at(salon, "10:15"))

    assert (booking.status, booking.start_at) == ("hold", at(salon, "10:15"))


def test_own_time_of_a_visit_that_moves_is_free(salon, cut, rule):
    rule("hide")
    booking = make_booking(salon, cut, at(salon, "10:30"))

    assert offered(salon, Basket.of(cut)) == []
    assert offered(salon, Basket.of(cut), without=booking) == ["10:00", "10:30", "11:00"]


def test_who_loses_a_start_online_is_offered_others_by_the_rule(salon, cut, rule):
    make_member("Bob", performs=[cut], works=(600, 720))
    rule("hide")
    for _ in range(2):
        hold(salon, cut, at(salon, "10:00"))

    with pytest.raises(services.SlotTaken) as refused:
        hold(salon, cut, at(salon, "10:00"))
    [online, desk] = [
        queries.alternatives(
            business=salon, basket=Basket.of(cut), start=at(salon, "10:00"), now=timezone.now(), online=each
        )
        for each in (True, False)
    ]

    assert [slot.start for slot in refused.value.alternatives] == [slot.start for slot in online]
    # The evening before is nearer than the morning after.
    assert [slot.label for slot in online] == ["10:30", "11:00", "11:00"]
    assert [slot.label for slot in desk] == ["10:45", "11:00", "11:00"]


def asked(business, service):
    return {"service_id": str(service.pk), "start_date": str(day_of(business)), "end_date": str(day_of(business))}


def slots(answer):
    [day] = answer.json()["data"]["days"]
    return {slot["local_label"]: slot.get("fits_well") for slot in day["slots"]}


def test_programs_are_told_what_fits(salon, cut, rule):
    assert slots(Api(salon).post(PATH, asked(salon, cut))) == dict.fromkeys(EVERY)

    rule("prefer")

    fits = {"10:00", "11:00"}
    assert slots(Api(salon).post(PATH, asked(salon, cut))) == {label: label in fits for label in EVERY}


def test_programs_of_customers_see_what_customers_see_and_staff_everything(salon, cut, rule, works_here):
    rule("hide")

    assert list(slots(Api(salon).post(PATH, asked(salon, cut)))) == ["10:00", "10:30", "11:00"]
    assert list(slots(works_here("viewer").post(PATH, asked(salon, cut)))) == EVERY


def page(client, service, day):
    html = client.get(reverse("bookings:times", args=[service.pk]), {"date": str(day)}).content.decode()
    return re.findall(r'data-label="([^"]+)"><span>[^<]+(?:<small>([^<]+)</small>)?', html), html


@pytest.mark.filterwarnings("ignore:No directory at")
def test_the_page_marks_what_fits_in_words_and_says_what_that_means(salon_client, salon, cut, rule):
    rule("prefer")

    times, html = page(salon_client, cut, day_of(salon))

    marks = {"10:00": "Fits well", "11:00": "Fits well"}
    assert times == [(label, marks.get(label, "")) for label in EVERY]
    assert "“Fits well” leaves no gap in the salon’s day. Every time is yours to choose." in html


@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.parametrize(
    ("name", "expected"), [("off", EVERY), ("hide", ["10:00", "10:30", "11:00"])], ids=("off", "hide")
)
def test_the_page_says_nothing_of_it_otherwise(salon_client, salon, cut, rule, name, expected):
    rule(name)

    times, html = page(salon_client, cut, day_of(salon))

    assert times == [(label, "") for label in expected]
    assert "Fits well" not in html


@pytest.mark.filterwarnings("ignore:No directory at")
def test_the_page_marks_nothing_where_all_fit(salon_client, salon, cut, ann, rule):
    rule("prefer")
    make_booking(salon, cut, at(salon, "10:00"))

    times, html = page(salon_client, cut, day_of(salon))

    assert times == [("11:00", "")]
    assert "Fits well" not in html


def test_the_database_knows_three_rules(salon):
    salon.gap_offers = "maybe"
    with pytest.raises(IntegrityError, match="business_gap_offers"), transaction.atomic():
        salon.save(update_fields=["gap_offers"])


def test_overriding_staff_keep_the_whole_calendar(salon, cut, rule):
    rule("hide")
    day = day_of(salon)

    [found] = queries.calendar(
        business=salon,
        basket=Basket.of(cut),
        first=day,
        last=day,
        now=timezone.now(),
        override=availability.OVERRIDABLE,
    )

    assert [slot.label for slot in found.slots] == EVERY
