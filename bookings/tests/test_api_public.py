from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings import services
from bookings.models import Booking, Occupancy, Seat, ServiceCategory, TimeBlock
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
        ({"service_ids": [str(uuid4()), str(uuid4())]}, 400, "invalid"),
        ({"service_id": None}, 400, "invalid"),
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


# Several services in one visit ---------------------------------------------------------------------


@pytest.fixture
def bob(salon):
    return make_member("Bob")


@pytest.fixture
def colour(bob):
    """Ninety minutes for 120.00, by Bob."""
    service = make_service("Colour", minutes=90, cents=12000)
    service.assignments.create(team_member=bob)
    return service


def wanted(business, *services, **more):
    day = str(at(business).date())
    ids = [str(service.pk) for service in services]
    return {"service_ids": ids, "start_date": day, "end_date": day} | more


def slots_of(answer):
    return {slot["local_label"]: slot for slot in answer.json()["data"]["days"][0]["slots"]}


def test_several_services_are_offered_with_who_does_what_when(salon, cut, ann, colour, bob):
    answer = Api(salon).post(PATH, wanted(salon, cut, colour))

    slots = slots_of(answer)
    assert (min(slots), max(slots)) == ("09:00", "14:30")
    assert slots["10:00"] == {
        "start": iso(at(salon, "10:00")),
        "end": iso(at(salon, "12:30")),
        "local_label": "10:00",
        "team_members": [
            {"id": str(ann.pk), "name": "Ann", "price_cents": 5000, "duration_min": 60},
            {"id": str(bob.pk), "name": "Bob", "price_cents": 12000, "duration_min": 90},
        ],
        "services": [
            {
                "service_id": str(cut.pk),
                "team_member_id": str(ann.pk),
                "name": "Cut",
                "start": iso(at(salon, "10:00")),
                "end": iso(at(salon, "11:00")),
                "price_cents": 5000,
                "duration_min": 60,
            },
            {
                "service_id": str(colour.pk),
                "team_member_id": str(bob.pk),
                "name": "Colour",
                "start": iso(at(salon, "11:00")),
                "end": iso(at(salon, "12:30")),
                "price_cents": 12000,
                "duration_min": 90,
            },
        ],
        "price_cents": 17000,
    }


def test_one_person_for_everything_is_named_once_with_the_whole_partys_price(salon, cut, ann):
    foil = make_service("Foil", minutes=30, cents=2000, allow_group_booking=True, max_group_size=3)
    foil.assignments.create(team_member=ann)
    type(cut).objects.filter(pk=cut.pk).update(allow_group_booking=True, max_group_size=2)

    answer = Api(salon).post(PATH, wanted(salon, cut, foil, party_size=2, team_member_id=str(ann.pk)))

    slot = slots_of(answer)["09:00"]
    assert slot["team_members"] == [{"id": str(ann.pk), "name": "Ann", "price_cents": 14000, "duration_min": 90}]
    assert [part["price_cents"] for part in slot["services"]] == [10000, 4000]
    assert slot["price_cents"] == 14000


def test_each_service_has_its_own_person(salon, cut, ann, colour, bob):
    cut.assignments.create(team_member=bob)

    answers = [
        Api(salon).post(PATH, wanted(salon, cut, colour, team_member_ids=people))
        for people in ([str(ann.pk), str(bob.pk)], [str(bob.pk), None])
    ]

    who = [[part["team_member_id"] for part in slots_of(answer)["10:00"]["services"]] for answer in answers]
    assert who == [[str(ann.pk), str(bob.pk)], [str(bob.pk)] * 2]


