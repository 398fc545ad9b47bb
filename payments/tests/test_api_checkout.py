import json
from uuid import uuid4

import pytest

from bookings.models import Booking, Customer, Occupancy, Status
from bookings.tests.factories import at, hold, make_booking, make_member, make_service
from payments.models import CardSetup, Payment
from tenants.tests.api import ELSEWHERE, NO_STATIC, Api

pytestmark = NO_STATIC
HOLD, CREATE = "/booking/hold", "/booking/create"
ANNA = {"name": "Anna  Berg", "email": "Anna@Example.com", "phone": "+1 212 555 0187"}


def slot(business, service, clock="10:00", **more):
    return {"service_id": str(service.pk), "start_time": at(business, clock).isoformat()} | more


def order(business, service, clock="10:00", **more):
    return slot(business, service, clock) | {"customer_info": ANNA, "consent": {"policies": True}} | more


def part(business, service, person, start, end, *, guests=1):
    """One service of a visit as agreed."""
    return {
        "service_id": str(service.pk),
        "team_member_id": str(person.pk),
        "name": service.name,
        "start": f"{at(business, start):%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{at(business, end):%Y-%m-%dT%H:%M:%SZ}",
        "price_cents": service.price_cents * guests,
        "duration_min": service.duration_min,
    }


def confirm(business, booking_id, body=None):
    return Api(business).post(f"/booking/confirm/{booking_id}", body)


def written():
    return Booking.objects.count(), Customer.objects.count(), Payment.objects.count(), Occupancy.objects.count()


def test_a_hold_keeps_the_time(salon, cut, ann):
    answer = Api(salon).post(HOLD, slot(salon, cut, tenant_id=str(salon.pk)))

    assert answer.status_code == 201
    booking = Booking.objects.get()
    assert answer.json() == {
        "success": True,
        "data": {
            "hold_id": str(booking.pk),
            "expires_at": f"{booking.hold_expires_at:%Y-%m-%dT%H:%M:%SZ}",
            "team_member_id": str(ann.pk),
            "start_time": f"{at(salon):%Y-%m-%dT%H:%M:%SZ}",
            "end_time": f"{at(salon, '11:00'):%Y-%m-%dT%H:%M:%SZ}",
            "services": [part(salon, cut, ann, "10:00", "11:00")],
            "price_cents": 5000,
            "currency_code": "USD",
            "gift_card": None,
            "rest_cents": 5000,
            "terms": answer.json()["data"]["terms"],
            "setup_intent": None,
        },
    }
    assert answer.json()["data"]["terms"]["in_words"] == [
        "You can cancel free of charge at any time before your visit."
    ]
    assert (booking.status, booking.browser_key, booking.client_address) == ("hold", "", "127.0.0.1")


def test_a_held_time_is_taken_with_alternatives(salon, cut, ann):
    Api(salon).post(HOLD, slot(salon, cut))
    before = written()

    answers = [Api(salon).post(HOLD, slot(salon, cut)), Api(salon).post(CREATE, order(salon, cut))]

    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
        assert [slot["local_label"] for slot in answer.json()["alternatives"]] == ["09:00", "11:00", "11:15"]
        assert answer.json()["alternatives"][0]["start"] == f"{at(salon, '09:00'):%Y-%m-%dT%H:%M:%SZ}"
    assert written() == before


def test_a_hold_given_up_frees_the_time_at_once(salon, cut, ann):
    path = f"{HOLD}/{Api(salon).post(HOLD, slot(salon, cut)).json()['data']['hold_id']}"

    assert [Api(salon).delete(path).status_code for _ in range(2)] == [204, 204]

    assert Booking.objects.get().status == Status.EXPIRED
    assert Api(salon).post(HOLD, slot(salon, cut)).status_code == 201


def test_only_holds_of_the_api_can_be_given_up(salon, other_salon, cut, ann):
    mine = hold(salon, cut, at(salon), browser_key="somebody's browser")
    kept = make_booking(salon, cut, at(salon, "12:00"))
    loose = hold(salon, cut, at(salon, "14:00"))

    assert Api(salon).delete(f"{HOLD}/{mine.pk}").status_code == 404
    assert Api(salon).delete(f"{HOLD}/{kept.pk}").status_code == 404
    assert Api(salon).delete(f"{HOLD}/{uuid4()}").status_code == 404
    assert Api(other_salon).delete(f"{HOLD}/{loose.pk}").status_code == 404
    assert Occupancy.objects.count() == 3


