"""Tells the API's documentation about our login, and about the refusals that every endpoint shares."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS, AllowAny

from tenants.api.serializers import Problem

BODIES = ("POST", "PUT", "PATCH", "DELETE")


class SalonJWTScheme(OpenApiAuthenticationExtension):
    target_class = "tenants.api.authentication.SalonJWTAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class SalonAutoSchema(AutoSchema):
    """Adds what an endpoint does not say itself: the answers of the doors before it."""

    def get_operation(self, *args, **kwargs):
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        responses = operation["responses"]
        for status in self._shared_refusals(operation):
            if str(status) not in responses:
                responses[str(status)] = self._get_response_for_code(Problem, str(status))
        operation["responses"] = dict(sorted(responses.items()))
        return operation

    def _shared_refusals(self, operation):
        """The statuses of: nobody signed in, a role too low, not a member or not there, unreadable, too often."""
        is_open = AllowAny in self.view.permission_classes
        in_path = [each for each in operation.get("parameters", ()) if each["in"] == "path"]
        asked = [each for each in operation.get("parameters", ()) if each["in"] == "query"]
        found = {429}
        if not is_open:
            found |= {401, 403, 404}
        elif self.view.authentication_classes:  # a token that is sent has to be good
            found.add(401)
        if in_path:
            found.add(404)
        if self.method not in SAFE_METHODS:
            found |= {403, 415}
        if asked or self.method in BODIES:
            found.add(400)
        return found
