from onboarding.tests.conftest import begun, by, furnished, local_stripe, newcomer, opened, stripe_server
from tenants.tests.api import cheap_passwords

__all__ = ["begun", "by", "cheap_passwords", "furnished", "local_stripe", "newcomer", "opened", "stripe_server"]
