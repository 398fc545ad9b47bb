from tenants.tests.api import cheap_passwords

__all__ = ["cheap_passwords"]
