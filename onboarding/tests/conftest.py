"""An owner without a salon, and one whose salon has just been made."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from onboarding import services
from payments.tests.conftest import local_stripe, stripe_server
from tenants.models import User
from tenants.tests.api import cheap_passwords

__all__ = ["cheap_passwords", "local_stripe", "stripe_server"]

FIELDS = {"name": "Studio Lark", "legal_name": "", "industry": "Hair salon", "description": ""}


@pytest.fixture
def newcomer(db):
    return User.objects.create_user("mara@lark.example", "correct horse battery", first_name="Mara", last_name="Lark")


@pytest.fixture
def begun(newcomer):
    """Step 1 is answered."""
    return services.begin(owner=newcomer, fields=FIELDS, now=timezone.now())


@pytest.fixture
def by(newcomer):
    from audit import actors

    return actors.user(newcomer)


@pytest.fixture
def opened(begun, by):
    """The salon `lark`, made and not yet published; the connection stays in `public`."""
    now = timezone.now()
    services.choose_address(progress=begun, slug="lark", by=by, now=now)
    begun.refresh_from_db()
    return services.ensure_salon(progress=begun, now=now)


@pytest.fixture
def furnished(opened, by):
    """The salon `lark` with a person, two services and hours: nothing stands in the way of opening it."""
    from bookings.services import catalogue, team
    from bookings.services.profile import change_profile

    told = {"by": by, "now": timezone.now()}
    business = opened.business
    with tenant_context(business):
        change_profile(business=business, changes={"phone": "+12125550142"}, **told)
        mara = team.create_member(fields={"first_name": "Mara", "last_name": "Lark"}, **told)
        for name, minutes in (("Cut", 45), ("Colour", 90)):
            fields = {"name": name, "duration_min": minutes, "price_cents": 6500}
            catalogue.create_service(business=business, fields=fields, **told)
        team.set_weekly_plan(member=mara, shifts=[(day, 540, 1080) for day in range(1, 8)], **told)
    return opened
