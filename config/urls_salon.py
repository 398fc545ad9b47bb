"""A salon's host: the booking site, the salon's staff, its API."""

from django.conf import settings
from django.urls import include, path

from config import views
from config.admin import site
from onboarding.views.preview import preview
from tenants import media
from tenants.api import docs as api_docs

handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("", include("bookings.urls")),
    path("", include("waitlist.urls")),
    path("", include("reviews.urls")),
    path("", include("giftcards.urls")),
    path("", include("feeds.urls")),
    path("", include("payments.urls")),
    path("", include("memberships.urls")),
    path("", include("messaging.urls_salon")),
    path("", include("bookings.api.urls")),
    path("", include("waitlist.api.urls")),
    path("", include("reviews.api.urls")),
    path("", include("giftcards.api.urls")),
    path("", include("feeds.api.urls")),
    path("", include("payments.api.urls")),
    path("", include("memberships.api.urls")),
    path("", include("webhooks.api.urls")),
    path("", include("audit.api")),
    path("", include("directory.urls_salon")),
    path("auth/", include("tenants.api.urls")),
    path("", include("accounts.api_tokens.urls")),
    path("api/schema/", api_docs.schema, name="schema"),
    path("api/docs/", api_docs.docs, name="docs"),
    path("accounts/", include("accounts.urls_salon")),
    path("accounts/", include("allauth.urls")),
    path("dashboard/", include("dashboard.urls")),
    path("admin/", site.urls),
    path("preview/<str:token>/", preview, name="preview"),
    path("brand.css", media.brand_css, name="brand-css"),
    path("media/<path:path>", media.media, name="media"),
    path("health/live", views.live),
    path("health/ready", views.ready),
]
if settings.LOCAL or settings.TESTING:
    urlpatterns.append(path("dev/outbox/", include("messaging.urls")))
