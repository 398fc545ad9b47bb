"""`/api/v1/services` and `/api/v1/service-categories`: read by every member, written by admins and owners."""

import json
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.models import Booking, Service, ServiceCategory
from bookings.services import catalogue
from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
SERVICES, CATEGORIES = "/api/v1/services", "/api/v1/service-categories"
CUT = {"name": "Cut", "duration_min": 60, "price_cents": 5000}


@pytest.fixture
def api(works_here):
    return works_here("admin")


@pytest.fixture
def hair(salon):
    return ServiceCategory.objects.create(name="Hair")


def stored():
    return list(Service.objects.order_by("pk").values()), list(ServiceCategory.objects.order_by("pk").values())


# Who may -------------------------------------------------------------------------------------------

WRITES = [
    ("post", SERVICES, CUT),
    ("put", SERVICES + "/{cut}", CUT | {"price_cents": 6000}),
    ("patch", SERVICES + "/{cut}", {"price_cents": 6000}),
    ("delete", SERVICES + "/{cut}", None),
    ("post", CATEGORIES, {"name": "Nails"}),
    ("put", CATEGORIES + "/{hair}", {"name": "Nails"}),
    ("patch", CATEGORIES + "/{hair}", {"color": "#123456"}),
    ("delete", CATEGORIES + "/{hair}", None),
]


def call(api, verb, path, body):
    return api.delete(path) if verb == "delete" else getattr(api, verb)(path, body)


@pytest.mark.parametrize(("verb", "path", "body"), WRITES)
def test_admins_and_owners_write(salon, other_salon, cut, hair, member, verb, path, body):
    path = path.format(cut=cut.pk, hair=hair.pk)
    before = stored()

    assert call(Api(salon), verb, path, body).status_code == 401
    assert call(signed_in(salon, member("owner", other_salon)), verb, path, body).status_code == 404
    for role in ("viewer", "staff"):
        assert call(signed_in(salon, member(role)), verb, path, body).status_code == 403
    assert stored() == before
    assert call(signed_in(salon, member("admin")), verb, path, body).status_code in (200, 201, 204)
    assert stored() != before


@pytest.mark.parametrize(("verb", "path", "body"), WRITES)
def test_owners_too(salon, owner, cut, hair, verb, path, body):
    answer = call(signed_in(salon, owner), verb, path.format(cut=cut.pk, hair=hair.pk), body)

    assert answer.status_code == {"post": 201, "delete": 204}.get(verb, 200)


@pytest.mark.parametrize(("verb", "path", "body"), [write for write in WRITES if "{" in write[1]])
def test_another_salons_rows_are_not_there(salon, other_salon, api, verb, path, body):
    with tenant_context(other_salon):
        theirs = {"cut": make_service().pk, "hair": ServiceCategory.objects.create(name="Hair").pk}
        before = stored()

    assert call(api, verb, path.format(**theirs), body).status_code == 404
    assert call(api, verb, path.format(cut=uuid4(), hair=uuid4()), body).status_code == 404
    with tenant_context(other_salon):
        assert stored() == before


# Services ------------------------------------------------------------------------------------------


def test_a_service_is_made_with_everything_it_may_say(salon, api, hair):
    ann, bob = make_member("Ann"), make_member("Bob")
    body = {
        "name": "Colour",
        "description": "Whole head.",
        "short_description": "Colour",
        "category_id": str(hair.pk),
        "duration_min": 120,
        "price_cents": 12000,
        "deposit_type": "percent",
        "deposit_cents": 0,
        "deposit_percent": 20,
        "buffer_before_min": 5,
        "buffer_after_min": 10,
        "phases": [{"kind": kind, "minutes": 40} for kind in ("active", "processing", "active")],
        "min_notice_min": 120,
        "horizon_days": 30,
        "slot_step_min": 30,
        "instructions": "Come with dry hair.",
        "is_featured": True,
        "sort_order": 3,
        "requires_team_member_selection": True,
        "allow_group_booking": True,
        "max_group_size": 2,
        "shared_session": False,
        "scheduled_only": False,
        "parallel_ok": True,
        "active": True,
        "team_members": [
            {"team_member_id": str(each.pk), "price_cents": 13000, "duration_min": None} for each in (ann, bob)
        ],
    }

    answer = api.post(SERVICES, body | {"currency_code": "usd"})

    shown = answer.json()
    assert answer.status_code == 201
    assert {name: shown[name] for name in body if name != "team_members"} == {
        name: body[name] for name in body if name != "team_members"
    }
    assert sorted(each["team_member_id"] for each in shown["team_members"]) == sorted([str(ann.pk), str(bob.pk)])
    assert (shown["currency_code"], shown["image_url"]) == ("USD", None)
    assert api.get(f"{SERVICES}/{shown['id']}").json() == shown
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.address) == ("service.added", shown["id"], "127.0.0.1")


