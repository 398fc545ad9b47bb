"""A second location begins like the first one, and takes nothing of its people along."""

from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.models import Customer, OpeningHours, Service, TeamMember
from bookings.services import catalogue, team
from bookings.services.policies import change_policies
from onboarding import services
from onboarding.tests.conftest import FIELDS
from tenants.models import Business


def second(owner, like, slug, by):
    now = timezone.now()
    progress = services.begin(owner=owner, fields=FIELDS | {"name": "Second"}, like=like, now=now)
    progress = services.choose_address(progress=progress, slug=slug, by=by, now=now)
    return services.ensure_salon(progress=progress, now=now).business


@pytest.fixture
def first(furnished, by):
    """With everything a second location takes over, and what it must not."""
    told = {"by": by, "now": timezone.now()}
    business = furnished.business
    with tenant_context(business):
        cuts = catalogue.create_category(fields={"name": "Cuts"}, **told)
        catalogue.change_service(
            business=business, service=Service.objects.get(name="Cut"), fields={"category": cuts}, **told
        )
        team.set_opening_hours(shifts=[(1, 540, 1080)], **told)
        change_policies(business=business, changes={"cancellation_text": "A day ahead, please."}, **told)
        Customer.objects.create(display_name="Real Person", email="real@example.com")
    return business


def test_it_has_the_menu_the_hours_and_the_terms_and_nobody(first, newcomer, by):
    business = second(newcomer, first, "lark-two", by)

    assert Business.objects.get(pk=business.pk).cancellation_text == "A day ahead, please."
    with tenant_context(business):
        menu = Service.objects.order_by("name").values_list("name", "category__name", "price_cents")
        assert list(menu) == [("Colour", None, 6500), ("Cut", "Cuts", 6500)]
        assert list(OpeningHours.objects.values_list("day_of_week", "start_min", "end_min")) == [(1, 540, 1080)]
        assert not TeamMember.objects.exists()
        assert not Customer.objects.exists()


def test_the_first_stays_as_it_was(first, newcomer, by):
    with tenant_context(first):
        before = list(Service.objects.order_by("pk").values())
    second(newcomer, first, "lark-two", by)

    with tenant_context(first):
        assert list(Service.objects.order_by("pk").values()) == before


def test_nobody_begins_like_somebody_elses_salon(client_for, newcomer, rosa, by):
    """Neither by the address of the page nor where the salon was given away in between."""
    browser = client_for(None, newcomer)
    answer = browser.post("/onboarding/", {"name": "Copy", "industry": "spa", "like": rosa.pk})
    assert answer.status_code == 302
    with tenant_context(rosa):
        Service.objects.create(name="Secret recipe", duration_min=30, price_cents=100)

    business = second(newcomer, rosa, "copycat", by)

    with tenant_context(business):
        assert not Service.objects.exists()


def test_one_that_is_gone_is_no_obstacle(newcomer, by):
    class Gone:
        pk = uuid4()

    assert second(newcomer, Gone, "alone", by).slug == "alone"
