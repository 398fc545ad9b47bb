"""The waiting list through the API: everybody joins, the team reads, takes off and has it looked at anew."""

import pytest
from django.conf import settings
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import services as bookings
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.tests.api import ELSEWHERE, NO_STATIC, Api, signed_in
from waitlist.models import FreedTime, Wish
from waitlist.tests.making import ask, day_of, running, wait

pytestmark = NO_STATIC
JOIN, LIST, OFFER = "/booking/waitlist", "/api/v1/waitlist", "/api/v1/waitlist/offer"
QUERIES = 8


@pytest.fixture
def bea(cut):
    return make_member("Bea", performs=[cut], works=(10 * 60, 11 * 60))


def body(salon, service, **changes):
    day = day_of(salon).isoformat()
    who = {"name": "Wanda Wait", "email": "Wanda@example.com"}
    return {"service_id": str(service.pk), "first_date": day, "last_date": day, **who} | changes


def days(salon):
    return {"first_date": day_of(salon).isoformat(), "last_date": day_of(salon).isoformat()}


def test_everybody_joins_and_gets_their_own_link(salon, cut, bea, salon_client):
    answer = Api(salon).post(JOIN, body(salon, cut, team_member_id=str(bea.pk), parts=["morning"]))

    wish = Wish.objects.get()
    assert answer.status_code == 201
    assert (wish.name, wish.email, wish.windows, wish.is_by_staff) == (
        "Wanda Wait", "wanda@example.com", [[0, 720]], False,
    )  # fmt: skip
    assert [(each.service, each.team_member) for each in wish.wanted.all()] == [(cut, bea)]
    shown = answer.json()
    assert (shown["status"], shown["windows"]) == ("waiting", [{"start_min": 0, "end_min": 720}])
    assert salon_client.get(shown["url"].removeprefix(salon.url)).status_code == 200


def test_the_same_wish_sent_twice_is_one(salon, cut, bea):
    urls = {Api(salon).post(JOIN, body(salon, cut)).json()["url"] for _ in range(2)}

    assert (len(urls), Wish.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"email": ""}, 422),
        ({"email": "nobody"}, 400),
        ({"last_date": "2020-01-01"}, 422),
        ({"windows": [{"start_min": 600, "end_min": 600}]}, 422),
        ({"windows": [{"start_min": -1, "end_min": 600}]}, 400),
        ({"parts": ["night"]}, 400),
        ({"texts": True}, 400),
        ({"texts": True, "phone": "+441212345678"}, 400),
        ({"service_id": "0b9f5a0e-6a55-4f0c-9d0a-5f6f0a7d1c01"}, 404),
        ({"status": "booked"}, 400),
        ({"party_size": 1000}, 422),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_is_refused(salon, cut, bea, changes, status):
    assert Api(salon).post(JOIN, body(salon, cut) | changes).status_code == status
    assert not Wish.objects.exists()


def test_only_so_many_join_from_one_address(salon, cut, bea):
    api = Api(salon, address=ELSEWHERE)
    sent = [
        body(salon, cut, email=f"w{number}@example.com") for number in range(settings.BOOKINGS_PER_ADDRESS_PER_HOUR + 1)
    ]

    found = [api.post(JOIN, each).status_code for each in sent]

    assert found == [201] * settings.BOOKINGS_PER_ADDRESS_PER_HOUR + [429]


def test_the_team_reads_the_list_in_line_with_what_is_kept(salon, cut, bea, staff):
    visit = make_booking(salon, cut, at(salon, "10:00"))
    for name in ("Ann One", "Bob Two"):
        wait(salon, cut, name)
    bookings.cancel_booking(business=salon, booking=visit, by=SYSTEM, now=timezone.now())
    ask(salon)

    first, second = signed_in(salon, staff).get(LIST).json()["results"]

    offer = running()["Ann One"]
    assert (first["name"], first["status"], first["offer"]["booking_id"]) == (
        "Ann One",
        "offered",
        str(offer.booking_id),
    )
    assert (second["name"], second["status"], second["offer"]) == ("Bob Two", "waiting", None)
    assert second["wanted"] == [{"service_id": str(cut.pk), "service": "Cut", "team_member_id": None}]