def test_booking_without_a_card_is_confirmed_at_once(salon, cut, ann):
    answer = Api(salon).post(
        CREATE,
        order(
            salon,
            cut,
            special_requests="Quiet, please",
            for_name="Tom",
            timezone="Asia/Tokyo",
            customer_info=ANNA | {"phone": "(212) 555-0187"},
        ),
    )

    assert answer.status_code == 201
    booking = Booking.objects.select_related("customer").get()
    data = answer.json()["data"]
    assert (data["booking_id"], data["status"], data["payment_status"]) == (
        str(booking.pk),
        "confirmed",
        "requires_action",
    )
    assert (data["confirmation_number"], data["setup_intent"]) == (booking.ref, None)
    assert data["manage_url"].startswith(f"{salon.url}/b/")
    assert (booking.contact_name, booking.contact_email, str(booking.contact_phone)) == (
        "Anna Berg",
        "anna@example.com",
        "+12125550187",
    )
    assert (booking.customer.display_name, booking.special_requests) == ("Anna Berg", "Quiet, please")
    assert (booking.for_name, booking.customer_tz) == ("Tom", "Asia/Tokyo")
    assert booking.consent["agreed_at"]
    assert confirm(salon, booking.pk).json()["data"]["status"] == "confirmed"


def test_a_hold_is_booked_by_its_id(salon, cut, ann):
    hold_id = Api(salon).post(HOLD, slot(salon, cut)).json()["data"]["hold_id"]

    answer = Api(salon).post(CREATE, order(salon, cut, hold_id=hold_id))

    assert (answer.status_code, answer.json()["data"]["booking_id"]) == (201, hold_id)
    assert Booking.objects.get().status == Status.CONFIRMED


@pytest.mark.parametrize("change", ["service", "start", "person", "party"])
def test_a_hold_is_booked_for_what_it_holds(salon, cut, ann, change):
    other = make_service("Colour", allow_group_booking=True, max_group_size=3)
    bob = make_member("Bob", performs=[other])
    hold_id = Api(salon).post(HOLD, slot(salon, cut)).json()["data"]["hold_id"]
    wrong = {
        "service": {"service_id": str(other.pk)},
        "start": {"start_time": at(salon, "12:00").isoformat()},
        "person": {"team_member_id": str(bob.pk)},
        "party": {"party_size": 2},
    }[change]

    answer = Api(salon).post(CREATE, order(salon, cut, hold_id=hold_id) | wrong)

    assert (answer.status_code, answer.json()["code"]) == (422, "hold_mismatch")
    assert Booking.objects.get().status == Status.HOLD


@pytest.fixture
def bob(salon):
    return make_member("Bob")


@pytest.fixture
def colour(bob):
    """Ninety minutes for 120.00, by Bob; two guests at most, and at the same time as another service."""
    service = make_service(
        "Colour", minutes=90, cents=12000, parallel_ok=True, allow_group_booking=True, max_group_size=2
    )
    service.assignments.create(team_member=bob)
    return service


def visit(business, *services, clock="10:00", **more):
    ids = [str(service.pk) for service in services]
    return {"service_ids": ids, "start_time": at(business, clock).isoformat()} | more


@pytest.mark.parametrize("steps", ["one", "two"])
def test_several_services_are_one_booking(salon, cut, ann, colour, bob, steps):
    body = visit(salon, cut, colour, team_member_ids=[str(ann.pk), None])
    held = Api(salon).post(HOLD, body).json()["data"] if steps == "two" else {}
    hold_id = {"hold_id": held["hold_id"]} if held else {}

    answer = Api(salon).post(CREATE, body | hold_id | {"customer_info": ANNA, "consent": {"policies": True}})

    assert answer.status_code == 201
    data, agreed = (
        answer.json()["data"],
        [part(salon, cut, ann, "10:00", "11:00"), part(salon, colour, bob, "11:00", "12:30")],
    )
    assert (data["services"], data["price_cents"], data["status"]) == (agreed, 17000, "confirmed")
    assert held.get("services", agreed) == agreed
    assert data["end_time"] == f"{at(salon, '12:30'):%Y-%m-%dT%H:%M:%SZ}"
    assert (Booking.objects.count(), Occupancy.objects.count(), Payment.objects.get().amount_cents) == (1, 2, 17000)


def test_the_parts_cost_what_the_party_pays(salon, colour, bob):
    data = Api(salon).post(HOLD, visit(salon, colour, party_size=2)).json()["data"]

    assert data["services"] == [part(salon, colour, bob, "10:00", "11:30", guests=2)]
    assert data["price_cents"] == 24000


