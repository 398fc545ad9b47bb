from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings import services
from bookings.models import Booking, ServiceCategory, TimeBlock
from bookings.tests.factories import at, hold, make_booking, make_member, make_service
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
PATH = "/booking/availability"


def iso(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def asked(business, service, days=1, **more):
    first = at(business).date()
    last = first + timedelta(days=days - 1)
    return {"service_id": str(service.pk), "start_date": str(first), "end_date": str(last)} | more


def test_tenant_data_has_all_the_booking_site_needs(salon, cut, ann):
    colour = ServiceCategory.objects.create(name="Colour", color="#112233")
    balayage = make_service("Balayage", cents=12000, category=colour)
    make_member("Bob", performs=[balayage], email="bob@private.example", phone="+12125550100")
    make_service("Nobody does this")

    answer = Api(salon).get(f"/booking/tenant-data/{salon.pk}")

    assert answer.status_code == 200
    data = answer.json()["data"]
    assert answer.json()["success"] is True
    assert (data["tenant_id"], data["timezone"], data["currency_code"]) == (str(salon.pk), "America/New_York", "USD")
    assert [(part["name"], [row["name"] for row in part["services"]]) for part in data["categories"]] == [
        ("Colour", ["Balayage"]),
        ("", ["Cut"]),
    ]
    assert [person["name"] for person in data["team"]] == ["Ann", "Bob"]
    assert data["services"][1]["team_members"] == [
        {"team_member_id": str(ann.pk), "price_cents": None, "duration_min": None}
    ]
    assert data["payment"] == {"asks_for_card": False, "publishable_key": None}
    assert "bob@private.example" not in answer.text
    assert "2125550100" not in answer.text


def test_tenant_data_takes_the_same_queries_for_one_and_three(salon, cut, ann, django_assert_num_queries):
    path = f"/booking/tenant-data/{salon.pk}"
    Api(salon).get(path)
    with django_assert_num_queries(4):
        Api(salon).get(path)
    make_member("Bob", performs=[cut, make_service("Colour", category=ServiceCategory.objects.create(name="Dye"))])
    make_member("Cid", performs=[cut])
    with django_assert_num_queries(4):
        Api(salon).get(path)


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_salons_id_does_not_exist_here(salon, other_salon, cut, method):
    if method == "get":
        answer = Api(salon).get(f"/booking/tenant-data/{other_salon.pk}")
    else:
        answer = Api(salon).post(PATH, asked(salon, cut, tenant_id=str(other_salon.pk)))

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_salons_service_cannot_be_asked_for_elsewhere(salon, other_salon, cut, ann):
    assert Api(salon).post(PATH, asked(salon, cut)).status_code == 200
    assert Api(other_salon).post(PATH, asked(salon, cut)).status_code == 404


def test_availability_lists_free_times_with_who_can_take_them(salon, cut, ann):
    bob = make_member("Bob", performs=[], works=(12 * 60, 13 * 60))
    cut.assignments.create(team_member=bob, price_cents=4000, duration_min=45)

    answer = Api(salon).post(PATH, asked(salon, cut, days=2, tenant_id=str(salon.pk)))

    data = answer.json()["data"]
    assert data["timezone"] == "America/New_York"
    assert [day["date"] for day in data["days"]] == [str(at(salon, days=7).date()), str(at(salon, days=8).date())]
    slots = data["days"][0]["slots"]
    assert (slots[0]["local_label"], slots[0]["start"]) == ("09:00", iso(at(salon, "09:00")))
    assert slots[-1]["local_label"] == "16:00"
    [noon] = [slot for slot in slots if slot["local_label"] == "12:00"]
    assert noon == {
        "start": iso(at(salon, "12:00")),
        "end": iso(at(salon, "12:45")),
        "local_label": "12:00",
        "team_members": [
            {"id": str(ann.pk), "name": "Ann", "price_cents": 5000, "duration_min": 60},
            {"id": str(bob.pk), "name": "Bob", "price_cents": 4000, "duration_min": 45},
        ],
    }


def test_availability_of_one_person(salon, cut, ann):
    bob = make_member("Bob", performs=[cut], works=(12 * 60, 13 * 60))

    answer = Api(salon).post(PATH, asked(salon, cut, team_member_id=str(bob.pk)))

    assert [slot["local_label"] for slot in answer.json()["data"]["days"][0]["slots"]] == ["12:00"]


@pytest.mark.parametrize("status", ["hold", "pending", "confirmed"])
def test_taken_time_is_not_offered(salon, cut, ann, status):
    make_booking(salon, cut, at(salon, "09:00"), status=status)

    answer = Api(salon).post(PATH, asked(salon, cut))

    assert answer.json()["data"]["days"][0]["slots"][0]["local_label"] == "10:00"


def test_a_released_hold_is_offered_again(salon, cut, ann):
    services.release_hold(booking=hold(salon, cut, at(salon, "09:00")))

    answer = Api(salon).post(PATH, asked(salon, cut))

    assert answer.json()["data"]["days"][0]["slots"][0]["local_label"] == "09:00"


def test_availability_takes_the_same_queries_for_a_day_and_two_months(salon, cut, ann, django_assert_num_queries):
    Api(salon).post(PATH, asked(salon, cut))
    with django_assert_num_queries(4):
        Api(salon).post(PATH, asked(salon, cut))
    make_booking(salon, cut, at(salon, "09:00"))
    make_member("Bob", performs=[cut])
    make_member("Cid", performs=[cut])
    with django_assert_num_queries(4):
        Api(salon).post(PATH, asked(salon, cut, days=62))


def test_no_header_changes_an_instant(salon, cut, ann):
    plain = Api(salon).post(PATH, asked(salon, cut))
    dressed = Api(salon).post(
        PATH, asked(salon, cut), **{"Accept-Language": "ja", "Time-Zone": "Asia/Tokyo", "Prefer": "timezone=Asia/Tokyo"}
    )

    assert dressed.json() == plain.json()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"end_date": "2020-01-01"}, 422, "bad_range"),
        ({"start_date": "0001-01-01", "end_date": "0001-01-02"}, 422, "bad_range"),
        ({"start_date": "9999-12-30", "end_date": "9999-12-31"}, 422, "bad_range"),
        ({"days": 63}, 422, "bad_range"),
        ({"party_size": 2}, 422, "not_bookable"),
        ({"party_size": 0}, 400, "invalid"),
        ({"party_size": 10**30}, 400, "invalid"),
        ({"start_date": "tomorrow"}, 400, "invalid"),
        ({"start_date": None}, 400, "invalid"),
        ({"service_id": "1"}, 400, "invalid"),
        ({"service_id": str(uuid4())}, 404, "not_found"),
        ({"service_ids": [str(uuid4()), str(uuid4())]}, 422, "not_bookable"),
        ({"team_member_id": str(uuid4())}, 404, "not_found"),
        ({"service_id": "' OR 1=1 --"}, 400, "invalid"),
        ({"service_id": "\x00"}, 400, "invalid"),
        ({"service_id": {"a": 1}}, 400, "invalid"),
        ({"timezone": "Asia/Tokyo"}, 400, "invalid"),
    ],
)
def test_bad_questions_are_answered_with_what_is_wrong(salon, cut, ann, change, status, code):
    days = change.pop("days", 1)

    answer = Api(salon).post(PATH, asked(salon, cut, days) | change)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]


