from django.apps import AppConfig


class CreditsConfig(AppConfig):
    """Accounts' credits for metered messages; the tables live in `public`."""

    name = "payments.credits"
    label = "credits"

    def ready(self):
        from messaging import metering
        from messaging.models import Channel
        from payments.credits import receivers, texts  # noqa: F401 -- connects to the accounts' signal

        metering.register(Channel.SMS, metering.Meter(charge=texts.charge, give_back=texts.give_back))