@pytest.mark.parametrize(
    ("change", "matches"),
    [
        ({}, True),
        ({"services": []}, True),
        ({"team_member_ids": ["ann", "bob"]}, True),
        ({"team_member_ids": [None, "bob"]}, True),
        ({"party_size": 1, "together": True}, True),
        ({"services": ["colour", "cut"]}, False),
        ({"services": ["cut"]}, False),
        ({"services": ["cut", "colour", "cut"]}, False),
        ({"team_member_ids": ["bob", "ann"]}, False),
        ({"team_member_ids": [None, "ann"]}, False),
        ({"team_member_id": "ann"}, False),
        ({"services": [], "team_member_ids": ["ann"]}, False),
        ({"party_size": 2}, False),
        ({"together": False}, False),
    ],
)
def test_a_hold_of_several_is_booked_for_all_it_holds(salon, cut, ann, colour, bob, change, matches):
    type(cut).objects.filter(pk=cut.pk).update(parallel_ok=True)
    held = Api(salon).post(HOLD, visit(salon, cut, colour, together=True)).json()["data"]
    body = {"hold_id": held["hold_id"], "customer_info": ANNA, "consent": {"policies": True}}
    said = visit(salon, *({"cut": cut, "colour": colour}[name] for name in change.get("services", ["cut", "colour"])))
    said |= {name: value for name, value in change.items() if name != "services"}
    text = json.dumps({name: value for name, value in (body | said).items() if value != []})
    for name, person in (("ann", ann), ("bob", bob)):
        text = text.replace(f'"{name}"', f'"{person.pk}"')

    answer = Api(salon).post(CREATE, text)

    if matches:
        assert answer.status_code == 201
    else:
        assert (answer.status_code, answer.json()["code"]) == (422, "hold_mismatch")
        assert Booking.objects.get().status == Status.HOLD


def test_a_seat_of_a_class_is_booked_and_the_last_one_is_refused(salon, ann):
    yoga = make_service("Yoga", cents=2000, allow_group_booking=True, max_group_size=2, shared_session=True)
    yoga.assignments.create(team_member=ann)
    guests = [ANNA | {"email": f"guest{number}@example.com"} for number in range(3)]

    answers = [Api(salon).post(CREATE, order(salon, yoga, customer_info=guest)) for guest in guests]

    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert (Booking.objects.count(), Occupancy.objects.count()) == (2, 1)


def test_a_class_is_booked_on_its_own(salon, cut, ann):
    yoga = make_service("Yoga", allow_group_booking=True, max_group_size=8, shared_session=True)
    yoga.assignments.create(team_member=ann)

    answer = Api(salon).post(HOLD, visit(salon, cut, yoga))

    assert (answer.status_code, answer.json()["code"]) == (422, "not_bookable")
    assert written() == (0, 0, 0, 0)


def test_a_lapsed_hold_is_refused_and_frees_the_time(salon, cut, ann, django_assert_num_queries):
    held = hold(salon, cut, at(salon))
    Booking.objects.update(hold_expires_at=held.created_at)
    Occupancy.objects.update(expires_at=held.created_at)

    answer = Api(salon).post(CREATE, order(salon, cut, hold_id=str(held.pk)))

    assert (answer.status_code, answer.json()["code"]) == (409, "hold_expired")
    assert (Customer.objects.count(), Payment.objects.count()) == (0, 0)
    assert Api(salon).post(HOLD, slot(salon, cut)).status_code == 201


@pytest.mark.parametrize("texts", [True, False])
def test_texts_are_agreed_to_by_programs_too(salon, cut, ann, texts):
    Api(salon).post(CREATE, order(salon, cut, consent={"policies": True, "texts": texts}))

    assert (Booking.objects.get().texts_agreed_at is not None) is texts
    assert Customer.objects.get().wants_texts is texts


