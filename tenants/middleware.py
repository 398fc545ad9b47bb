"""From the request's host to a salon, and from the signed-in person to a role."""

import re
import uuid

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import set_urlconf
from django.utils.functional import SimpleLazyObject

from tenants import hosts, queries
from tenants.models import BusinessStatus

LOOPBACK = ("127.0.0.1", "[::1]")
#: What a probe may ask on the bare address.
PROBES = ("/health/live", "/health/ready", "/health/domain", "/metrics")
CLOSED = (BusinessStatus.ONBOARDING, BusinessStatus.READY, BusinessStatus.PAUSED, BusinessStatus.CANCELED)
#: What stays open in a salon that is closed to visitors: staff's doors, their API, customers' own bookings and memberships,
#: and what browsers, search engines and other websites ask for by themselves.
ALWAYS_OPEN = (
    "/admin/",
    "/accounts/",
    "/auth/",
    "/api/",
    "/dashboard/",
    "/b/",
    "/m/",
    "/calendar/",
    "/static/",
    "/media/",
    "/brand.css",
    "/preview/",
    "/robots.txt",
    "/sitemap.xml",
    "/favicon.ico",
    "/embed.js",
)
#: A gift card's own page stays its holder's; buying one is closed.
GIFT_CARD = re.compile(r"/gift-cards/[^/]+/")
#: What may still be done in a salon whose plan has ended: sign in and out, pay again, and end a membership. The rest is
#: for reading.
STILL_DONE = ("/accounts/", "/auth/", "/m/", "/api/v1/admin/subscription", "/api/payments/stripe/")
READING = ("GET", "HEAD", "OPTIONS")
#: The team's doors are at the salon's address with us: passkeys are good there, and a name that is lost takes nothing along.
TEAM_DOORS = ("/admin/", "/accounts/", "/auth/", "/dashboard/")
#: How long browsers insist on HTTPS for a salon's own name, and for that name alone: what lies beside it is not ours.
OWN_NAME_HSTS_SECONDS = 7 * 24 * 60 * 60
#: Programs are answered in JSON, also when they are refused.
FOR_PROGRAMS = ("/booking/", "/api/")
REQUEST_ID = re.compile(r"\A[A-Za-z0-9-]{1,64}\Z")


class RequestIDHeaderMiddleware:
    """X-Request-ID on every answer: the caller's own if it is a plain one, else a new one.

    Stands before django_structlog's RequestMiddleware, which believes the header it finds.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request_id = request.META.get("HTTP_X_REQUEST_ID", "")
        if not REQUEST_ID.match(request_id):
            request_id = request.META["HTTP_X_REQUEST_ID"] = str(uuid.uuid4())
        # An error's way out skips the place where django_structlog clears its context: start without the last request's.
        structlog.contextvars.clear_contextvars()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


class HostMiddleware:
    """Choose schema and URLs by host; anything that is not one of our hosts is a 404.

    Only the Host header counts: X-Forwarded-Host is ignored. After the request, also after an error, the
    connection is in `public` again.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        connection.set_schema_to_public()
        try:
            return self._answer(request)
        finally:
            connection.set_schema_to_public()

    def _answer(self, request):
        request.tenant = None
        name = hosts.without_port(request.META.get("HTTP_HOST", ""))
        if name == settings.PLATFORM_DOMAIN or (name in LOOPBACK and request.path in PROBES):
            return self._platform(request)
        business = hosts.salon_at(name)
        if business is None:
            return self._unknown(request)
        if not hosts.is_platforms(name):
            return self._own_name(request, business)
        if name != business.host and request.method in ("GET", "HEAD"):
            return _moved(request, business)
        return self._salon(request, business)

    def _own_name(self, request, business):
        """A salon's own domain: its customers' pages, with promises to the browser that go no further than the name."""
        if request.path.startswith(TEAM_DOORS):
            response = HttpResponseRedirect(f"{business.url}{request.get_full_path()}")
        else:
            response = self._salon(request, business)
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response["Strict-Transport-Security"] = f"max-age={OWN_NAME_HSTS_SECONDS}"
        return response

    def _platform(self, request):
        _use_urls(request, settings.PUBLIC_SCHEMA_URLCONF)
        return self.get_response(request)

    def _salon(self, request, business):
        request.tenant = business
        _use_urls(request, settings.ROOT_URLCONF)
        connection.set_tenant(business)
        structlog.contextvars.bind_contextvars(salon=business.schema_name)
        if business.status in CLOSED and not _stays_open(request.path):
            return _refused(
                request, "This salon takes no bookings right now.", "salon_closed", "errors/closed.html", 200
            )
        if business.has_ended and not _only_reads(request):
            return _refused(request, "This salon’s plan has ended.", "salon_ended", "errors/ended.html", 403)
        return self.get_response(request)

    def _unknown(self, request):
        _use_urls(request, settings.PUBLIC_SCHEMA_URLCONF)
        # Templates may ask for the host, and Django refuses to repeat a malformed one.
        request.META["HTTP_HOST"] = settings.PLATFORM_DOMAIN
        return render(request, "errors/unknown_host.html", status=404)


def _stays_open(path):
    """Whether a page of a closed salon is shown nevertheless."""
    return path.startswith(ALWAYS_OPEN) or GIFT_CARD.fullmatch(path) is not None


def _moved(request, business):
    """From an old address to the same page at today's. What a page sends off from the old one is still answered there."""
    response = HttpResponsePermanentRedirect(f"{business.url}{request.get_full_path()}")
    # Browsers keep such an answer for ever, and the salon may take its old name back.
    response["Cache-Control"] = "no-cache"
    return response


def _only_reads(request):
    return request.method in READING or request.path.startswith(STILL_DONE)


def _refused(request, detail, code, template, status):
    """Programs get a 403, people a page."""
    if request.path.startswith(FOR_PROGRAMS):
        return JsonResponse({"detail": detail, "code": code}, status=403)
    response = render(request, template, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def _use_urls(request, urlconf):
    request.urlconf = urlconf
    set_urlconf(urlconf)


class MembershipMiddleware:
    """`request.membership`: what the signed-in person is in this salon, or something falsy.

    Asked for at most once a request, and only when somebody looks at it. `request.support` is the SupportAccess by
    which an operator of the platform was let in, None before somebody has looked.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        def load():
            membership = queries.presence_of(request.user, request.tenant) if request.tenant else None
            request.support = membership.support if membership else None
            return membership

        request.membership, request.support = SimpleLazyObject(load), None
        return self.get_response(request)
