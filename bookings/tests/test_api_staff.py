import json
from uuid import uuid4

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import services
from bookings.basket import Basket, Wanted
from bookings.models import Booking, Occupancy, Status, TeamMember
from bookings.services import Details
from bookings.tests.factories import (
    at,
    make_booking,
    make_customer,
    make_member,
    make_past_visit,
    make_service,
)
from tenants.models import Business
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
BOOKINGS, CUSTOMERS = "/api/v1/admin/bookings", "/api/v1/admin/customers"
BEA = Details(name="Bea Cole", email="bea@example.com", phone="+12125550188")
READS = (
    "/api/v1/services",
    "/api/v1/services/{service}",
    "/api/v1/service-categories",
    "/api/v1/team/members",
    "/api/v1/team/members/{member}",
    "/api/v1/team/{member}/availability",
    BOOKINGS,
    CUSTOMERS,
    CUSTOMERS + "/{customer}",
    CUSTOMERS + "/{customer}/bookings",
    "/api/v1/admin/analytics/bookings",
)
ACTS = tuple(f"{BOOKINGS}/{{booking}}/{act}" for act in ("reschedule", "undo-move", "check-in"))


@pytest.fixture
def booking(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


@pytest.fixture
def ids(booking, cut, ann):
    return {"service": cut.pk, "member": ann.pk, "customer": booking.customer_id, "booking": booking.pk}


def make_move(business, booking, start):
    services.reschedule_booking(business=business, booking=booking, start=start, by=SYSTEM, now=timezone.now())


@pytest.mark.parametrize("path", READS)
def test_reading_is_for_members(salon, other_salon, ids, member, path):
    path = path.format(**ids)
    outsider = member("owner", other_salon)

    assert Api(salon).get(path).status_code == 401
    assert signed_in(salon, outsider).get(path).status_code == 404
    assert signed_in(salon, member("viewer")).get(path).status_code == 200


def test_who_sees_no_customers_is_told_who_comes_and_not_how_to_reach_them(salon, booking, member):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})
    viewer, names = signed_in(salon, member("viewer")), ("customer", "contact_name", "contact_email", "contact_phone")

    listed = viewer.get(BOOKINGS).json()["results"][0]
    opened = viewer.get(f"{BOOKINGS}/{booking.pk}").json()

    hidden = [None, "Anna Berg", "", ""]
    assert [[shown[name] for name in names] for shown in (listed, opened)] == [hidden, hidden]
    assert signed_in(salon, member("staff")).get(BOOKINGS).json()["results"][0]["contact_email"] == "anna@example.com"


