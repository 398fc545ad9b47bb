"""One field for everything, as far as the reader may see it."""

import pytest

from bookings.tests.factories import at, make_booking, make_customer
from dashboard.tests.pages import page, url
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
SEARCH = 8


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def visit(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


def groups(client, term):
    found = client.get(url("search"), {"q": term}).context["groups"]
    return {group["title"]: [row["title"] for row in group["rows"]] for group in found}


@pytest.mark.parametrize("term", ["berg", "Berg Anna", "anna@example", "(212) 555-0187", "+1 212 555 0187"])
def test_people_and_their_visits_are_found_however_they_are_written(term, visit, desk):
    when = f"{visit.local_start:%a} {visit.local_start.day} {visit.local_start:%b}, 10:00"

    assert groups(desk(), term) == {"Visits": [f"Anna Berg, {when}"], "Customers": ["Anna Berg"]}


def test_what_no_text_can_hold_is_a_gap(visit, desk):
    assert set(groups(desk(), "anna\0berg\0")) == {"Visits", "Customers"}


def test_a_reference_and_a_service_are_found(visit, desk):
    client = desk()

    assert list(groups(client, visit.ref.lower())) == ["Visits"]
    assert groups(client, "cut") == {"Services": ["Cut"]}


def test_a_result_leads_to_its_page(visit, desk):
    assert f'href="{page(visit)}"' in desk().get(url("search"), {"q": "berg"}).text


@pytest.mark.parametrize("term", ["", "b", " ", "nobody at all", "%", "__", "=*\\'\";--"])
def test_too_little_or_nothing_finds_nothing(term, visit, desk):
    assert groups(desk(), term) == {}


def test_another_salons_people_are_not_found(visit, other_salon, client_for, member):
    assert groups(client_for(other_salon, member("owner", other_salon)), "berg") == {}


def test_customers_are_shown_to_who_may_see_them(salon, visit, desk):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})

    viewer = desk("viewer")
    assert list(groups(viewer, "berg")) == ["Visits"]
    assert [groups(viewer, term) for term in ("anna@example", "(212) 555-0187")] == [{}, {}]
    assert list(groups(desk("staff"), "berg")) == ["Customers", "Visits"]


def test_the_field_gets_suggestions_only(visit, desk):
    answer = desk().get(url("search"), {"q": "berg"}, headers={"HX-Request": "true"})

    assert "<html" not in answer.text
    assert "Anna Berg" in answer.text


def test_there_are_few_at_hand_and_it_says_so(salon, desk):
    for number in range(7):
        make_customer(f"Berg {number}", email=f"b{number}@example.com")

    answer = desk().get(url("search"), {"q": "berg"}, headers={"HX-Request": "true"})

    [group] = answer.context["groups"]
    assert (len(group["rows"]), group["more"]) == (5, True)


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_the_same_for_one_and_three(number, salon, desk, django_assert_num_queries):
    for each in range(number):
        make_customer(f"Berg {each}", email=f"b{each}@example.com")
    client = desk()
    client.get(url("search"))

    with django_assert_num_queries(SEARCH):
        client.get(url("search"), {"q": "berg"})
