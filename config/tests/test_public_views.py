"""Closed by default: every address that answers a stranger stands in this list, literally."""

import pytest
from django.urls import URLPattern, get_resolver
from rest_framework.permissions import AllowAny

SALON = {
    "",
    "book/<uuid:service>/",
    "book/done/<str:token>/",
    "book/family/",
    "book/family/start/",
    "book/family/add/",
    "book/family/remove/",
    "b/<str:token>/family.ics",
    "b/<str:token>/family/cancel/",
    "b/<str:token>/",
    "b/<str:token>/reschedule/",
    "b/<str:token>/cancel/",
    "b/<str:token>/calendar.ics",
    "book/checkout/<uuid:booking>/",
    "book/checkout/<uuid:booking>/extend/",
    "book/checkout/<uuid:booking>/release/",
    "book/checkout/<uuid:booking>/return/",
    "book/checkout/<uuid:booking>/gift-card/",
    "book/checkout/<uuid:booking>/gift-card/off/",
    "book/checkout/<uuid:booking>/forget/",
    "b/<str:token>/receipts/<uuid:action>/",
    "b/<str:token>/again/",
    "b/<str:token>/card/",
    "b/<str:token>/card/return/",
    "b/<str:token>/card/remove/",
    "pay/<str:token>/return/",
    "pay/<str:token>/",
    "api/v1/gift-cards/check",
    "reviews/",
    "reviews/<str:token>/",
    "reviews/<str:token>/take-back/",
    "gift-cards/",
    "gift-cards/orders/<str:token>/",
    "gift-cards/balance/",
    "packages/",
    "packages/<uuid:pk>/",
    "api/v1/packages/on-offer",
    "book/<uuid:service>/waitlist/",
    "waitlist/<str:token>/",
    "waitlist/<str:token>/leave/",
    "waitlist/offers/<str:token>/",
    "waitlist/offers/<str:token>/accept/",
    "waitlist/offers/<str:token>/decline/",
    "gift-cards/<str:token>/",
    "memberships/",
    "memberships/<uuid:plan>/",
    "m/<str:token>/",
    "m/<str:token>/card/",
    "m/<str:token>/card/<str:page_id>/",
    "m/<str:token>/book/",
    "m/<str:token>/end/",
    "m/<str:token>/keep/",
    "booking/tenant-data/<uuid:tenant_id>",
    "booking/availability",
    "booking/reviews",
    "booking/memberships",
    "booking/waitlist",
    "booking/hold",
    "booking/hold/<uuid:hold_id>",
    "booking/create",
    "booking/confirm/<uuid:booking_id>",
    "unsubscribe/<str:token>/",
    "preview/<str:token>/",
    "brand.css",
    "media/<path:path>",
    "api/schema/",
    "api/docs/",
    "accounts/enter/",
    "embed.js",
    "calendar/<str:token>.ics",
    "share.png",
}
PLATFORM = {
    "api/schema/",
    "api/docs/",
    "pricing/",
    "legal/<slug:page>/",
    "directory/",
    "directory/<slug:category>/",
    "directory/<slug:category>/<str:city>/",
    "",
    "invitations/<str:token>/",
    "public-data",
    "mail/events/<slug:provider>/",
    "stripe/webhook/",
    "texts/inbound/",
    "texts/status/<str:token>/",
    "api/payments/webhook",
    "metrics",
    "health/domain",
}
BOTH = {
    "auth/register",
    "auth/login",
    "auth/refresh",
    "auth/logout",
    "auth/forgot-password",
    "auth/reset-password",
    "accounts/login/",
    "accounts/login/code/",
    "accounts/login/code/confirm/",
    "accounts/2fa/authenticate/",
    "accounts/2fa/webauthn/login/",
    "accounts/logout/",
    "accounts/signup/",
    "accounts/inactive/",
    "accounts/confirm-email/",
    r"accounts/^confirm-email/(?P<key>[-:\w]+)/$",
    "accounts/password/reset/",
    "accounts/password/reset/done/",
    "accounts/password/reset/key/done/",
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    # 404 on salons' hosts, and where no keys of Google are set (accounts/tests/test_google.py)
    "accounts/google/login/",
    "accounts/google/login/callback/",
    "accounts/3rdparty/login/cancelled/",
    "accounts/3rdparty/signup/",
    "health/live",
    "health/ready",
    "robots.txt",
    "sitemap.xml",
    "favicon.ico",
    "dev/outbox/",
    "dev/outbox/<str:name>/",
    "dev/outbox/<str:name>/html/",
    "dev/outbox/<str:name>/files/<int:number>/",
}


def patterns(resolver, prefix=""):
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path, entry.callback
        else:
            yield from patterns(entry, path)


def is_public(callback):
    """Whether the login middleware lets strangers through, and DRF's own guard does too."""
    view = getattr(callback, "cls", None)
    if view is not None:
        return AllowAny in getattr(view, "permission_classes", [])
    return not getattr(callback, "login_required", True)


@pytest.mark.parametrize(
    ("urlconf", "expected"),
    [("config.urls_salon", SALON | BOTH), ("config.urls_platform", PLATFORM | BOTH)],
    ids=["salon", "platform"],
)
def test_only_these_addresses_answer_strangers(urlconf, expected):
    # Both admins are closed by their sites (tenants/tests/test_admin_site.py, operators/tests/test_site.py).
    found = {
        path
        for path, callback in patterns(get_resolver(urlconf))
        if is_public(callback) and not path.startswith(("admin/", "operators/"))
    }

    assert found == expected