def test_services_that_allow_it_run_at_the_same_time(salon, cut, ann, colour):
    type(cut).objects.update(parallel_ok=True)

    answer = Api(salon).post(PATH, wanted(salon, cut, colour, together=True))

    slot = slots_of(answer)["10:00"]
    assert [part["start"] for part in slot["services"]] == [iso(at(salon, "10:00"))] * 2
    assert slot["end"] == iso(at(salon, "11:30"))


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"team_member_ids": [None]}, 400, "invalid"),
        ({"team_member_ids": [None, None, None]}, 400, "invalid"),
        ({"team_member_ids": ["1", None]}, 400, "invalid"),
        ({"team_member_ids": [str(uuid4()), None]}, 404, "not_found"),
        ({"team_member_ids": [None, None], "team_member_id": "ann"}, 400, "invalid"),
        ({"services": ["cut"] * 9}, 400, "invalid"),
        ({"services": []}, 400, "invalid"),
        ({"service_id": str(uuid4())}, 400, "invalid"),
        ({"services": ["cut", "nobody's"]}, 404, "not_found"),
        ({"services": ["cut", "class"]}, 422, "not_bookable"),
        ({"party_size": 2}, 422, "not_bookable"),
        ({"together": "perhaps"}, 400, "invalid"),
    ],
)
def test_a_visit_that_cannot_be_is_refused(salon, cut, ann, colour, change, status, code):
    yoga = make_service("Yoga", allow_group_booking=True, max_group_size=8, shared_session=True)
    yoga.assignments.create(team_member=ann)
    named = {"cut": cut.pk, "class": yoga.pk, "nobody's": make_service("Nobody does this").pk}
    body = wanted(salon, cut, colour) | change
    if "services" in body:
        body["service_ids"] = [str(named[name]) for name in body.pop("services")]
    if body.get("team_member_id") == "ann":
        body["team_member_id"] = str(ann.pk)

    answer = Api(salon).post(PATH, body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_eight_services_take_the_same_queries_as_one(salon, cut, ann, django_assert_num_queries):
    Api(salon).post(PATH, asked(salon, cut))
    for count in (1, 8):
        with django_assert_num_queries(4):
            answer = Api(salon).post(PATH, wanted(salon, *[cut] * count))
    assert slots_of(answer)["09:00"]["end"] == iso(at(salon, "17:00"))


def test_a_class_says_how_many_seats_are_left(salon, ann):
    yoga = make_service("Yoga", allow_group_booking=True, max_group_size=8, shared_session=True)
    yoga.assignments.create(team_member=ann)
    hold(salon, yoga, at(salon, "10:00"), party_size=3)

    slots = slots_of(Api(salon).post(PATH, asked(salon, yoga)))
    for_six = slots_of(Api(salon).post(PATH, asked(salon, yoga, party_size=6)))

    assert {label: slots[label]["seats_left"] for label in ("09:00", "10:00", "11:00")} == {
        "09:00": 8,
        "10:00": 5,
        "11:00": 8,
    }
    assert "10:15" not in slots
    assert "10:00" not in for_six


def test_a_hold_that_has_run_out_takes_no_seat_away(salon, ann):
    yoga = make_service("Yoga", allow_group_booking=True, max_group_size=8, shared_session=True)
    yoga.assignments.create(team_member=ann)
    hold(salon, yoga, at(salon, "10:00"), party_size=3)
    past = timezone.now() - timedelta(minutes=1)
    Booking.objects.update(hold_expires_at=past)
    Seat.objects.filter(item__isnull=False).update(expires_at=past)
    Occupancy.objects.update(expires_at=past)

    slots = slots_of(Api(salon).post(PATH, asked(salon, yoga, party_size=6)))

    assert slots["10:00"]["seats_left"] == 8
    assert "10:15" in slots


def test_only_a_class_speaks_of_seats(salon, cut, ann):
    assert "seats_left" not in slots_of(Api(salon).post(PATH, asked(salon, cut)))["09:00"]


def test_explain_has_no_reasons_exactly_where_the_start_is_offered(salon, cut, ann, colour, bob, works_here):
    booking = make_booking(salon, cut, at(salon, "13:00"))
    api, said = works_here("viewer"), {}

    for clock in ("09:00", "10:30", "12:30", "14:30", "15:00"):
        data = api.post(PATH, wanted(salon, cut, colour, explain=iso(at(salon, clock)))).json()["data"]
        offered = clock in [slot["local_label"] for slot in data["days"][0]["slots"]]
        assert (data["bookable"], not data["reasons"]) == (offered, offered)
        said[clock] = [(reason["team_member"], reason["code"], reason["ref"]) for reason in data["reasons"]]

    assert said["12:30"] == [("Ann", "busy", booking.ref)]
    assert said["10:30"] == said["14:30"] == []
    assert said["15:00"] == [("Bob", "runs_past_end", None)]


def test_explain_tells_who_could_and_who_could_not(salon, cut, ann, works_here):
    bob = make_member("Bob", performs=[cut])
    TimeBlock.objects.create(team_member=ann, starts_at=at(salon, "10:00"), ends_at=at(salon, "11:00"))

    answer = works_here("viewer").post(PATH, asked(salon, cut, explain=iso(at(salon, "10:00"))))

    data = answer.json()["data"]
    assert (data["bookable"], data["reasons"]) == (True, [])
    assert data["people"] == [
        {
            "service_id": str(cut.pk),
            "team_member_id": str(ann.pk),
            "team_member": "Ann",
            "bookable": False,
            "reasons": [{"code": "block", "text": "This time is blocked.", "ref": "Blocked"}],
        },
        {
            "service_id": str(cut.pk),
            "team_member_id": str(bob.pk),
            "team_member": "Bob",
            "bookable": True,
            "reasons": [],
        },
    ]
