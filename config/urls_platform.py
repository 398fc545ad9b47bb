"""The platform's host: what Tithi is, accounts, Stripe's events, health."""

from django.conf import settings
from django.urls import include, path

from config import views
from onboarding.domains.views import served
from payments.webhooks.views import webhook
from tenants.api import docs as api_docs

handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("", include("directory.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("auth/", include("tenants.api.urls")),
    path("", include("operators.urls")),
    path("", include("payments.credits.urls")),
    path("api/schema/", api_docs.platform_schema, name="platform-schema"),
    path("api/docs/", api_docs.platform_docs, name="platform-docs"),
    path("api/v1/onboarding/", include("onboarding.api.urls")),
    path("onboarding/", include("onboarding.urls")),
    path("businesses/<uuid:business>/", include("onboarding.manage.urls")),
    path("billing/", include("payments.subscriptions.urls")),
    path("texts/", include("messaging.urls_platform")),
    path("mail/", include("messaging.urls_events")),
    path("stripe/webhook/", webhook, name="stripe-webhook"),
    path("api/payments/webhook", webhook),
    path("health/live", views.live),
    path("health/ready", views.ready),
    path("health/domain", served),
    path("metrics", views.metrics),
]
if settings.LOCAL or settings.TESTING:
    urlpatterns.append(path("dev/outbox/", include("messaging.urls")))