@pytest.mark.parametrize("path", ACTS)
def test_acting_is_for_staff_and_above(salon, other_salon, ids, booking, member, path):
    path, body = path.format(**ids), {"start_time": at(salon, "12:00").isoformat()} if "resch" in path else {}
    if "undo" in path:
        make_move(salon, booking, at(salon, "09:00"))
        make_move(salon, booking, at(salon))
    outsider = member("owner", other_salon)

    assert Api(salon).post(path, body).status_code == 401
    assert signed_in(salon, outsider).post(path, body).status_code == 404
    refused = signed_in(salon, member("viewer")).post(path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    booking.refresh_from_db()
    assert (booking.status, booking.start_at) == (Status.CONFIRMED, at(salon))
    assert signed_in(salon, member("staff")).post(path, body).status_code == 200


@pytest.mark.parametrize("path", [path for path in READS + ACTS if "{" in path])
def test_another_salons_rows_do_not_exist_here(salon, other_salon, ids, member, path):
    person = signed_in(other_salon, member("owner", other_salon))
    path = path.format(**ids)

    answer = person.post(path, {"start_time": at(salon).isoformat()}) if path.endswith(("e", "n")) else None
    answer = answer if answer is not None and answer.status_code != 405 else person.get(path)

    assert answer.status_code == 404


def test_a_session_needs_a_csrf_token_to_act(salon, booking, staff):
    from config.testing_client import HostClient

    browser = HostClient(enforce_csrf_checks=True, HTTP_HOST=salon.host)
    browser.schema_name = salon.schema_name
    browser.force_login(staff)

    assert browser.get(BOOKINGS).status_code == 200
    refused = browser.post(f"{BOOKINGS}/{booking.pk}/check-in", "{}", content_type="application/json")
    assert refused.status_code == 403
    booking.refresh_from_db()
    assert booking.status == Status.CONFIRMED


def test_bookings_are_listed_latest_first_without_holds(salon, cut, ann, works_here):
    early, late = (
        make_booking(salon, cut, at(salon, clock), details=who) for clock, who in (("09:00", BEA), ("12:00", BEA))
    )
    make_booking(salon, cut, at(salon, "14:00"), status="hold")

    answer = works_here().get(BOOKINGS).json()

    assert (answer["count"], answer["next"], answer["previous"]) == (2, None, None)
    assert [row["id"] for row in answer["results"]] == [str(late.pk), str(early.pk)]
    row = answer["results"][0]
    assert (row["confirmation_number"], row["status"], row["price_cents"], row["currency_code"]) == (
        late.ref,
        "confirmed",
        5000,
        "USD",
    )
    assert (row["local_time"], row["booking_tz"], row["duration_min"]) == ("12:00", "America/New_York", 60)
    assert row["team_member"] == {"id": str(ann.pk), "name": "Ann"}
    assert row["customer"]["email"] == "bea@example.com"
    assert [item["name"] for item in row["services"]] == ["Cut"]


def test_bookings_are_filtered(salon, cut, ann, works_here):
    bob = make_member("Bob", performs=[cut])
    first = make_booking(salon, cut, at(salon, days=3), team_member=ann)
    second = make_booking(salon, cut, at(salon, days=5), team_member=bob, details=BEA)
    third = make_booking(salon, cut, at(salon, days=8), team_member=ann, details=BEA, status="pending")
    numbers = {str(first.pk): 1, str(second.pk): 2, str(third.pk): 3}
    api = works_here()

    def listed(**query):
        return [numbers[row["id"]] for row in api.get(BOOKINGS, **query).json()["results"]]

    def found(**query):
        return sorted(listed(**query))

    day = str(second.local_date)
    assert found(status="pending") == [3]
    assert found(status="pending,confirmed") == [1, 2, 3]
    assert found(date=day) == [2]
    assert found(date_from=day) == [2, 3]
    assert found(date_to=day) == [1, 2]
    assert found(staff=bob.pk) == found(team_member_id=bob.pk) == [2]
    assert found(customer=second.customer_id) == found(customer_id=second.customer_id) == [2, 3]
    assert found(staff=ann.pk, status="confirmed") == [1]
    assert listed(ordering="start_at") == [1, 2, 3]
    assert listed(ordering="-start_at") == [3, 2, 1]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "gone"},
        {"date": "today"},
        {"staff": "1"},
        {"customer": "\x00"},
        {"ordering": "client_key"},
        {"date_from": "99999-01-01"},
    ],
)
def test_a_bad_filter_is_named(salon, works_here, query):
    answer = works_here().get(BOOKINGS, **query)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, list(query))


def test_pages(salon, cut, ann, works_here):
    for clock in ("09:00", "11:00", "13:00"):
        make_booking(salon, cut, at(salon, clock), details=BEA)
    api = works_here()

    pages = [api.get(BOOKINGS, limit=2, page=page).json() for page in (1, 2)]

    assert [len(page["results"]) for page in pages] == [2, 1]
    assert pages[0]["next"].startswith(f"http://{salon.host}/api/v1/admin/bookings?")
    assert api.get(BOOKINGS, limit=1000).json()["count"] == 3
    assert api.get(BOOKINGS, page=3, limit=2).status_code == 404
    assert api.get(BOOKINGS, page="\x00").status_code == 404
    assert api.get(BOOKINGS, limit="-1").status_code == 200


def test_a_page_has_a_hundred_rows_at_most(salon, works_here, monkeypatch):
    for number in range(101):
        make_customer(f"Customer {number}", f"c{number}@example.com")

    answer = works_here().get(CUSTOMERS, limit=1000).json()

    assert (answer["count"], len(answer["results"])) == (101, 100)


