"""Step 6 for programs: a category and its services, made, used again and changed by name."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.models import Service, ServiceCategory
from bookings.tests.factories import make_member
from onboarding import services
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
PATH = "/api/v1/onboarding/step6/services-categories"
CUT = {"name": "Men's Cut", "duration_min": 30, "price_cents": 3000, "instructions": "Arrive 5 minutes early"}
HAIRCUTS = {"name": "Haircuts", "color": "#FF5733", "services": [CUT]}


@pytest.fixture
def api(newcomer):
    return signed_in(None, newcomer)


@pytest.fixture
def inside(opened):
    with tenant_context(opened.business):
        make_member("Mara")
        yield opened


def post(api, category, status=200, **more):
    answer = api.post(PATH, {"category": category} | more)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_category_and_its_services_are_made(api, inside):
    data = post(api, HAIRCUTS)["data"]

    category, service = ServiceCategory.objects.get(), Service.objects.get()
    assert data == {
        "tenant_id": str(inside.pk),
        "subdomain": "lark",
        "current_step": 3,
        "completed_steps": [1, 2, 6],
        "category_id": str(category.pk),
        "service_ids": [str(service.pk)],
    }
    assert (category.name, category.color) == ("Haircuts", "#FF5733")
    assert (service.name, service.price_cents, service.instructions) == ("Men's Cut", 3000, "Arrive 5 minutes early")
    assert [own.team_member.first_name for own in service.assignments.all()] == ["Mara"]


def test_the_same_body_twice_changes_nothing(api, inside):
    assert post(api, HAIRCUTS)["data"]["service_ids"] == post(api, HAIRCUTS)["data"]["service_ids"]

    assert (ServiceCategory.objects.count(), Service.objects.count()) == (1, 1)


def test_a_name_that_is_there_is_changed_and_another_added(api, inside):
    [cut] = post(api, HAIRCUTS)["data"]["service_ids"]
    longer = CUT | {"name": "men's cut", "duration_min": 45}
    trim = {"name": "Trim", "duration_min": 20, "price_cents": 2000}

    data = post(api, {"name": "haircuts", "services": [longer, trim]})["data"]

    assert data["service_ids"][0] == cut
    assert list(Service.objects.order_by("sort_order").values_list("name", "duration_min")) == [
        ("Men's Cut", 45),
        ("Trim", 20),
    ]
    assert ServiceCategory.objects.get().color == "#FF5733"


def test_several_categories_and_what_stands_under_none(api, inside):
    post(api, HAIRCUTS)
    post(api, {"name": "Nails", "services": []})

    data = post(api, {"name": "", "services": [CUT | {"name": "Consultation"}]})["data"]

    assert data["category_id"] is None
    assert list(ServiceCategory.objects.order_by("sort_order").values_list("name", flat=True)) == ["Haircuts", "Nails"]


def test_who_performs_it_and_at_what_price(api, inside):
    ann = make_member("Ann")
    people = [{"team_member_id": str(ann.pk), "price_cents": 4000}]

    post(api, HAIRCUTS | {"services": [CUT | {"team_members": people}]})
    post(api, HAIRCUTS)

    assert list(Service.objects.get().assignments.values_list("team_member", "price_cents")) == [(ann.pk, 4000)]


def test_progress_gives_the_bodies_that_make_the_menu(api, inside):
    post(api, HAIRCUTS)
    post(api, {"name": "", "services": [CUT | {"name": "Consultation"}]})

    bodies = api.get("/api/v1/onboarding/progress").json()["data"]["step_data"]["6"]

    assert [body["category"]["name"] for body in bodies] == ["Haircuts", ""]
    assert bodies[0]["category"]["services"][0]["price_cents"] == 3000
    before = list(Service.objects.order_by("pk").values())
    for body in bodies:
        post(api, body["category"])
    assert list(Service.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("category", "errors"),
    [
        ({"name": "Hair"}, {"services": ["This field is required."]}),
        ({"name": "x" * 81, "services": []}, {"name": ["Ensure this field has no more than 80 characters."]}),
        ({"name": "Hair", "services": [CUT], "colour": "red"}, {"colour": ["This field is not known."]}),
        ({"name": "Hair", "services": [CUT, CUT | {"name": "MEN'S CUT"}]}, {"services": ["Name each service once."]}),
    ],
)
def test_wrong_categories_are_named(api, inside, category, errors):
    assert post(api, category, 400)["errors"]["category"] == errors
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price_cents": -1}, "price_cents"),
        ({"duration_min": "soon"}, "duration_min"),
        ({"name": ""}, "name"),
        ({"category_id": None}, "category_id"),
        ({"deposit": 3}, "deposit"),
    ],
)
def test_wrong_services_are_named_at_their_place(api, inside, change, field):
    refused = post(api, HAIRCUTS | {"services": [CUT | {"name": "Fine"}, CUT | change]}, 400)

    assert list(refused["errors"]["category"]["services"]["1"]) == [field]
    assert not ServiceCategory.objects.exists()


def test_what_the_menu_refuses_stands_at_its_place_and_nothing_is_written(api, inside):
    phases = [{"kind": "active", "minutes": 10}]

    refused = post(api, HAIRCUTS | {"services": [CUT, CUT | {"name": "Colour", "phases": phases}]}, 422)

    assert refused["errors"] == {
        "category": {"services": {"1": {"phases": ["The phases must add up to the duration."]}}}
    }
    assert not ServiceCategory.objects.exists()
    assert not Service.objects.exists()


def test_another_currency_than_the_salons_is_refused(api, inside):
    assert post(api, HAIRCUTS | {"services": [CUT | {"currency_code": "usd"}]})

    refused = post(api, HAIRCUTS | {"services": [CUT | {"currency_code": "EUR"}]}, 400)

    assert refused["errors"]["category"]["services"] == ["The salon counts in USD."]


def test_several_of_one_name_are_not_guessed_at(api, inside):
    post(api, HAIRCUTS)
    Service.objects.create(name="Men's Cut", category=ServiceCategory.objects.get(), duration_min=60, price_cents=1)

    refused = post(api, HAIRCUTS, 422)

    assert "Several services are called" in refused["errors"]["category"]["services"]["0"]["name"][0]


def test_a_menu_without_services_does_not_finish_the_step(api, inside):
    assert post(api, {"name": "Nails", "services": []}, 409)["code"] == "no_services"
    assert not ServiceCategory.objects.exists()


def test_the_step_cannot_be_left_for_later(api, inside):
    assert "skip" in api.post(PATH, {"skip": True}).json()["errors"]


def test_people_and_salons_of_others_do_not_exist(api, inside, rosa):
    with tenant_context(rosa):
        foreign = make_member("Rosa")
    people = [{"team_member_id": str(foreign.pk)}]

    post(api, HAIRCUTS | {"services": [CUT | {"team_members": people}]}, 404)
    post(api, HAIRCUTS, 404, tenant_id=str(rosa.pk))

    assert not Service.objects.exists()
    with tenant_context(rosa):
        assert not Service.objects.filter(name="Men's Cut").exists()


def test_the_verb_says_what_is_wrong_with_every_row(inside, by):
    rows = [
        {"category": "x" * 81, "name": "Cut", "duration_min": 30, "price_cents": 1},
        {"category": "", "name": "Trim", "duration_min": 30, "price_cents": 1},
        {"category": "", "name": "y" * 121, "duration_min": 3, "price_cents": 1},
    ]

    with pytest.raises(services.RowsRefused) as refused:
        services.save_services(progress=inside, rows=rows, by=by, now=timezone.now())

    assert {place: sorted(said) for place, said in refused.value.rows.items()} == {
        0: ["category"],
        2: ["duration_min", "name"],
    }
    assert not Service.objects.exists()
