"""Several people in one go, by the API: times at which all fit, booked all or none."""

import pytest
from django_tenants.utils import tenant_context

from accounts.api_tokens.tests.making import program
from bookings.models import Booking, Customer, Family, Source, Status
from bookings.tests.factories import at, hold, make_booking, make_customer, make_member, make_service
from payments.models import Payment
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
GROUPS = "/api/v1/admin/booking-groups"
NAMES = ("", "Tom", "Lena")
KEY = {"Idempotency-Key": "k1"}
TIMES = f"{GROUPS}/availability"
CLEO = {"name": "Cleo Dee", "phone": "+12125550166"}


@pytest.fixture
def ben(cut):
    return make_member("Ben", performs=[cut])


@pytest.fixture
def desk(salon, member):
    return lambda role="staff": signed_in(salon, member(role))


def guests(*services):
    return [{"service_id": str(service.pk), "name": name} for service, name in zip(services, NAMES, strict=False)]


def asked_for(salon, *services, **more):
    return {"guests": guests(*services), "start_time": at(salon).isoformat(), "customer_info": CLEO} | more


def times_asked(salon, *services, **more):
    day = at(salon).astimezone(salon.zone).date().isoformat()
    return {"guests": guests(*services), "start_date": day, "end_date": day} | more


def test_times_at_which_all_fit_say_who_does_what(salon, cut, ann, ben, desk):
    make_booking(salon, cut, at(salon, "11:00"), team_member=ann)

    answer = desk().post(TIMES, times_asked(salon, cut, cut)).json()["data"]

    slots = {slot["local_label"]: slot for slot in answer["days"][0]["slots"]}
    assert ("10:00" in slots, "10:15" in slots, "12:00" in slots) == (True, False, True)
    assert [guest["name"] for guest in slots["10:00"]["guests"]] == ["", "Tom"]
    people = [guest["services"][0]["team_member_id"] for guest in slots["10:00"]["guests"]]
    assert set(people) == {str(ann.pk), str(ben.pk)}
    assert (slots["10:00"]["price_cents"], answer["timezone"]) == (10000, salon.timezone)


def test_one_after_another_each_has_a_time(salon, cut, ann, desk):
    answer = desk().post(TIMES, times_asked(salon, cut, cut, order="after")).json()["data"]

    [first] = [slot for slot in answer["days"][0]["slots"] if slot["local_label"] == "10:00"]
    one, other = first["guests"]
    assert (one["end"], first["end"]) == (other["start"], other["end"])


def test_a_group_is_booked_and_read(salon, cut, ann, ben, desk):
    client = desk()

    answer = client.post(GROUPS, asked_for(salon, cut, cut, special_requests="Allergic to nuts"))

    group = answer.json()
    visits = list(Booking.objects.order_by("family_number"))
    assert (answer.status_code, group["order"], len(visits)) == (201, "together", 2)
    assert [(each.status, each.source, each.for_name) for each in visits] == [
        (Status.CONFIRMED, Source.STAFF, ""),
        (Status.CONFIRMED, Source.STAFF, "Tom"),
    ]
    assert [each["id"] for each in group["bookings"]] == [str(each.pk) for each in visits]
    assert [(each["group_id"], each["group_number"]) for each in group["bookings"]] == [
        (group["id"], 1),
        (group["id"], 2),
    ]
    assert client.get(f"{GROUPS}/{group['id']}").json() == group
    assert Customer.objects.count() == 1
    assert {payment.method for payment in Payment.objects.all()} == {"cash"}
    assert visits[0].special_requests == "Allergic to nuts"


def test_for_somebody_the_salon_knows(salon, cut, ann, ben, desk):
    anna = make_customer()
    asked = asked_for(salon, cut, cut, customer_id=str(anna.pk))
    del asked["customer_info"]

    assert desk().post(GROUPS, asked).status_code == 201
    assert {(each.customer, each.contact_email) for each in Booking.objects.all()} == {(anna, "anna@example.com")}


