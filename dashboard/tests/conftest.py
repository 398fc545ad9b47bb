from bookings.tests.conftest import ann, cut, works_here
from payments.tests.conftest import account, local_stripe, no_stripe, stripe_server
from tenants.tests.api import cheap_passwords

__all__ = ["account", "ann", "cheap_passwords", "cut", "local_stripe", "no_stripe", "stripe_server", "works_here"]
