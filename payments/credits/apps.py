from django.apps import AppConfig


class CreditsConfig(AppConfig):
    """Accounts' credits for metered messages; the tables live in `public`."""

    name = "payments.credits"
    label = "credits"

    def ready(self):
        from payments.credits import receivers  # noqa: F401 -- connects to the accounts' signal
