from bookings.tests.conftest import ann, cut
from tenants.tests.api import cheap_passwords

__all__ = ["ann", "cheap_passwords", "cut"]
