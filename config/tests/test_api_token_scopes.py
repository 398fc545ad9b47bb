"""What API tokens are let into: every address of the salon's API, method by method, literally."""

import re
from uuid import UUID

import pytest
from django.urls import get_resolver

from accounts.api_tokens.authentication import APITokenAuthentication
from accounts.api_tokens.scopes import ENDPOINTS, GROUPS, Scope
from accounts.api_tokens.tests.making import EVERYTHING, program
from bookings.tests.factories import at, make_booking, make_member, make_service
from config.tests.test_doors import methods_of, patterns
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC

CLOSED = "closed to API tokens"
PUBLIC = "looks at no API token"

#: address → method → scope
TABLE = {
    "auth/register": {"POST": PUBLIC},
    "auth/login": {"POST": PUBLIC},
    "auth/logout": {"POST": PUBLIC},
    "auth/refresh": {"POST": PUBLIC},
    "auth/forgot-password": {"POST": PUBLIC},
    "auth/reset-password": {"POST": PUBLIC},
    "auth/me": {"GET": CLOSED, "PUT": CLOSED},
    "booking/tenant-data/<uuid:tenant_id>": {"GET": PUBLIC},
    "booking/availability": {"POST": PUBLIC},
    "booking/reviews": {"GET": PUBLIC},
    "booking/memberships": {"GET": PUBLIC},
    "booking/waitlist": {"POST": PUBLIC},
    "booking/hold": {"POST": PUBLIC},
    "booking/hold/<uuid:hold_id>": {"DELETE": PUBLIC},
    "booking/create": {"POST": PUBLIC},
    "booking/confirm/<uuid:booking_id>": {"POST": PUBLIC},
    "api/v1/gift-cards/check": {"POST": PUBLIC},
    "api/v1/packages/on-offer": {"GET": PUBLIC},
    "api/schema/": {"GET": PUBLIC},
    "api/docs/": {"GET": PUBLIC},
    "api/v1/api-tokens": {"GET": CLOSED, "POST": CLOSED},
    "api/v1/api-tokens/<uuid:pk>": {"DELETE": CLOSED},
    "api/v1/webhooks": {"GET": CLOSED, "POST": CLOSED},
    "api/v1/webhooks/<uuid:pk>": {"GET": CLOSED, "PATCH": CLOSED, "DELETE": CLOSED},
    "api/v1/webhooks/<uuid:pk>/roll": {"POST": CLOSED},
    "api/v1/webhooks/<uuid:pk>/test": {"POST": CLOSED},
    "api/v1/webhooks/<uuid:pk>/deliveries": {"GET": CLOSED},
    "api/v1/webhooks/<uuid:pk>/deliveries/<uuid:delivery_id>/replay": {"POST": CLOSED},
    "api/v1/admin/subscription": {"GET": CLOSED},
    "api/v1/admin/subscription/activate": {"POST": CLOSED},
    "api/v1/admin/subscription/pause": {"POST": CLOSED},
    "api/v1/admin/subscription/resume": {"POST": CLOSED},
    "api/v1/admin/subscription/cancel": {"POST": CLOSED},
    "api/payments/stripe/subscription/create": {"POST": CLOSED},
    "api/payments/stripe/checkout/session": {"POST": CLOSED},
    "api/payments/stripe/connect/setup": {"POST": CLOSED},
    "api/v1/admin/bookings": {"GET": "bookings:read"},
    "api/v1/admin/bookings/<uuid:pk>": {"GET": "bookings:read"},
    "api/v1/admin/booking-groups": {"POST": "bookings:write"},
    "api/v1/admin/booking-groups/availability": {"POST": "bookings:read"},
    "api/v1/admin/booking-groups/<uuid:pk>": {"GET": "bookings:read"},
    "api/v1/admin/bookings/<uuid:pk>/reschedule": {"POST": "bookings:write"},
    "api/v1/admin/bookings/<uuid:pk>/undo-move": {"POST": "bookings:write"},
    "api/v1/admin/bookings/<uuid:pk>/check-in": {"POST": "bookings:write"},
    "api/v1/admin/bookings/<uuid:pk>/charge-preview": {"GET": "money:read"},
    "api/v1/admin/bookings/<uuid:pk>/dispute-pack": {"GET": "money:read"},
    "api/v1/admin/bookings/<uuid:pk>/complete": {"POST": "money:write"},
    "api/v1/admin/bookings/<uuid:pk>/no-show": {"POST": "money:write"},
    "api/v1/admin/bookings/<uuid:pk>/cancel": {"POST": "money:write"},
    "api/v1/admin/bookings/<uuid:pk>/refund": {"POST": "money:write"},
    "api/v1/admin/bookings/<uuid:pk>/retry": {"POST": "money:write"},
    "api/v1/admin/bookings/<uuid:pk>/send-link": {"POST": "money:write"},
    "api/v1/admin/bookings/<uuid:pk>/paid-in-cash": {"POST": "money:write"},
    "api/payments/stripe/payment/capture": {"POST": "money:write"},
    "api/payments/stripe/payment/refund": {"POST": "money:write"},
    "api/payments/methods": {"GET": "money:read"},
    "api/payments/status/<uuid:pk>": {"GET": "money:read"},
    "api/v1/admin/customers": {"GET": "customers:read", "POST": "customers:write"},
    "api/v1/admin/customers/<uuid:pk>": {"GET": "customers:read", "PATCH": "customers:write"},
    "api/v1/admin/customers/<uuid:pk>/notes": {"GET": "customers:read", "POST": "customers:write"},
    "api/v1/admin/customers/<uuid:pk>/merge": {"POST": "customers:write"},
    "api/v1/admin/customers/<uuid:pk>/erase": {"POST": "customers:write"},
    "api/v1/admin/customers/<uuid:pk>/bookings": {"GET": "bookings:read"},
    "api/v1/admin/analytics": {"GET": "analytics:read"},
    "api/v1/admin/analytics/revenue": {"GET": "analytics:read"},
    "api/v1/admin/analytics/bookings": {"GET": "analytics:read"},
    "api/v1/admin/audit": {"GET": "trail:read"},
    "api/v1/admin/settings": {"GET": "settings:read", "PATCH": "settings:write"},
    "api/v1/notification-templates": {"GET": "settings:read", "POST": "settings:write", "PUT": "settings:write"},
    "api/v1/notification-templates/<uuid:pk>": {
        "GET": "settings:read",
        "PUT": "settings:write",
        "PATCH": "settings:write",
        "DELETE": "settings:write",
    },
    "api/v1/notification-templates/<uuid:pk>/preview": {"POST": "settings:read"},
    "api/v1/services": {"GET": "catalogue:read", "POST": "catalogue:write"},
    "api/v1/services/<uuid:pk>": {
        "GET": "catalogue:read",
        "PUT": "catalogue:write",
        "PATCH": "catalogue:write",
        "DELETE": "catalogue:write",
    },
    "api/v1/service-categories": {"GET": "catalogue:read", "POST": "catalogue:write"},
    "api/v1/service-categories/<uuid:pk>": {
        "GET": "catalogue:read",
        "PUT": "catalogue:write",
        "PATCH": "catalogue:write",
        "DELETE": "catalogue:write",
    },
    "api/v1/team/members": {"GET": "team:read", "POST": "team:write"},
    "api/v1/team/members/<uuid:pk>": {
        "GET": "team:read",
        "PUT": "team:write",
        "PATCH": "team:write",
        "DELETE": "team:write",
    },
    "api/v1/team/<uuid:member_id>/availability": {"GET": "team:read", "POST": "team:write"},
    "api/v1/team/<uuid:member_id>/special-days": {"GET": "team:read", "POST": "team:write"},
    "api/v1/team/<uuid:member_id>/special-days/<uuid:pk>": {"DELETE": "team:write"},
    "api/v1/team/<uuid:member_id>/time-blocks": {"GET": "team:read", "POST": "team:write"},
    "api/v1/team/<uuid:member_id>/time-blocks/<uuid:pk>": {"DELETE": "team:write"},
    "api/v1/closures": {"GET": "team:read", "POST": "team:write"},
    "api/v1/closures/<uuid:pk>": {"DELETE": "team:write"},
    **{
        f"api/v1/changes/{change}": {"POST": "team:write"}
        for change in ("opening-hours", "weekly-plan", "closure", "leaving")
    },
    "api/v1/changes/service-length": {"POST": "catalogue:write"},
    "api/v1/waitlist": {"GET": "customers:read"},
    "api/v1/waitlist/offer": {"POST": "bookings:write"},
    "api/v1/waitlist/<uuid:pk>": {"DELETE": "bookings:write"},
    "api/v1/calendars/feeds": {"GET": CLOSED, "POST": CLOSED},
    "api/v1/calendars/feeds/<uuid:pk>": {"DELETE": CLOSED},
    "api/v1/calendars/busy": {"GET": "team:read", "POST": "team:write"},
    "api/v1/calendars/busy/<uuid:pk>": {"DELETE": "team:write"},
    "api/v1/reviews": {"GET": "customers:read"},
    **{f"api/v1/reviews/<uuid:pk>/{press}": {"POST": "settings:write"} for press in ("publish", "hide", "answer")},
    "api/v1/gift-cards": {"GET": "gift_cards:read", "POST": "gift_cards:write"},
    "api/v1/gift-cards/<uuid:pk>": {"GET": "gift_cards:read"},
    "api/v1/packages": {"GET": "gift_cards:read", "POST": "gift_cards:write"},
    "api/v1/packages/<uuid:pk>": {"GET": "gift_cards:read", "PATCH": "gift_cards:write"},
    "api/v1/membership-plans": {"GET": "catalogue:read", "POST": "catalogue:write"},
    "api/v1/membership-plans/<uuid:pk>": {"GET": "catalogue:read", "PATCH": "catalogue:write"},
    "api/v1/memberships": {"GET": "customers:read"},
    "api/v1/memberships/<uuid:pk>": {"GET": "customers:read"},
    **{f"api/v1/memberships/<uuid:pk>/{press}": {"POST": "money:write"} for press in ("end", "keep")},
}
ROWS = [(path, method, need) for path, methods in TABLE.items() for method, need in methods.items()]
GUARDED = [row for row in ROWS if row[2] != PUBLIC]
#: What a request that was let in is answered, as the body is empty and the ids are nobody's.
LET_IN = {200, 201, 204, 400, 404, 409, 422}
#: What methods a view adds by itself.
IMPLIED = {"HEAD", "OPTIONS", "TRACE"}


