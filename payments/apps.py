from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self):
        from messaging import files
        from payments import gateway, metrics, receipts, receivers  # noqa: F401 -- connects to bookings' signals

        receipts.register(files)
        gateway.configure()
        metrics.register()
