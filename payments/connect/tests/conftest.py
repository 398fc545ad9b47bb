import pytest

from payments.tests.conftest import local_stripe, repoint, stripe_server
from tenants.tests.api import cheap_passwords

__all__ = ["cheap_passwords", "local_stripe", "no_answer", "stripe_server"]


@pytest.fixture
def no_answer(settings, local_stripe):
    """Nobody answers at Stripe's address."""
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    repoint()