def test_a_service_made_by_a_program_can_be_booked_at_once(salon, api):
    ann = make_member("Ann")

    made = api.post(SERVICES, CUT).json()
    body = {
        "service_id": made["id"],
        "start_time": at(salon).isoformat(),
        "customer_info": {"name": "Bea Cole", "email": "bea@example.com", "phone": "+12125550188"},
        "consent": {"policies": True},
    }
    answer = Api(salon).post("/booking/create", body)

    assert [each["team_member_id"] for each in made["team_members"]] == [str(ann.pk)]
    assert answer.status_code == 201
    booking = Booking.objects.get()
    assert (booking.team_member, booking.price_cents, booking.start_at) == (ann, 5000, at(salon))


def test_put_names_what_a_service_needs_and_leaves_the_rest(salon, api, cut, hair):
    ann = make_member("Ann", performs=[cut])
    path = f"{SERVICES}/{cut.pk}"
    api.patch(path, {"instructions": "Come early.", "category_id": str(hair.pk)})

    without = api.put(path, {"price_cents": 7000})
    answer = api.put(path, {"name": "Cut", "duration_min": 45, "price_cents": 7000})

    assert (without.status_code, sorted(without.json()["errors"])) == (400, ["duration_min", "name"])
    shown = answer.json()
    assert (answer.status_code, shown["duration_min"], shown["price_cents"]) == (200, 45, 7000)
    assert (shown["instructions"], shown["category_id"]) == ("Come early.", str(hair.pk))
    assert [each["team_member_id"] for each in shown["team_members"]] == [str(ann.pk)]


def test_patch_changes_what_it_names(salon, api, cut, hair):
    cut.category = hair
    cut.save()

    answer = api.patch(f"{SERVICES}/{cut.pk}", {"category_id": None, "active": False})

    assert answer.json() == api.get(f"{SERVICES}/{cut.pk}").json() | {"stranded": 0}
    cut.refresh_from_db()
    assert (cut.category, cut.active, cut.name, cut.price_cents) == (None, False, "Cut", 5000)


def test_visits_left_behind_are_counted_and_stay(salon, api, cut, ann):
    bob = make_member("Bob")
    booking = make_booking(salon, cut, at(salon))
    path = f"{SERVICES}/{cut.pk}"

    kept = api.patch(path, {"price_cents": 6000})
    left = api.patch(path, {"team_members": [{"team_member_id": str(bob.pk)}]})

    assert (kept.json()["stranded"], left.json()["stranded"]) == (0, 1)
    booking.refresh_from_db()
    assert (booking.status, booking.team_member, booking.price_cents) == ("confirmed", ann, 5000)


def test_a_smaller_class_counts_its_visits(salon, api, cut, ann):
    Service.objects.filter(pk=cut.pk).update(allow_group_booking=True, max_group_size=4)
    cut.refresh_from_db()
    make_booking(salon, cut, at(salon), party_size=3)

    answers = [api.patch(f"{SERVICES}/{cut.pk}", {"max_group_size": size}).json() for size in (3, 2)]

    assert [answer["stranded"] for answer in answers] == [0, 1]


def test_a_booked_service_is_gone_for_programs_and_its_visits_are_not(salon, api, cut, ann):
    booking = make_booking(salon, cut, at(salon))
    path = f"{SERVICES}/{cut.pk}"

    assert [api.delete(path).status_code, api.delete(path).status_code] == [204, 404]
    assert (api.get(path).status_code, api.get(SERVICES).json()["count"]) == (404, 0)
    assert api.get(f"/api/v1/admin/bookings/{booking.pk}").json()["service_name"] == "Cut"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"colour": "red"}, {"colour": ["This field is not known."]}),
        ({"deleted_at": None}, {"deleted_at": ["This field is not known."]}),
        ({"image_url": "https://example.com/a.png"}, {"image_url": ["This field is not known."]}),
        ({"price_cents": "much"}, {"price_cents": ["A valid integer is required."]}),
        ({"price_cents": -1}, {"price_cents": ["Ensure this value is greater than or equal to 0."]}),
        ({"duration_min": 4}, {"duration_min": ["Ensure this value is greater than or equal to 5."]}),
        ({"currency_code": "EUR"}, {"currency_code": ["The salon counts in USD."]}),
        ({"phases": [{"kind": "nap", "minutes": 60}]}, {"phases": {"0": {"kind": ['"nap" is not a valid choice.']}}}),
        ({"phases": [{"kind": "active"}]}, {"phases": {"0": {"minutes": ["This field is required."]}}}),
        ({"team_members": [{}]}, {"team_members": {"0": {"team_member_id": ["This field is required."]}}}),
        (
            {"team_members": [{"team_member_id": str(uuid4()), "name": "Ann"}]},
            {"team_members": {"0": {"name": ["This field is not known."]}}},
        ),
    ],
)
@pytest.mark.parametrize("verb", ["post", "put", "patch"])
def test_what_is_misspelt_or_out_of_range_is_named(salon, api, cut, verb, body, errors):
    before = stored()
    path = SERVICES if verb == "post" else f"{SERVICES}/{cut.pk}"

    answer = call(api, verb, path, (CUT if verb != "patch" else {}) | body)

    assert (answer.status_code, answer.json()["code"], answer.json()["errors"]) == (400, "invalid", errors)
    assert stored() == before


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (
            {"phases": [{"kind": "active", "minutes": 30}]},
            {"phases": ["The phases must add up to the duration."]},
        ),
        ({"max_group_size": 3}, {"max_group_size": ["Switch on group booking, or set the group size to 1."]}),
        (
            {"deposit_type": "fixed", "deposit_cents": 5001},
            {"deposit_cents": ["The deposit is more than the service costs, $50.00."]},
        ),
    ],
)
def test_what_contradicts_itself_is_refused_where_it_was_written(salon, api, cut, body, errors):
    before = stored()

    answers = [api.post(SERVICES, CUT | body), api.patch(f"{SERVICES}/{cut.pk}", body)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(422, "not_accepted")] * 2
    assert [answer.json()["errors"] for answer in answers] == [errors] * 2
    assert stored() == before


