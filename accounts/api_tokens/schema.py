"""Tells the API's documentation where API tokens are let in, and with which scope."""

import re
from uuid import UUID

from django.conf import settings
from django.urls import Resolver404, resolve
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from accounts.api_tokens.scopes import Scope, scope_for

ANY_ID = str(UUID(int=0))


class APITokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api_tokens.authentication.APITokenAuthentication"
    name = "apiToken"

    def get_security_requirement(self, auto_schema):
        """None leaves the scheme out of an operation that is closed to API tokens."""
        return {self.name: []} if scope_of(auto_schema.path, auto_schema.method) else None

    def get_security_definition(self, auto_schema):
        scopes = "\n".join(f"- `{scope}`: {scope.label}" for scope in Scope)
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "tithi_…",
            "description": f"An API token of the salon. Operations it is let into name it; its scopes are:\n{scopes}",
        }


def scope_of(path, method):
    """The scope for a path as the description writes it, None where API tokens are not let in."""
    try:
        match = resolve(re.sub(r"\{\w+\}", ANY_ID, path), settings.ROOT_URLCONF)
    except Resolver404:  # of the platform's host
        return None
    return scope_for(match.view_name, method)
