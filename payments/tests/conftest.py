import pytest

from bookings.tests.conftest import ann, cut, works_here
from payments import gateway
from payments.tests.local_stripe import LocalStripe
from tenants.models import ConnectStatus, TenantBilling
from tenants.tests.api import cheap_passwords

__all__ = ["ann", "cheap_passwords", "cut", "works_here"]


@pytest.fixture(scope="session")
def stripe_server():
    server = LocalStripe()
    yield server
    server.stop()


@pytest.fixture
def local_stripe(stripe_server, settings):
    """The local Stripe, empty, with the product pointed at it; a call that fails is not repeated by the SDK."""
    stripe_server.control("/reset")
    stripe_server.control("/faults/clear", all=True)
    settings.STRIPE_API_BASE = stripe_server.base
    settings.STRIPE_SECRET_KEY = settings.STRIPE_TEST_SECRET_KEY = "sk_test_" + "0" * 24  # dj-stripe looks at its shape
    settings.STRIPE_RETRIES = 0
    repoint()
    return stripe_server


def repoint():
    gateway.client.cache_clear()
    gateway.configure()


@pytest.fixture
def account(local_stripe, salon):
    """Rosa's account: rosa asks for cards."""
    made = local_stripe.new_account()
    TenantBilling.objects.filter(business=salon).update(
        stripe_account_id=made.id, charges_enabled=True, connect_status=ConnectStatus.ACTIVE
    )
    salon.billing.refresh_from_db()
    return made


@pytest.fixture
def no_stripe(local_stripe, account, settings):
    """Nobody answers at Stripe's address any more."""
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    repoint()