def test_what_a_service_points_at_is_this_salons(salon, other_salon, api, cut):
    with tenant_context(other_salon):
        theirs = make_member("Theirs"), ServiceCategory.objects.create(name="Theirs")
    bodies = [{"team_members": [{"team_member_id": str(theirs[0].pk)}]}, {"category_id": str(theirs[1].pk)}]
    before = stored()

    answers = [
        answer
        for body in bodies
        for answer in (api.post(SERVICES, CUT | body), api.patch(f"{SERVICES}/{cut.pk}", body))
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "not_found")] * 4
    assert [answer.json()["detail"] for answer in answers] == ["There is no such team member."] * 2 + [
        "There is no such category."
    ] * 2
    assert stored() == before


def test_a_list_is_no_body(salon, api):
    assert api.post(SERVICES, json.dumps([CUT])).status_code == 400


def test_the_salon_is_full_at_some_point(salon, api, cut, monkeypatch):
    monkeypatch.setattr(catalogue, "MOST_SERVICES", 1)

    answer = api.post(SERVICES, CUT)

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")


# Categories ----------------------------------------------------------------------------------------


def test_categories_are_made_changed_and_removed(salon, api):
    made = api.post(CATEGORIES, {"name": "Hair", "description": "Cut and colour.", "color": "#aa3366", "sort_order": 2})
    path = f"{CATEGORIES}/{made.json()['id']}"

    assert made.status_code == 201
    assert api.get(path).json() == made.json()
    assert api.patch(path, {"color": "#123456"}).json() == made.json() | {"color": "#123456"}
    assert api.put(path, {"name": "Nails"}).json() == made.json() | {"color": "#123456", "name": "Nails"}
    assert api.put(path, {"color": "#123456"}).status_code == 400
    assert [api.delete(path).status_code, api.get(path).status_code] == [204, 404]
    assert list(AuditEntry.objects.order_by("at").values_list("action", flat=True)) == [
        "servicecategory.added",
        "servicecategory.changed",
        "servicecategory.changed",
        "servicecategory.deleted",
    ]


def test_a_taken_name_is_said_by_its_field(salon, api, hair):
    nails = api.post(CATEGORIES, {"name": "Nails"}).json()

    answers = [api.post(CATEGORIES, {"name": "Hair"}), api.patch(f"{CATEGORIES}/{nails['id']}", {"name": " Hair"})]

    assert [(answer.status_code, answer.json()["code"], answer.json()["errors"]) for answer in answers] == [
        (409, "name_taken", {"name": ["There is a category of this name already."]})
    ] * 2


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"colour": "#123456"}, {"colour": ["This field is not known."]}),
        ({"color": "red"}, {"color": ["Write the colour as # and six hexadecimal digits."]}),
        ({"name": ""}, {"name": ["This field may not be blank."]}),
        ({"sort_order": -1}, {"sort_order": ["Ensure this value is greater than or equal to 0."]}),
    ],
)
def test_a_category_that_cannot_be_is_refused(salon, api, hair, body, errors):
    answers = [api.post(CATEGORIES, {"name": "Nails"} | body), api.patch(f"{CATEGORIES}/{hair.pk}", body)]

    assert [(answer.status_code, answer.json()["errors"]) for answer in answers] == [(400, errors)] * 2
    assert list(ServiceCategory.objects.values_list("name", "color")) == [("Hair", "#7c3f58")]


def test_a_change_takes_as_many_queries_for_three_people_as_for_one(salon, api, cut, ann, django_assert_num_queries):
    def patch():
        return api.patch(f"{SERVICES}/{cut.pk}", {"name": f"Cut {timezone.now().timestamp()}"})

    with django_assert_num_queries(19):
        patch()
    for name in ("Bob", "Cem"):
        make_member(name, performs=[cut])
    with django_assert_num_queries(19):
        patch()
