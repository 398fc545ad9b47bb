from django.apps import AppConfig


class WaitlistConfig(AppConfig):
    name = "waitlist"
    verbose_name = "waiting list"

    def ready(self):
        from waitlist import receivers, showing  # noqa: F401 -- connect to bookings’ signals
