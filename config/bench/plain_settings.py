"""The bench's settings without tenancy: Django's own backend on one schema, and no middleware that asks for the salon."""

from config.bench.settings import *  # noqa: F403 -- the same settings, but for what follows
from config.bench.settings import DATABASES, MIDDLEWARE, env

TENANCY = ("tenants.middleware.HostMiddleware", "tenants.middleware.MembershipMiddleware")

MIDDLEWARE = [name for name in MIDDLEWARE if name not in TENANCY]
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["OPTIONS"]["options"] = f"-c search_path={env('TITHI_BENCH_SCHEMA')},public"
