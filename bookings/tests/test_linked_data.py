"""What search engines read of a salon."""

import json
import re
from types import SimpleNamespace

import pytest

from bookings import linked_data
from bookings.models import OpeningHours, ServiceTeamAssignment, TeamMemberAvailability
from bookings.tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]
BLOCK = re.compile(r'<script type="application/ld\+json">(.+?)</script>', re.DOTALL)


def shift(day, start, end):
    return SimpleNamespace(day_of_week=day, start_min=int(start * 60), end_min=int(end * 60))


def told(client):
    return json.loads(BLOCK.search(client.get("/").text)[1])


@pytest.mark.parametrize(
    ("shifts", "said"),
    [
        ([], []),
        ([shift(1, 9, 17), shift(2, 9, 17)], [(["Monday", "Tuesday"], "09:00", "17:00")]),
        ([shift(1, 9, 13), shift(1, 14, 18)], [(["Monday"], "09:00", "13:00"), (["Monday"], "14:00", "18:00")]),
        ([shift(1, 12, 20), shift(1, 9, 13)], [(["Monday"], "09:00", "20:00")]),
        ([shift(5, 20, 26)], [(["Friday"], "20:00", "02:00")]),
        ([shift(7, 9.5, 24)], [(["Sunday"], "09:30", "23:59")]),
        ([shift(6, 0, 24)], [(["Saturday"], "00:00", "23:59")]),
    ],
    ids=["none", "equal days", "a break", "two people", "past midnight", "to midnight", "around the clock"],
)
def test_opening_hours(shifts, said):
    specifications = linked_data.opening_hours(shifts)

    assert [(each["dayOfWeek"], each["opens"], each["closes"]) for each in specifications] == said


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("Barber & spa", "HairSalon"),
        ("Nails", "NailSalon"),
        ("Tattoo", "TattooParlor"),
        ("Something new", "HealthAndBeautyBusiness"),
    ],
)
def test_the_kind_follows_from_the_salons_words(salon_client, salon, category, kind):
    salon.category = category
    salon.save()

    assert told(salon_client)["@type"] == kind


def test_the_salon_is_described_without_what_it_did_not_say(salon_client, salon, cut, ann):
    salon.phone, salon.city, salon.country, salon.description = "+12125550142", "Brooklyn", "US", ""
    salon.address_line1 = salon.address_line2 = salon.region = salon.postal_code = ""
    salon.social_links = {"Instagram": "https://www.instagram.com/rosa", "Bad": "javascript:alert(1)"}
    salon.save()

    data = told(salon_client)

    assert (data["url"], data["@id"], data["telephone"]) == (f"{salon.url}/", f"{salon.url}/", "+12125550142")
    assert data["address"] == {"@type": "PostalAddress", "addressLocality": "Brooklyn", "addressCountry": "US"}
    assert data["sameAs"] == ["https://www.instagram.com/rosa"]
    assert data["image"] == f"{salon.url}/share.png"
    assert {"description", "legalName"} & set(data) == set()


def test_services_carry_their_price_in_the_salons_currency(salon_client, other_client, salon, cut, ann):
    [offer] = told(salon_client)["makesOffer"]

    assert (offer["price"], offer["priceCurrency"], offer["itemOffered"]["name"]) == ("50.00", "USD", "Cut")
    assert "makesOffer" not in told(other_client)


def test_a_price_that_differs_by_person_is_the_least(salon_client, salon, cut, ann):
    ServiceTeamAssignment.objects.create(service=cut, team_member=make_member("Tom"), price_cents=4000)

    [offer] = told(salon_client)["makesOffer"]

    assert "price" not in offer
    assert offer["priceSpecification"]["minPrice"] == "40.00"


def test_hours_are_the_salons_own_else_those_of_its_people(salon_client, salon, cut, ann):
    TeamMemberAvailability.objects.all().delete()
    TeamMemberAvailability.objects.create(team_member=ann, day_of_week=1, start_min=600, end_min=960)
    gone = make_member("Gone", performs=[cut], is_active=False)
    TeamMemberAvailability.objects.create(team_member=gone, day_of_week=2, start_min=600, end_min=960)

    of_people = told(salon_client)["openingHoursSpecification"]
    OpeningHours.objects.create(day_of_week=3, start_min=540, end_min=1020)
    own = told(salon_client)["openingHoursSpecification"]

    assert [(each["dayOfWeek"], each["opens"]) for each in of_people] == [(["Monday"], "10:00")]
    assert [(each["dayOfWeek"], each["opens"]) for each in own] == [(["Wednesday"], "09:00")]


def test_owners_words_cannot_leave_the_block(salon_client, salon, cut, ann):
    nasty = "</script><script>alert(1)</script><!-- \u2028 ]]>"
    salon.name, salon.description, cut.name = nasty[:120], nasty, nasty
    salon.save()
    cut.save()

    html = salon_client.get("/").text
    data = json.loads(BLOCK.search(html)[1])

    assert html.count("<script") == 1
    assert (data["description"], data["makesOffer"][0]["itemOffered"]["name"]) == (nasty, nasty)
