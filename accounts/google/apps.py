from django.apps import AppConfig


class GoogleConfig(AppConfig):
    """Allauth finds the provider here. No tables."""

    name = "accounts.google"
    label = "accounts_google"