def test_the_same_key_is_the_same_group(salon, cut, ann, ben, desk):
    client, asked = desk(), asked_for(salon, cut, cut)

    one, again = (client.post(GROUPS, asked, **KEY) for _ in range(2))
    other = client.post(GROUPS, asked | {"order": "after"}, **KEY)

    assert (one.status_code, again.status_code, one.json()) == (201, 201, again.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert Booking.objects.count() == 2


def test_the_same_key_of_somebody_else_is_another_group(salon, cut, ann, ben, desk):
    noon = asked_for(salon, cut, cut, start_time=at(salon, "12:00").isoformat())

    one = desk("staff").post(GROUPS, asked_for(salon, cut, cut), **KEY)
    other = desk("admin").post(GROUPS, noon, **KEY)

    assert (one.status_code, other.status_code) == (201, 201)
    assert Booking.objects.count() == 4


def test_somebody_faster_is_told_with_times_near_it(salon, cut, ann, ben, desk):
    make_booking(salon, cut, at(salon), team_member=ben)

    answer = desk().post(GROUPS, asked_for(salon, cut, cut))

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert [each["local_label"] for each in answer.json()["alternatives"]] == ["09:00", "11:00", "11:15"]
    assert (Booking.objects.count(), Family.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("wrong", "status", "where"),
    [
        ({"guests": []}, 400, "guests"),
        ({"customer_info": None}, 400, "customer_info"),
        ({"customer_id": "5d3c1f7e-22aa-4d53-8a55-1b6f3c9e0a01"}, 400, "customer_id"),
        ({"order": "sideways"}, 400, "order"),
        ({"surprise": 1}, 400, "surprise"),
        ({"override": ["hours"]}, 400, "override"),
    ],
    ids=("nobody", "no customer", "two customers", "no order", "unknown field", "a rule that stands"),
)
def test_a_wrong_body_is_said_and_books_nothing(salon, cut, ann, ben, desk, wrong, status, where):
    answer = desk().post(GROUPS, asked_for(salon, cut, cut) | wrong)

    assert (answer.status_code, list(answer.json()["errors"])) == (status, [where])
    assert Booking.objects.count() == 0


def test_a_guest_may_be_several_where_the_service_is_for_several_at_once(salon, cut, ann, desk):
    makeup = make_service("Make-up", minutes=60, cents=4000, allow_group_booking=True, max_group_size=3)
    make_member("Cy", performs=[makeup])
    client, asked, times = desk(), asked_for(salon, cut, makeup), times_asked(salon, cut, makeup)
    asked["guests"][1]["party_size"] = times["guests"][1]["party_size"] = 3

    slot = client.post(TIMES, times).json()["data"]["days"][0]["slots"][0]
    group = client.post(GROUPS, asked).json()

    assert ([guest["price_cents"] for guest in slot["guests"]], slot["price_cents"]) == ([5000, 12000], 17000)
    assert [(each["attendee_count"], each["price_cents"]) for each in group["bookings"]] == [(1, 5000), (3, 12000)]


def test_too_many_at_once_and_classes_are_refused_by_their_name(salon, cut, ann, ben, desk):
    yoga = make_service("Yoga", allow_group_booking=True, shared_session=True, max_group_size=4)
    make_member("Cy", performs=[yoga])
    client, crowd = desk(), {"party_size": 2}
    booked = [asked_for(salon, cut, cut), asked_for(salon, cut, yoga)]
    timed = [times_asked(salon, cut, cut), times_asked(salon, cut, yoga)]
    for each in (booked[0], timed[0]):
        each["guests"][0] |= crowd

    for path, bodies in ((GROUPS, booked), (TIMES, timed)):
        answers = [client.post(path, body) for body in bodies]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "not_bookable")] * 2
        assert [answer.json()["detail"] for answer in answers] == [
            "Cut is booked for one person at a time.",
            "Yoga is a class and is booked on its own, for as many people as come.",
        ]
    assert Booking.objects.count() == 0


def test_more_than_a_fortnight_is_too_much(salon, cut, ann, ben, desk):
    asked = times_asked(salon, cut, cut)
    last = at(salon, days=21).astimezone(salon.zone).date().isoformat()

    assert desk().post(TIMES, asked | {"end_date": last}).json()["code"] == "bad_range"


def test_who_may(salon, other_salon, cut, ann, ben, member, desk):
    asked, times = asked_for(salon, cut, cut), times_asked(salon, cut, cut)
    outsider = signed_in(salon, member("owner", other_salon))

    assert [Api(salon).post(GROUPS, asked).status_code, outsider.post(GROUPS, asked).status_code] == [401, 404]
    assert [Api(salon).post(TIMES, times).status_code, outsider.post(TIMES, times).status_code] == [401, 404]
    viewer = desk("viewer")
    assert [viewer.post(GROUPS, asked).status_code, viewer.post(TIMES, times).status_code] == [403, 200]
    assert Booking.objects.count() == 0
    group = desk("admin").post(GROUPS, asked).json()["id"]
    assert viewer.get(f"{GROUPS}/{group}").status_code == 200
    assert outsider.get(f"{GROUPS}/{group}").status_code == 404


def test_a_program_needs_the_scope_and_sees_no_contact_without_customers(salon, cut, ann, ben, member):
    owner = member("owner")
    reader, writer = (program(salon, owner, f"bookings:{act}", name=act) for act in ("read", "write"))
    asked, times = asked_for(salon, cut, cut), times_asked(salon, cut, cut)

    assert [reader.post(GROUPS, asked).status_code, writer.post(TIMES, times).status_code] == [403, 403]
    booked = writer.post(GROUPS, asked)

    assert (reader.post(TIMES, times).status_code, booked.status_code) == (200, 201)
    assert {(each["customer"], each["contact_phone"]) for each in booked.json()["bookings"]} == {(None, "")}


def test_ids_of_another_salon_are_not_there(salon, other_salon, cut, ann, ben, desk):
    with tenant_context(other_salon):
        stranger, foreign = make_customer(email="zoe@example.com"), make_service("Theirs")
    client = desk()
    asked = asked_for(salon, cut, cut, customer_id=str(stranger.pk))
    del asked["customer_info"]

    assert client.post(GROUPS, asked).status_code == 404
    assert client.post(GROUPS, asked_for(salon, cut, foreign)).status_code == 404
    assert client.post(GROUPS, asked_for(salon, cut, cut, tenant_id=str(other_salon.pk))).status_code == 404
    assert Booking.objects.count() == 0


def test_what_is_only_held_is_no_group_yet(salon, cut, ann, ben, desk):
    single = hold(salon, cut, at(salon))
    family = Family.objects.create(order="together")
    Booking.objects.filter(pk=single.pk).update(family=family, family_number=1)

    assert desk().get(f"{GROUPS}/{family.pk}").status_code == 404


def test_a_group_is_read_in_as_many_queries_whatever_its_size(salon, cut, ann, ben, desk, django_assert_num_queries):
    make_member("Cy", performs=[cut])
    client = desk()
    pair = client.post(GROUPS, asked_for(salon, cut, cut)).json()["id"]
    other = asked_for(salon, cut, cut, cut, start_time=at(salon, "14:00").isoformat())
    three = client.post(GROUPS, other).json()["id"]
    client.get(f"{GROUPS}/{pair}")

    for pk in (pair, three):
        with django_assert_num_queries(7):
            assert client.get(f"{GROUPS}/{pk}").status_code == 200
