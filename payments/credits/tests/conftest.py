import pytest
from django.utils import timezone

from payments.credits import services
from payments.tests.conftest import local_stripe, repoint, stripe_server
from tenants.models import User
from tenants.tests.api import cheap_passwords, signed_in

__all__ = ["cheap_passwords", "local_stripe", "stripe_server"]


@pytest.fixture
def person(db):
    return User.objects.create_user("paula@example.com", first_name="Paula", last_name="Ames")


@pytest.fixture
def profile(person):
    return services.get_or_create_profile(user=person, full_name="", now=timezone.now())[0]


@pytest.fixture
def program(person):
    """Paula's program, on the platform's host."""
    return signed_in(None, person)


@pytest.fixture
def no_answer(settings, local_stripe):
    """Nobody answers at Stripe's address."""
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    repoint()