def endpoints():
    for path, view in patterns(get_resolver("config.urls_salon")):
        if path.startswith(("api/", "auth/", "booking/")):
            yield path, view


def call(api, path, method):
    path = re.sub(r"<uuid:\w+>", str(UUID(int=0)), path)
    return getattr(api, method.lower())(f"/{path}")


def test_every_endpoint_stands_in_the_table_with_every_method():
    found = {path: methods_of(view) - IMPLIED for path, view in endpoints()}

    assert found == {path: set(methods) for path, methods in TABLE.items()}


def test_who_looks_at_no_token_says_so():
    deaf = {path for path, view in endpoints() if APITokenAuthentication not in view.cls.authentication_classes}

    assert deaf - {"api/schema/", "api/docs/"} == {
        path for path, methods in TABLE.items() if PUBLIC in methods.values()
    } - {"api/schema/", "api/docs/"}


def test_every_name_in_the_products_table_is_an_address():
    assert set(ENDPOINTS) <= set(_names(get_resolver("config.urls_salon")))


def _names(resolver, prefix=""):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _names(entry, space)
        elif entry.name:
            yield f"{prefix}{entry.name}"


def test_every_scope_opens_something_and_is_offered():
    assert {need for _, _, need in GUARDED} - {CLOSED} == set(Scope.values)
    assert [scope for _, group in GROUPS for scope in group] == list(Scope)


