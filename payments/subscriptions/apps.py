from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    """What salons pay the platform; it has no tables of its own (see `tenants.models.TenantBilling`)."""

    name = "payments.subscriptions"
    label = "subscriptions"
