"""Django's test client as a browser that stays on one host."""

from django.conf import settings
from django.db import connection
from django.test import Client
from django_tenants.utils import schema_context


class HostClient(Client):
    """Sessions are those of its host; after a request the test is back in the schema it was in."""

    schema_name = "public"

    @classmethod
    def opened(cls, business, user=None):
        """A client on the host of `business` (None: the platform's), signed in as `user` if given."""
        client = cls(HTTP_HOST=business.host if business else settings.PLATFORM_DOMAIN)
        client.schema_name = business.schema_name if business else "public"
        if user:
            client.force_login(user)
        return client

    @property
    def session(self):
        with schema_context(self.schema_name):
            session = super().session
            session.keys()  # it would load when looked at, from wherever the test is then
        save = session.save

        def save_there(*args, **kwargs):
            with schema_context(self.schema_name):
                save(*args, **kwargs)

        session.save = save_there
        return session

    def force_login(self, user, backend=None):
        with schema_context(self.schema_name):
            super().force_login(user, backend)

    def login(self, **credentials):
        with schema_context(self.schema_name):
            return super().login(**credentials)

    def logout(self):
        with schema_context(self.schema_name):
            super().logout()

    def request(self, **request):
        before = connection.tenant
        try:
            return super().request(**request)
        finally:
            connection.set_tenant(before)