def test_the_list_takes_the_same_queries_for_one_and_three(salon, cut, ann, works_here, django_assert_num_queries):
    make_booking(salon, cut, at(salon, "09:00"), details=BEA)
    api = works_here()
    api.get(BOOKINGS)
    with django_assert_num_queries(7):
        api.get(BOOKINGS)
    for clock in ("11:00", "13:00"):
        make_booking(salon, cut, at(salon, clock), details=BEA)
    with django_assert_num_queries(7):
        api.get(BOOKINGS)


def test_customers_with_their_history(salon, cut, ann, works_here):
    make_past_visit(make_booking(salon, cut, at(salon)))
    Booking.objects.update(status=Status.COMPLETED)
    coming = make_booking(salon, cut, at(salon))
    make_customer("Bea Cole", "bea@example.com")
    api = works_here("viewer")

    found = api.get(CUSTOMERS, search="anna@").json()["results"]
    detail = api.get(f"{CUSTOMERS}/{coming.customer_id}").json()

    assert [row["name"] for row in found] == ["Anna Berg"]
    assert (detail["visits"], detail["upcoming"], detail["no_shows"]) == (1, 1, 0)
    assert detail["phone"] == "+12125550187"
    assert api.get(f"{CUSTOMERS}/{coming.customer_id}/bookings").json()["count"] == 2
    assert api.get(f"{CUSTOMERS}/{uuid4()}/bookings").status_code == 404
    assert api.get(CUSTOMERS, search="\x00").status_code == 400


def test_reschedule_moves_the_visit(salon, cut, ann, booking, works_here):
    answer = works_here().post(f"{BOOKINGS}/{booking.pk}/reschedule", {"start_time": at(salon, "15:00").isoformat()})

    assert (answer.status_code, answer.json()["local_time"]) == (200, "15:00")
    booking.refresh_from_db()
    assert (booking.start_at, booking.sequence) == (at(salon, "15:00"), 1)


def test_reschedule_to_a_taken_time_offers_others_and_changes_nothing(salon, cut, ann, booking, works_here):
    make_booking(salon, cut, at(salon, "15:00"), details=BEA)

    answer = works_here().post(f"{BOOKINGS}/{booking.pk}/reschedule", {"start_time": at(salon, "15:00").isoformat()})

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert [slot["local_label"] for slot in answer.json()["alternatives"]] == ["13:45", "14:00", "16:00"]
    assert set(answer.json()["alternatives"][0]) == {"start", "local_label"}
    booking.refresh_from_db()
    assert (booking.start_at, booking.sequence) == (at(salon), 0)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"team_member_id": None}, 400, "invalid"),
        ({"people": []}, 400, "invalid"),
        ({"override": ["notice"]}, 400, "invalid"),
        ({"clock": "12:00", "override": ["busy"]}, 400, "invalid"),
        ({"people": [{"position": 1, "team_member_id": "ann"}]}, 400, "invalid"),
        ({"people": [{"position": 0, "team_member_id": "ann"}] * 2}, 400, "invalid"),
        ({"people": [{"position": 0, "team_member_id": "ann"}], "team_member_id": "ann"}, 400, "invalid"),
        ({"people": [{"position": 0, "team_member_id": str(uuid4())}]}, 404, "not_found"),
        ({"people": [{"position": -1, "team_member_id": "ann"}]}, 400, "invalid"),
        ({"people": [{"position": 0}]}, 400, "invalid"),
        ({"start_time": "soon"}, 400, "invalid"),
        ({"start_time": "2027-01-01T10:00:00"}, 400, "invalid"),
        ({"start_time": "2020-01-01T10:00:00Z"}, 422, "rule_broken"),
        ({"start_time": "2099-12-31T23:59:00Z"}, 422, "rule_broken"),
        ({"clock": "09:05"}, 422, "rule_broken"),
        ({"clock": "21:00"}, 422, "rule_broken"),
        ({"clock": "12:00", "team_member_id": str(uuid4())}, 404, "not_found"),
        ({"clock": "12:00", "price_cents": 1}, 400, "invalid"),
    ],
)
def test_a_move_that_cannot_be_changes_nothing(salon, booking, ann, works_here, body, status, code):
    start = {"start_time": at(salon, body["clock"]).isoformat()} if "clock" in body else {}
    text = json.dumps({name: value for name, value in body.items() if name != "clock"} | start)

    answer = works_here().post(f"{BOOKINGS}/{booking.pk}/reschedule", text.replace('"ann"', f'"{ann.pk}"'))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    booking.refresh_from_db()
    assert (booking.start_at, booking.sequence) == (at(salon), 0)