def test_it_is_narrowed_by_state_and_service(salon, cut, bea, staff):
    color = make_service("Color")
    make_member("Cleo", performs=[color])
    wait(salon, cut, "Ann One")
    wait(salon, color, "Bob Two")
    api = signed_in(salon, staff)

    found = [api.get(LIST, **asked).json()["results"] for asked in ({"service_id": cut.pk}, {"status": "left"})]

    assert [[wish["name"] for wish in each] for each in found] == [["Ann One"], []]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_takes_as_many_queries_for_many_as_for_one(salon, cut, bea, staff, rows, django_assert_num_queries):
    for number in range(rows):
        wait(salon, cut, f"W{number} Wait")
    api = signed_in(salon, staff)
    api.get(LIST)

    with django_assert_num_queries(QUERIES):
        assert len(api.get(LIST).json()["results"]) == rows


def test_somebody_is_taken_off_by_whoever_it_was(salon, cut, bea, staff):
    wish, api = wait(salon, cut), signed_in(salon, staff)

    assert [api.delete(f"{LIST}/{wish.pk}").status_code for _ in range(2)] == [204, 204]

    assert Wish.objects.get().status == "removed"
    assert AuditEntry.objects.get(action="wish.removed").actor_id == staff.pk


def test_a_look_offers_what_is_free_by_the_line(salon, cut, bea, staff):
    wait(salon, cut, "Ann One")
    wait(salon, cut, "Bob Two")
    FreedTime.objects.all().delete()

    answer = signed_in(salon, staff).post(OFFER, days(salon))
    ask(salon)

    assert (answer.status_code, answer.json()) == (202, {"waiting": 2})
    assert list(running()) == ["Ann One"]
    assert AuditEntry.objects.get(action="waitlist.asked").actor_id == staff.pk


def test_a_look_at_all_days_there_are_does_not_stop_the_list(salon, cut, bea, staff):
    """What is looked at together is looked at again until it could be: one range that breaks it would stop all offers."""
    wait(salon, cut, "Ann One")
    api = signed_in(salon, staff)

    for dates in ({"first_date": "0001-01-01", "last_date": "9999-12-31"}, days(salon)):
        assert api.post(OFFER, dates).status_code == 202
    ask(salon)

    assert list(running()) == ["Ann One"]


def test_a_look_at_no_dates_is_refused(salon, cut, bea, staff):
    wrong = {"first_date": day_of(salon, 8).isoformat(), "last_date": day_of(salon, 7).isoformat()}

    assert signed_in(salon, staff).post(OFFER, wrong).status_code == 422
    assert not AuditEntry.objects.filter(action="waitlist.asked").exists()


@pytest.mark.parametrize(("role", "may"), [("viewer", False), ("staff", True), ("admin", True), ("owner", True)])
def test_who_may_read_and_who_may_act(salon, cut, bea, member, role, may):
    wish, api = wait(salon, cut), signed_in(salon, member(role))

    assert api.get(LIST).status_code == 200
    assert api.post(OFFER, days(salon)).status_code == (202 if may else 403)
    assert api.delete(f"{LIST}/{wish.pk}").status_code == (204 if may else 403)


def test_another_salons_list_is_not_there(salon, other_salon, cut, bea, member):
    with tenant_context(other_salon):
        service = make_service()
        make_member(performs=[service])
        foreign = wait(other_salon, service)
    neighbour = signed_in(salon, member("owner", other_salon))

    assert [Api(salon).get(LIST).status_code, neighbour.get(LIST).status_code] == [401, 404]
    assert signed_in(salon, member("admin")).delete(f"{LIST}/{foreign.pk}").status_code == 404
    assert Api(salon).post(JOIN, body(salon, service)).status_code == 404
    with tenant_context(other_salon):
        assert Wish.objects.get().status == "waiting"
