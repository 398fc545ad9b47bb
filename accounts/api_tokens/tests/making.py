"""Tokens for tests."""

from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts.api_tokens import services
from accounts.api_tokens.scopes import Scope
from tenants.tests.api import Api

HERE = "127.0.0.1"
EVERYTHING = list(Scope)


def make(business, by, *scopes, name="Till", expires_at=None, now=None):
    """(row, key); every scope where none is named."""
    with tenant_context(business):
        return services.make_token(
            business=business,
            name=name,
            scopes=scopes or EVERYTHING,
            by=by,
            address=HERE,
            expires_at=expires_at,
            now=now or timezone.now(),
        )


def program(business, by, *scopes, address=HERE, **how):
    """An Api that sends a new key."""
    return Api(business, token=make(business, by, *scopes, **how)[1], address=address)