def test_a_broken_rule_is_named(salon, booking, works_here):
    answer = works_here().post(f"{BOOKINGS}/{booking.pk}/reschedule", {"start_time": at(salon, "21:00").isoformat()})

    assert answer.json()["rule"] == "not_working"
    assert answer.json()["reasons"] == [{"code": "not_working", "text": "Ann does not work at this time."}]


def visit_of(business, *wanted, start, **how):
    """A confirmed visit of several services: (service, person or None) in order."""
    basket = Basket(tuple(Wanted(*each) for each in wanted))
    held = services.hold_slot(business=business, basket=basket, start=start, now=timezone.now(), **how)
    held = services.submit_details(business=business, booking=held, details=BEA, address=None, now=timezone.now())
    return services.confirm_booking(business=business, booking=held, now=timezone.now())


@pytest.fixture
def chain(salon, cut, ann):
    """Cut with Ann, then colour with Bob, at ten; Cid could do both."""
    bob, cid = make_member("Bob"), make_member("Cid", performs=[cut])
    colour = make_service("Colour", minutes=90, cents=12000)
    for person in (bob, cid):
        colour.assignments.create(team_member=person)
    return visit_of(salon, (cut, ann), (colour, bob), start=at(salon))


def people_in(answer):
    return [part["team_member"]["name"] for part in answer.json()["services"]]


def test_a_visit_of_several_services_tells_who_does_what(salon, chain, works_here):
    row = works_here().get(BOOKINGS).json()["results"][0]

    assert (row["service_name"], row["price_cents"]) == ("Cut + Colour", 17000)
    assert [(part["position"], part["name"], part["team_member"]["name"]) for part in row["services"]] == [
        (0, "Cut", "Ann"),
        (1, "Colour", "Bob"),
    ]
    assert "moved_from" not in row


def test_one_part_is_given_to_somebody_else_at_the_same_time(salon, chain, works_here):
    cid = TeamMember.objects.get(first_name="Cid")
    body = {"people": [{"position": 1, "team_member_id": str(cid.pk)}]}

    answer = works_here().post(f"{BOOKINGS}/{chain.pk}/reschedule", body)

    data = answer.json()
    assert (answer.status_code, data["person_changed"], people_in(answer)) == (200, True, ["Ann", "Cid"])
    assert data["moved_from"]["start_at"] == data["start_at"] == f"{at(salon):%Y-%m-%dT%H:%M:%SZ}"
    assert [part["team_member_id"] for part in data["moved_from"]["people"]] == [
        str(member.pk) for member in TeamMember.objects.filter(first_name__in=["Ann", "Bob"]).order_by("first_name")
    ]


def test_one_person_takes_over_everything(salon, chain, works_here):
    cid = TeamMember.objects.get(first_name="Cid")

    answer = works_here().post(f"{BOOKINGS}/{chain.pk}/reschedule", {"team_member_id": str(cid.pk)})

    assert (answer.json()["person_changed"], people_in(answer)) == (True, ["Cid", "Cid"])


def test_nobody_is_given_what_they_do_not_perform(salon, chain, ann, works_here):
    body = {"people": [{"position": 1, "team_member_id": str(ann.pk)}]}

    answer = works_here().post(f"{BOOKINGS}/{chain.pk}/reschedule", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "not_bookable")
    assert [item.team_member.name for item in chain.items.select_related("team_member")] == ["Ann", "Bob"]


def test_a_move_says_where_from_and_can_be_undone_once(salon, chain, works_here):
    api, path = works_here(), f"{BOOKINGS}/{chain.pk}"
    moved = api.post(f"{path}/reschedule", {"start_time": at(salon, "12:00").isoformat()})

    undone = api.post(f"{path}/undo-move")

    assert (moved.json()["local_time"], moved.json()["person_changed"]) == ("12:00", False)
    assert moved.json()["moved_from"]["start_at"] == f"{at(salon):%Y-%m-%dT%H:%M:%SZ}"
    assert (undone.status_code, undone.json()["local_time"], people_in(undone)) == (200, "10:00", ["Ann", "Bob"])
    assert api.get(path).json()["moved_from"] == undone.json()["moved_from"]