def test_another_browsers_hold_and_another_salons_do_not_exist(salon, other_salon, cut, ann):
    mine = hold(salon, cut, at(salon), browser_key="somebody's browser")
    loose = hold(salon, cut, at(salon, "12:00"))

    assert Api(salon).post(CREATE, order(salon, cut, hold_id=str(mine.pk))).status_code == 404
    assert Api(other_salon).post(CREATE, order(salon, cut, hold_id=str(loose.pk))).status_code == 404
    assert confirm(other_salon, loose.pk).status_code == 404
    assert Api(salon).post(CREATE, order(salon, cut, tenant_id=str(other_salon.pk))).status_code == 404
    assert Customer.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"consent": {"policies": False}}, 422, "consent_required"),
        ({"consent": None}, 400, "invalid"),
        (
            {"consent": {"policies": True, "texts": True}, "customer_info": ANNA | {"phone": "+33145678901"}},
            400,
            "invalid",
        ),
        ({"customer_info": {"name": "A", "email": "a@b.example", "phone": "12"}}, 400, "invalid"),
        ({"customer_info": {"name": "A", "email": "nobody", "phone": "+12125550187"}}, 400, "invalid"),
        ({"customer_info": {"name": " ", "email": "a@b.example", "phone": "+12125550187"}}, 400, "invalid"),
        ({"customer_info": {"name": "A\x00", "email": "a@b.example", "phone": "+12125550187"}}, 400, "invalid"),
        ({"customer_info": {**ANNA, "id": "1"}}, 400, "invalid"),
        ({"customer_info": "Anna"}, 400, "invalid"),
        ({"special_requests": "x" * 1001}, 400, "invalid"),
        ({"special_requests": "\ud800"}, 400, "invalid"),
        ({"gift_card_code": "ABCD"}, 422, "gift_card_invalid"),
        ({"price_cents": 1}, 400, "invalid"),
        ({"status": "confirmed"}, 400, "invalid"),
        ({"customer_id": str(uuid4())}, 400, "invalid"),
        ({"start_time": None}, 400, "invalid"),
        ({"start_time": "2027-01-01T10:00:00"}, 400, "invalid"),
        ({"start_time": "2020-01-01T15:00:00Z"}, 422, "rule_broken"),
        ({"clock": "21:00"}, 422, "rule_broken"),
        ({"clock": "10:07"}, 422, "rule_broken"),
        ({"clock": "10:00:00.5"}, 400, "invalid"),
        ({"service_id": str(uuid4())}, 404, "not_found"),
        ({"team_member_id": str(uuid4())}, 404, "not_found"),
        ({"hold_id": str(uuid4())}, 404, "not_found"),
        ({"hold_id": "1"}, 400, "invalid"),
        ({"party_size": 2}, 422, "not_bookable"),
        ({"party_size": -1}, 400, "invalid"),
        ({"setup_intent_id": "seti_1"}, 400, "invalid"),
    ],
)
def test_a_bad_order_is_refused_and_nothing_written(salon, cut, ann, change, status, code):
    if clock := change.get("clock"):
        change = {"start_time": at(salon, clock).isoformat()}

    answer = Api(salon).post(CREATE, order(salon, cut) | change)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]
    assert written() == (0, 0, 0, 0)


def test_the_broken_rule_is_named(salon, cut, ann):
    answer = Api(salon).post(CREATE, order(salon, cut, "21:00"))

    assert (answer.json()["rule"], answer.json()["detail"]) == ("not_working", "Ann does not work at this time.")


def test_a_guest_with_a_known_address_changes_nobody(salon, cut, ann):
    known = make_booking(salon, cut, at(salon, "14:00")).customer
    guest = {"name": "Mallory", "email": "ANNA@example.com", "phone": "+12125550199"}

    answer = Api(salon).post(CREATE, order(salon, cut, customer_info=guest))

    assert answer.status_code == 201
    known.refresh_from_db()
    assert (Customer.objects.count(), known.display_name, str(known.phone)) == (1, "Anna Berg", "+12125550187")
    assert "Anna Berg" not in answer.text


def test_two_visits_at_one_time_are_refused_whole(salon, cut, ann):
    make_member("Bob", performs=[cut])
    make_booking(salon, cut, at(salon))
    before = written()

    answer = Api(salon).post(CREATE, order(salon, cut))

    assert (answer.status_code, answer.json()["code"]) == (422, "own_overlap")
    assert written() == before


def test_the_same_key_gives_the_same_booking(salon, cut, ann):
    key = {"Idempotency-Key": "order-1"}

    answers = [Api(salon).post(CREATE, order(salon, cut), **key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert Booking.objects.count() == 1


def test_a_key_is_for_one_body_and_one_salon(salon, other_salon, cut, ann):
    key = {"Idempotency-Key": "order-1"}
    Api(salon).post(CREATE, order(salon, cut), **key)

    other = Api(salon).post(CREATE, order(salon, cut, "12:00"), **key)
    elsewhere = Api(other_salon).post(CREATE, order(salon, cut), **key)

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert elsewhere.status_code == 404
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 129, "a\x7f"])
def test_a_key_must_be_reasonable(salon, cut, ann, key):
    answer = Api(salon).post(CREATE, order(salon, cut), **{"Idempotency-Key": key})

    assert (answer.status_code, written()) == (400, (0, 0, 0, 0))


