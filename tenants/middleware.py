"""From the request's host to a salon, and from the signed-in person to a role."""

import re

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpResponseNotFound
from django.shortcuts import render
from django.urls import set_urlconf
from django.utils.functional import SimpleLazyObject

from tenants import hosts, queries
from tenants.models import BusinessStatus

HOST = re.compile(r"\A[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\Z")
LOOPBACK = ("127.0.0.1", "[::1]")
#: What a probe may ask on the bare address.
PROBES = ("/health/live", "/health/ready", "/metrics")
#: What stays open in a salon that is closed to visitors: staff's doors, their API, and customers' own bookings.
ALWAYS_OPEN = ("/admin/", "/accounts/", "/auth/", "/api/", "/dashboard/", "/b/", "/static/", "/media/", "/brand.css")
VISITABLE = (BusinessStatus.ACTIVE,)


class HostMiddleware:
    """Choose schema and URLs by host; anything that is not one of our hosts is a 404."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        connection.set_schema_to_public()
        try:
            return self._answer(request)
        finally:
            connection.set_schema_to_public()
            structlog.contextvars.unbind_contextvars("salon")

    def _answer(self, request):
        request.tenant = None
        raw = request.META.get("HTTP_HOST", "")
        name, _, port = raw.rpartition(":") if re.search(r":\d{1,5}\Z", raw) else (raw, "", "")
        if name == settings.PLATFORM_DOMAIN or (name in LOOPBACK and request.path in PROBES):
            return self._platform(request)
        if not HOST.match(name):
            return HttpResponseNotFound("Not found", content_type="text/plain")
        business = hosts.business_for(name)
        if business is None:
            return self._unknown(request)
        return self._salon(request, business)

    def _platform(self, request):
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(request.urlconf)
        return self.get_response(request)

    def _salon(self, request, business):
        request.tenant = business
        request.urlconf = settings.ROOT_URLCONF
        set_urlconf(request.urlconf)
        connection.set_tenant(business)
        structlog.contextvars.bind_contextvars(salon=business.schema_name)
        if business.status not in VISITABLE and not request.path.startswith(ALWAYS_OPEN):
            response = render(request, "errors/closed.html", {"business": business})
            response["X-Robots-Tag"] = "noindex"
            return response
        return self.get_response(request)

    def _unknown(self, request):
        request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
        set_urlconf(request.urlconf)
        return render(request, "errors/unknown_host.html", {"business": None}, status=404)


class MembershipMiddleware:
    """`request.membership`: what the signed-in person is in this salon, or a falsy value; asked for once, when needed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        def load():
            return queries.membership_of(request.user, request.tenant) if request.tenant else None

        request.membership = SimpleLazyObject(load)
        return self.get_response(request)


class RequestIDHeaderMiddleware:
    """X-Request-ID on every answer: the id the log lines of the request carry."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request_id := structlog.contextvars.get_contextvars().get("request_id"):
            response["X-Request-ID"] = request_id
        return response
