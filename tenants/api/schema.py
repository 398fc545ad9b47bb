"""Tells the API's documentation about our login."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class SalonJWTScheme(OpenApiAuthenticationExtension):
    target_class = "tenants.api.authentication.SalonJWTAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
