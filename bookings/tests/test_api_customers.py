"""Customers through the API: found, added, changed, written about, merged, forgotten."""

from uuid import uuid4

import pytest
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Booking, Customer
from bookings.tests.factories import at, make_booking, make_customer, make_member
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
CUSTOMERS = "/api/v1/admin/customers"
#: act → (method, body, which of owner, admin, staff, viewer may)
ACTS = {
    "": ("post", {"name": "Mia"}, (201, 201, 201, 403)),
    "/{id}": ("patch", {"name": "Mia"}, (200, 200, 200, 403)),
    "/{id}/notes": ("post", {"text": "Likes tea"}, (201, 201, 201, 403)),
    "/{id}/merge": ("post", {"other_id": "{other}"}, (200, 200, 403, 403)),
    "/{id}/erase": ("post", {}, (200, 200, 403, 403)),
}


@pytest.fixture
def anna(salon):
    return make_customer(phone="+12125550187")


@pytest.fixture
def otto(salon):
    return make_customer("Otto Lind", "otto@example.com")


def call(api, act, anna, otto):
    method, body, _ = ACTS[act]
    body = {name: value.format(other=otto.pk) for name, value in body.items()}
    return getattr(api, method)(CUSTOMERS + act.format(id=anna.pk), body)


@pytest.mark.parametrize("number", range(4), ids=("owner", "admin", "staff", "viewer"))
@pytest.mark.parametrize("act", ACTS)
def test_a_role_does_what_it_may(anna, otto, works_here, act, number):
    answer = call(works_here(("owner", "admin", "staff", "viewer")[number]), act, anna, otto)

    assert answer.status_code == ACTS[act][2][number]


@pytest.mark.parametrize("act", [act for act in ACTS if act])
def test_another_salons_customers_do_not_exist(anna, otto, other_salon, member, act):
    api = signed_in(other_salon, member("owner", other_salon))

    assert call(api, act, anna, otto).status_code == 404
    assert set(Customer.objects.values_list("display_name", flat=True)) == {"Anna Berg", "Otto Lind"}


def test_a_customer_of_another_salon_is_not_merged_into_ours(anna, other_salon, works_here):
    with tenant_context(other_salon):
        theirs = make_customer("Nora", "nora@example.com")

    answer = works_here("owner").post(f"{CUSTOMERS}/{anna.pk}/merge", {"other_id": str(theirs.pk)})

    assert answer.status_code == 404


def test_a_customer_is_added_and_changed(salon, works_here):
    api, ann = works_here(), make_member()
    body = {"name": " Mia  Stone", "email": "Mia@x.example", "phone": "(212) 555-0190", "notes": "Nuts"}

    made = api.post(CUSTOMERS, body)
    path = f"{CUSTOMERS}/{made.json()['id']}"
    changed = api.patch(path, {"preferred_team_member_id": str(ann.pk), "notes": ""})

    assert (made.status_code, made.json()["name"], made.json()["phone"]) == (201, "Mia Stone", "+12125550190")
    assert (changed.json()["preferred_team_member_id"], changed.json()["notes"]) == (str(ann.pk), "")
    assert api.get(path).json()["email"] == "mia@x.example"


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "name"),
        ({"name": "Mia", "email": "anna@EXAMPLE.com"}, 422, "email"),
        ({"name": "Mia", "phone": "12"}, 400, "phone"),
        ({"name": "Mia", "marketing_opt_in": True}, 400, "marketing_opt_in"),
        ({"name": " "}, 400, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(anna, works_here, body, status, field):
    answer = works_here().post(CUSTOMERS, body)

    assert (answer.status_code, list(answer.json()["errors"])) == (status, [field])
    assert Customer.objects.count() == 1


def test_a_person_who_is_not_there_is_not_preferred(anna, works_here):
    answer = works_here().patch(f"{CUSTOMERS}/{anna.pk}", {"preferred_team_member_id": str(uuid4())})

    assert answer.status_code == 404


def test_customers_are_found_and_sorted(anna, otto, works_here):
    api = works_here()

    def found(**query):
        return [row["name"] for row in api.get(CUSTOMERS, **query).json()["results"]]

    assert found() == found(ordering="name") == ["Anna Berg", "Otto Lind"]
    assert found(ordering="-name") == found(ordering="-created_at") == ["Otto Lind", "Anna Berg"]
    assert (found(search="212 555-0187"), found(search="OTTO"), found(kind="new")) == (
        ["Anna Berg"],
        ["Otto Lind"],
        ["Anna Berg", "Otto Lind"],
    )
    assert (found(kind="lapsed", lapsed_days=30), found(marketing_opt_in="true")) == ([], [])
    assert api.get(CUSTOMERS, kind="rich").status_code == 400
    assert api.get(CUSTOMERS, lapsed_days=0).status_code == 400


def test_notes_are_listed_newest_first(anna, works_here):
    api = works_here()
    for text in ("first", "second"):
        api.post(f"{CUSTOMERS}/{anna.pk}/notes", {"text": text})

    rows = works_here("viewer").get(f"{CUSTOMERS}/{anna.pk}/notes").json()["results"]

    assert [(row["text"], row["author"]) for row in rows] == [
        ("second", "staff@rosa.example"),
        ("first", "staff@rosa.example"),
    ]


def test_merging_moves_visits_and_old_ids_lead_on(salon, cut, ann, works_here):
    otto = make_customer("Otto Lind", "otto@example.com")
    anna = make_booking(salon, cut, at(salon)).customer
    api = works_here("admin")

    done = api.post(f"{CUSTOMERS}/{otto.pk}/merge", {"other_id": str(anna.pk), "take": ["name", "email"]})

    assert (done.json()["id"], done.json()["name"], done.json()["email"], done.json()["upcoming"]) == (
        str(otto.pk),
        "Anna Berg",
        "anna@example.com",
        1,
    )
    assert api.get(f"{CUSTOMERS}/{anna.pk}").json()["id"] == str(otto.pk)
    assert api.get(f"{CUSTOMERS}/{anna.pk}/bookings").json()["count"] == 1


def test_who_is_forgotten_is_not_listed(salon, cut, ann, works_here):
    booking, api = make_booking(salon, cut, at(salon)), works_here("admin")
    path = f"{CUSTOMERS}/{booking.customer_id}"

    refused = api.post(f"{path}/erase")
    Booking.objects.update(status="canceled")
    done = api.post(f"{path}/erase")

    assert (refused.status_code, refused.json()["code"]) == (409, "customer_still_needed")
    assert (done.json()["name"], done.json()["email"], bool(done.json()["erased_at"])) == ("Erased customer", "", True)
    assert api.get(CUSTOMERS).json()["count"] == 0
    assert api.patch(path, {"name": "Anna"}).json()["code"] == "customer_erased"
    assert AuditEntry.objects.get(action="customer.erased").actor_label == "admin@rosa.example"
