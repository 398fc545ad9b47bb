from django.apps import AppConfig


class StripeInboxConfig(AppConfig):
    """The platform's inbox of Stripe events; its table lives in `public`."""

    name = "payments.webhooks"
    label = "stripe_inbox"
