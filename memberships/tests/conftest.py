import pytest
from django_tenants.utils import tenant_context

from bookings.tests.conftest import ann, cheap_passwords, cut, works_here
from bookings.tests.factories import make_service
from memberships.tests.making import Club
from payments.tests.conftest import account, local_stripe, no_stripe, stripe_server
from tenants.models import ConnectStatus, TenantBilling

__all__ = ["account", "ann", "cheap_passwords", "cut", "local_stripe", "no_stripe", "stripe_server", "works_here"]


@pytest.fixture
def club(salon, account, cut, local_stripe):
    """Rosa's membership: 45.00 a month, two cuts included."""
    return Club(salon, account, cut, local_stripe)


@pytest.fixture
def other_club(other_salon, local_stripe):
    """Nora's, on her own account at Stripe."""
    made = local_stripe.new_account()
    TenantBilling.objects.filter(business=other_salon).update(
        stripe_account_id=made.id, charges_enabled=True, connect_status=ConnectStatus.ACTIVE
    )
    other_salon.billing.refresh_from_db()
    with tenant_context(other_salon):
        return Club(other_salon, made, make_service(), local_stripe)


@pytest.fixture
def stripes_time(monkeypatch):
    """`stripes_time(club)`: events, tasks and pages live at Stripe's time, too."""

    def follow(club):
        monkeypatch.setattr("django.utils.timezone.now", club.now)

    return follow