def test_a_refused_order_does_not_use_its_key_up(salon, cut, ann):
    blocking, key = hold(salon, cut, at(salon)), {"Idempotency-Key": "order-1"}
    assert Api(salon).post(CREATE, order(salon, cut), **key).status_code == 409
    Api(salon).delete(f"{HOLD}/{blocking.pk}")

    assert Api(salon).post(CREATE, order(salon, cut), **key).status_code == 201


def test_bookings_are_limited_per_address(salon, cut, ann, settings):
    settings.BOOKINGS_PER_ADDRESS_PER_HOUR = 2
    api = Api(salon, address=ELSEWHERE)
    guests = [ANNA | {"email": f"guest{n}@example.com"} for n in range(4)]

    refused = api.post(CREATE, order(salon, cut, "21:00"))
    clocks = ("10:00", "11:00", "12:00")
    made = [
        api.post(CREATE, order(salon, cut, clock, customer_info=guest)).status_code
        for clock, guest in zip(clocks, guests, strict=False)
    ]

    assert (refused.status_code, made) == (422, [201, 201, 429])
    assert Api(salon, address="198.51.100.4").post(CREATE, order(salon, cut, "12:00")).status_code == 201


def test_one_address_holds_five_times_at_most(salon, cut, ann):
    api = Api(salon, address=ELSEWHERE)

    answers = [
        api.post(HOLD, slot(salon, cut, clock)).status_code
        for clock in ("09:00", "10:00", "11:00", "12:00", "13:00", "14:00")
    ]

    assert answers == [201] * 5 + [429]


def test_a_page_of_another_site_cannot_ride_on_a_session(salon, cut, ann, staff):
    """The open endpoints know no session: nothing they do can be done in anybody's name."""
    from config.testing_client import HostClient

    browser = HostClient(enforce_csrf_checks=True, HTTP_HOST=salon.host)
    browser.schema_name = salon.schema_name
    browser.force_login(staff)

    answer = browser.post(HOLD, slot(salon, cut), content_type="application/json")

    assert answer.status_code == 201
    assert Booking.objects.get().source == "online"


# With a card -----------------------------------------------------------------------------------


def test_a_hold_starts_saving_a_card(salon, cut, ann, account):
    answer = Api(salon).post(HOLD, slot(salon, cut))

    intent = answer.json()["data"]["setup_intent"]
    assert set(intent) == {"id", "client_secret", "stripe_account", "publishable_key"}
    assert intent["stripe_account"] == account.id
    assert CardSetup.objects.get().setup_intent_id == intent["id"]
    assert account.stripe.setup_intents.retrieve(intent["id"]).usage == "off_session"


def test_a_free_visit_asks_for_no_card(salon, account):
    free = make_service("Advice", cents=0)
    make_member(performs=[free])

    answer = Api(salon).post(CREATE, order(salon, free))

    assert (answer.json()["data"]["status"], answer.json()["data"]["setup_intent"]) == ("confirmed", None)


def test_booking_with_a_card_in_two_calls(salon, cut, ann, account):
    data = Api(salon).post(CREATE, order(salon, cut)).json()["data"]
    early = confirm(salon, data["booking_id"])
    account.save_card(data["setup_intent"]["id"])

    late = confirm(salon, data["booking_id"], {"setup_intent_id": data["setup_intent"]["id"]})

    assert (data["status"], data["payment_status"]) == ("pending", "requires_action")
    assert (early.status_code, early.json()["code"]) == (402, "card_not_saved")
    assert (late.status_code, late.json()["data"]["status"]) == (200, "confirmed")
    assert confirm(salon, data["booking_id"]).status_code == 200
    assert (CardSetup.objects.get().last4, account.ledger()) == ("4242", [])


def test_booking_with_a_card_saved_during_the_hold(salon, cut, ann, account):
    held = Api(salon).post(HOLD, slot(salon, cut)).json()["data"]
    account.save_card(held["setup_intent"]["id"])

    answer = Api(salon).post(
        CREATE, order(salon, cut, hold_id=held["hold_id"], setup_intent_id=held["setup_intent"]["id"])
    )

    assert (answer.status_code, answer.json()["data"]["status"]) == (201, "confirmed")
    assert account.ledger() == []


