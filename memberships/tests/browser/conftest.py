import pytest

from config.testing_browser import card_site, chromium, open_page, site, stripe_process, violations
from memberships.tests.making import Club
from payments.tests.local_stripe import Account, LocalStripe
from tenants.models import TenantBilling
from tenants.tests.api import cheap_passwords

__all__ = ["card_site", "cheap_passwords", "chromium", "open_page", "site", "stripe_process", "violations"]


class Running(LocalStripe):
    """The local Stripe that the browser talks to."""

    def __init__(self, base):
        self.base = base


@pytest.fixture
def club(card_site):
    """The salon of the browser tests with a membership to join."""
    local = Running(card_site.stripe)
    card_site.salon.billing = TenantBilling.objects.get(business=card_site.salon)
    account = Account(local, card_site.salon.billing.stripe_account_id)
    return Club(card_site.salon, account, card_site.services["Dry trim"], local, name="Monthly trim")