@pytest.mark.parametrize(("path", "method", "need"), GUARDED)
def test_a_scope_opens_what_the_table_says(path, method, need, rosa, owner):
    enough = program(rosa, owner, *([need] if need != CLOSED else EVERYTHING), name="enough")
    others = program(rosa, owner, *[scope for scope in EVERYTHING if scope != need], name="others")

    allowed, refused = call(enough, path, method), call(others, path, method)

    if need == CLOSED:
        assert (allowed.status_code, allowed.json()["code"]) == (403, "closed_to_tokens")
        assert (refused.status_code, refused.json()["code"]) == (403, "closed_to_tokens")
    else:
        assert allowed.status_code in LET_IN
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ((), ("", None)),
        (("customers:read",), ("anna@example.com", None)),
        (("money:read",), ("", 0)),
        (("customers:read", "money:read"), ("anna@example.com", 0)),
    ],
)
def test_a_bookings_answer_tells_no_more_than_the_scopes(more, told, salon, owner):
    service = make_service()
    make_member(performs=[service])
    booking = make_booking(salon, service, at(salon))
    api = program(salon, owner, "bookings:read", *more)

    [listed] = api.get("/api/v1/admin/bookings").json()["results"]
    opened = api.get(f"/api/v1/admin/bookings/{booking.pk}").json()

    assert (listed["contact_name"], listed["contact_email"]) == ("Anna Berg", told[0])
    assert (opened["contact_email"], opened["captured_cents"]) == told


def test_an_address_nobody_declared_is_closed(rosa, owner, monkeypatch):
    api = program(rosa, owner)
    before = api.get("/api/v1/services").status_code
    monkeypatch.delitem(ENDPOINTS, "bookings-api:services")

    answer = api.get("/api/v1/services")

    assert (before, answer.status_code, answer.json()["code"]) == (200, 403, "closed_to_tokens")