def test_a_payment_method_alone_is_never_believed(salon, cut, ann, account):
    body = order(salon, cut, payment_method={"type": "card", "stripe_payment_method_id": "pm_card_visa"})

    data = Api(salon).post(CREATE, body).json()["data"]

    assert data["status"] == "pending"
    assert confirm(salon, data["booking_id"]).status_code == 402
    assert (CardSetup.objects.get().payment_method_id, account.ledger()) == ("", [])


def test_somebody_elses_set_up_does_not_count(salon, cut, ann, account):
    mine = Api(salon).post(CREATE, order(salon, cut)).json()["data"]
    guest = ANNA | {"email": "other@example.com"}
    other = Api(salon).post(CREATE, order(salon, cut, "12:00", customer_info=guest)).json()["data"]
    account.save_card(other["setup_intent"]["id"])

    answer = confirm(salon, mine["booking_id"], {"setup_intent_id": other["setup_intent"]["id"]})

    assert (answer.status_code, answer.json()["code"]) == (402, "card_not_saved")
    assert Booking.objects.get(pk=mine["booking_id"]).status == Status.PENDING


def test_a_declined_card_saves_nothing(salon, cut, ann, account):
    from stripe import CardError

    data = Api(salon).post(CREATE, order(salon, cut)).json()["data"]
    with pytest.raises(CardError):
        account.save_card(data["setup_intent"]["id"], "pm_card_chargeDeclined")

    assert confirm(salon, data["booking_id"]).status_code == 402
    account.save_card(data["setup_intent"]["id"])
    assert confirm(salon, data["booking_id"]).status_code == 200


def test_the_same_key_gives_the_same_set_up(salon, cut, ann, account):
    key = {"Idempotency-Key": "order-1"}

    first, second = (Api(salon).post(CREATE, order(salon, cut), **key).json()["data"] for _ in range(2))

    assert first["setup_intent"] == second["setup_intent"]
    account.save_card(first["setup_intent"]["id"])
    confirm(salon, first["booking_id"])
    third = Api(salon).post(CREATE, order(salon, cut), **key).json()["data"]
    assert (third["booking_id"], third["status"], third["setup_intent"]) == (first["booking_id"], "confirmed", None)


def test_a_hold_without_stripe_is_given_up(salon, cut, ann, no_stripe):
    answer = Api(salon).post(HOLD, slot(salon, cut))

    assert (answer.status_code, answer.json()["code"]) == (503, "card_unavailable")
    assert (Booking.objects.get().status, Occupancy.objects.count()) == (Status.EXPIRED, 0)


def test_an_order_without_stripe_is_given_up(salon, cut, ann, no_stripe):
    answer = Api(salon).post(CREATE, order(salon, cut))

    assert (answer.status_code, answer.json()["code"]) == (503, "card_unavailable")
    assert (Booking.objects.get().status, Occupancy.objects.count()) == (Status.FAILED, 0)


def test_an_order_with_a_key_survives_stripes_absence(salon, cut, ann, account, local_stripe):
    key = {"Idempotency-Key": "order-1"}
    local_stripe.fault("500", "customers")

    answers = [Api(salon).post(CREATE, order(salon, cut), **key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [503, 201]
    assert Booking.objects.get().status == Status.PENDING
    assert answers[1].json()["data"]["setup_intent"]["id"] == CardSetup.objects.get().setup_intent_id


def test_confirming_without_stripe_keeps_the_time(salon, cut, ann, account, settings):
    from payments.tests.conftest import repoint

    data = Api(salon).post(CREATE, order(salon, cut)).json()["data"]
    account.save_card(data["setup_intent"]["id"])
    base, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    repoint()
    away = confirm(salon, data["booking_id"])
    settings.STRIPE_API_BASE = base
    repoint()

    assert (away.status_code, away.json()["code"]) == (503, "card_unavailable")
    assert confirm(salon, data["booking_id"]).status_code == 200


def test_confirming_what_was_never_ordered_is_refused(salon, cut, ann):
    held = Api(salon).post(HOLD, slot(salon, cut)).json()["data"]

    answer = confirm(salon, held["hold_id"])

    assert (answer.status_code, answer.json()["status_now"]) == (409, "hold")
    assert confirm(salon, uuid4()).status_code == 404


def test_the_card_is_wanted_until_the_salon_cannot_charge_any_more(salon, cut, ann, account):
    from tenants.models import TenantBilling

    TenantBilling.objects.update(charges_enabled=False)

    answer = Api(salon).post(CREATE, order(salon, cut))

    assert answer.json()["data"]["status"] == "confirmed"