def test_a_missing_service_is_named(salon):
    answer = Api(salon).post(PATH, {"start_date": "2027-01-01", "end_date": "2027-01-02"})

    assert (answer.status_code, answer.json()["errors"]) == (400, {"service_id": ["This field is required."]})


@pytest.mark.parametrize("field", ["active", "deleted_at"])
def test_a_withdrawn_service_is_not_offered(salon, cut, ann, field):
    setattr(cut, field, False if field == "active" else timezone.now())
    cut.save()

    assert Api(salon).post(PATH, asked(salon, cut)).status_code == 404


@pytest.mark.parametrize("place", ["body", "query"])
def test_explain_tells_staff_which_rule_says_no(salon, cut, ann, works_here, place):
    booking = make_booking(salon, cut, at(salon, "09:00"))
    TimeBlock.objects.create(
        team_member=ann, starts_at=at(salon, "11:00"), ends_at=at(salon, "12:00"), reason="Dentist"
    )
    api, reasons = works_here("viewer"), []

    for clock in ("09:00", "10:30", "14:00", "16:30"):
        instant = iso(at(salon, clock))
        if place == "body":
            answer = api.post(PATH, asked(salon, cut, explain=instant))
        else:
            answer = api.post(f"{PATH}?explain={instant}", asked(salon, cut))
        data = answer.json()["data"]
        reasons.append((data["bookable"], [(reason["code"], reason["ref"]) for reason in data["reasons"]]))

    assert reasons == [
        (False, [("busy", booking.ref)]),
        (False, [("block", "Dentist")]),
        (True, []),
        (False, [("runs_past_end", None)]),
    ]


def test_explain_needs_no_dates(salon, cut, ann, works_here):
    body = {"service_id": str(cut.pk), "explain": iso(at(salon, "10:00"))}

    answer = works_here("viewer").post(PATH, body)

    assert [day["date"] for day in answer.json()["data"]["days"]] == [str(at(salon).date())]


def test_explain_is_for_members_of_this_salon(salon, other_salon, cut, ann, member):
    body = asked(salon, cut, explain=iso(at(salon, "10:00")))
    outsider = member("owner", other_salon)

    assert Api(salon).post(PATH, body).status_code == 401
    assert signed_in(salon, outsider).post(PATH, body).status_code == 404
    assert Api(salon).post(f"{PATH}?explain={body.pop('explain')}", body).status_code == 401
    assert Booking.objects.count() == 0


@pytest.mark.parametrize("explain", ["now", "2027-01-15T10:00:00", "0001-01-01T00:00:00+14:00", "\x00"])
def test_an_unclear_instant_is_refused(salon, cut, ann, works_here, explain):
    answer = works_here().post(PATH, asked(salon, cut, explain=explain))

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["explain"])
