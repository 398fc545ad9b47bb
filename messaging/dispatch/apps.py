from django.apps import AppConfig


class DispatchConfig(AppConfig):
    """What is due to leave, of all salons; the table lives in `public` and says nothing of what is in it."""

    name = "messaging.dispatch"
    label = "dispatch"
