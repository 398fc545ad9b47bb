from django.apps import AppConfig


class LeavingConfig(AppConfig):
    """A salon's end; it has no tables of its own (see `tenants.models.Departure`)."""

    name = "onboarding.leaving"
    label = "leaving"
