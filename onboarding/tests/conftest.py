"""An owner without a salon, and one whose salon has just been made."""

import pytest
from django.utils import timezone

from onboarding import services
from tenants.models import User

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