def test_a_visit_that_never_moved_cannot_be_taken_back(salon, booking, works_here):
    answer = works_here().post(f"{BOOKINGS}/{booking.pk}/undo-move")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed")
    booking.refresh_from_db()
    assert (booking.start_at, booking.sequence) == (at(salon), 0)


def test_undo_is_refused_where_the_old_time_is_gone(salon, cut, booking, works_here):
    make_move(salon, booking, at(salon, "15:00"))
    make_booking(salon, cut, at(salon), details=BEA)

    answer = works_here().post(f"{BOOKINGS}/{booking.pk}/undo-move")

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    booking.refresh_from_db()
    assert (booking.start_at, Occupancy.objects.count()) == (at(salon, "15:00"), 2)


def test_staff_set_notice_aside_knowingly(salon, cut, booking, works_here):
    type(cut).objects.update(min_notice_min=30 * 24 * 60)
    path, body = f"{BOOKINGS}/{booking.pk}/reschedule", {"start_time": at(salon, "12:00").isoformat()}
    api = works_here()

    refused, moved = api.post(path, body), api.post(path, body | {"override": ["notice"]})

    assert (refused.json()["rule"], moved.status_code) == ("notice", 200)
    booking.refresh_from_db()
    assert booking.overrides == ["notice"]
    entry = AuditEntry.objects.get(action="booking.rescheduled")
    assert (entry.actor_label, entry.after["overrides"]) == ("staff@rosa.example", ["notice"])


def test_check_in_once(booking, works_here):
    api = works_here()

    answers = [api.post(f"{BOOKINGS}/{booking.pk}/check-in") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[0].json()["status"] == "checked_in"
    assert answers[1].json()["status_now"] == "checked_in"


def test_the_team_and_its_hours(salon, cut, ann, works_here):
    ann.availability.filter(day_of_week=1).update(start_min=20 * 60, end_min=26 * 60)
    api = works_here("viewer")

    people = api.get("/api/v1/team/members").json()["results"]
    plan = api.get(f"/api/v1/team/{ann.pk}/availability").json()

    assert [person["name"] for person in people] == ["Ann"]
    assert plan["availabilities"][0] == {
        "service_id": None,
        "day_of_week": 1,
        "start_time": "20:00",
        "end_time": "26:00",
    }
    assert len(plan["availabilities"]) == 7


def test_services_are_filtered_and_deleted_ones_gone(salon, cut, ann, works_here):
    make_service("Off", active=False)
    make_service("Gone", deleted_at=timezone.now())
    api = works_here("viewer")

    assert [row["name"] for row in api.get("/api/v1/services").json()["results"]] == ["Cut", "Off"]
    assert [row["name"] for row in api.get("/api/v1/services", active="false").json()["results"]] == ["Off"]


def test_visits_are_counted_by_status_and_day(salon, cut, ann, works_here):
    day = at(salon).date()
    for clock, status in (("09:00", "pending"), ("11:00", "confirmed"), ("13:00", "confirmed"), ("15:00", "hold")):
        make_booking(salon, cut, at(salon, clock), status=status)

    answer = works_here("viewer").get("/api/v1/admin/analytics/bookings", start_date=day, end_date=day)

    assert answer.json() == {
        "start_date": str(day),
        "end_date": str(day),
        "timezone": "America/New_York",
        "total": 3,
        "by_status": {"pending": 1, "confirmed": 2},
        "by_day": [{"date": str(day), "count": 3}],
        "by_source": {"online": 3},
        "new": 1,
        "returning": 2,
        "no_shows": 0,
        "no_show_rate": None,
        "late_cancellations": 0,
        "late_cancellation_rate": 0.0,
    }


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"start_date": "x"}, 400),
        ({"start_date": "2027-02-01", "end_date": "2027-01-01"}, 422),
        ({"start_date": "2020-01-01", "end_date": "2027-01-01"}, 422),
        ({"end_date": "0001-01-01"}, 422),
        ({}, 200),
    ],
)
def test_a_period_must_make_sense(salon, works_here, query, status):
    assert works_here("viewer").get("/api/v1/admin/analytics/bookings", **query).status_code == status
