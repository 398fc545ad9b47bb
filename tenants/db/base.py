from django_tenants.postgresql_backend.base import DatabaseWrapper  # noqa: F401
