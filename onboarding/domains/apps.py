from django.apps import AppConfig


class DomainsConfig(AppConfig):
    """Salons' own domains; it has no tables of its own (see `tenants.models.CustomDomain`)."""

    name = "onboarding.domains"
    label = "domains"
