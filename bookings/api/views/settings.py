"""The salon's settings, for its owners and admins."""

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from bookings import queries
from bookings.api.settings_asked import SettingsIn
from bookings.api.settings_paths import PATHS, flat, nested, of_kinds
from bookings.api.views.staff import actor
from bookings.services.settings import KEPT, change_settings
from tenants.api.endpoints import endpoint, read
from tenants.api.parsers import SmallFormParser
from tenants.api.permissions import needs
from tenants.api.serializers import Problem
from tenants.permissions import Permission


@extend_schema(methods=["GET"], responses={200: OpenApiTypes.OBJECT, 403: Problem, 404: Problem})
@extend_schema(
    methods=["PATCH"],
    request=SettingsIn,
    responses={200: OpenApiTypes.OBJECT, 400: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem},
)
@endpoint("GET", "PATCH", permission=needs(Permission.ARRANGE), parsers=[SmallFormParser])
def settings(request):
    """Policies, booking rules, contact, zone and branding. What a PATCH does not name stays; all of it is saved, or nothing.

    Policies are for visits booked from now on: what was agreed to before stays on each visit.
    """
    business = request.tenant
    if request.method == "PATCH":
        data = read(SettingsIn, request)
        keep, logo = data.pop("keep_visits", None), data.pop("logo", KEPT)
        change_settings(
            business=business,
            **of_kinds(flat(data)),
            logo=logo.read() if hasattr(logo, "read") else logo,
            by=actor(request),
            now=timezone.now(),
            keep=keep,
        )
    return Response(shown(business))


def shown(business):
    values = {column: getattr(business, column) for column in PATHS} | {"phone": str(business.phone or "")}
    logo_url = business.url + business.logo.url if business.logo else None
    return nested(values) | {"logo_url": logo_url, "warnings": queries.warnings_about_policies(business=business)}
