"""The demo salons: believable, complete, the same every time, and only on a developer's machine."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django_tenants.utils import tenant_context

from bookings import queries
from bookings.basket import Basket
from bookings.models import (
    Booking,
    Closure,
    GroupSession,
    Occupancy,
    OpeningHours,
    Resource,
    Service,
    ServiceCategory,
    Status,
    TeamMember,
)
from messaging.models import Message
from onboarding.demo import load
from onboarding.demo.salons import LUNA, SOL
from payments.models import Payment, PaymentStatus
from reviews import queries as reviews
from reviews.models import Review
from tenants.models import Membership, User

NOW = datetime(2027, 3, 3, 15, 0, tzinfo=UTC)


@pytest.fixture
def short_history(monkeypatch):
    monkeypatch.setattr(load, "PAST_DAYS", 3)
    monkeypatch.setattr(load, "COMING_DAYS", 8)


@pytest.fixture
def media_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def visits():
    rows = Booking.objects.order_by("start_at", "team_member__first_name")
    return [
        (row.start_at, row.team_member.name, row.service_name, row.contact_name, row.status)
        for row in rows.select_related("team_member")
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("short_history", "media_folder")
@pytest.mark.parametrize("demo", [LUNA, SOL], ids=["luna", "sol"])
def test_a_demo_salon_is_complete(demo):
    business, made = load.load_salon(demo, now=NOW)

    assert made
    roles = Membership.objects.filter(business=business).values_list("role", flat=True)
    assert sorted(roles) == ["admin", "owner", "staff", "viewer"]
    assert business.logo.name.endswith(".webp")
    with tenant_context(business):
        assert Service.objects.count() == sum(len(offers) for *_, offers in demo.categories)
        assert Resource.objects.count() == len(demo.resources)
        assert GroupSession.objects.filter(scheduled=True).exists() == bool(demo.classes)
        assert ServiceCategory.objects.count() == len(demo.categories)
        assert TeamMember.objects.count() == 4
        assert len({str(sorted(shifts)) for shifts in _hours()}) > 1, "people have different hours"
        assert OpeningHours.objects.count() == len({day for shifts in _hours() for day, *_ in shifts})
        assert Closure.objects.count() == 1
        assert Booking.objects.filter(status=Status.COMPLETED, end_at__lt=NOW).exists()
        assert Booking.objects.filter(status=Status.CONFIRMED, start_at__gt=NOW).exists()
        assert Message.objects.count() == 0, "nobody is written to"
        assert reviews.rating().count == Review.objects.filter(status="published").count() > 0
        assert Review.objects.filter(status="waiting").count() == 2
        assert set(Occupancy.objects.values_list("expires_at", flat=True)) == {None}
        settled = Payment.objects.filter(booking__status=Status.COMPLETED)
        assert set(settled.values_list("status", "method")) == {(PaymentStatus.CAPTURED, "cash")}
        service = queries.bookable_services().first()
        assert (
            queries.first_open_day(business=business, basket=Basket.of(service), after=NOW.date(), now=NOW) is not None
        )


def _hours():
    for member in TeamMember.objects.all():
        yield list(member.availability.values_list("day_of_week", "start_min", "end_min"))


@pytest.mark.django_db
@pytest.mark.usefixtures("short_history", "media_folder")
def test_a_demo_salon_is_the_same_every_time():
    found = []
    for _ in range(2):
        with transaction.atomic():
            business, _made = load.load_salon(LUNA, now=NOW)
            with tenant_context(business):
                found.append(visits())
            connection.set_schema_to_public()
            transaction.set_rollback(True)

    assert found[0] == found[1]
    assert len(found[0]) > 20


@pytest.mark.django_db
@pytest.mark.usefixtures("short_history", "media_folder")
def test_loading_twice_changes_nothing():
    business, _ = load.load_salon(SOL, now=NOW)
    with tenant_context(business):
        before = visits()

    again, made = load.load_salon(SOL, now=NOW)

    assert (again, made) == (business, False)
    with tenant_context(business):
        assert visits() == before


@pytest.mark.django_db
def test_the_demo_operator_is_made_once_and_still_has_to_set_up_a_second_step():
    load.load_operator()
    load.load_operator()

    operator = User.objects.get(email="operator@tithi.test")
    assert (operator.is_operator, operator.check_password(load.PASSWORD)) == (True, True)
    assert not operator.authenticator_set.exists()


def test_loading_is_refused_in_production(settings):
    settings.LOCAL = settings.TESTING = False

    with pytest.raises(CommandError, match="developer's machine"):
        call_command("load_demo")
