from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self):
        from payments import gateway, metrics, receivers  # noqa: F401 -- connects to bookings' signals

        gateway.configure()
        metrics.register()
