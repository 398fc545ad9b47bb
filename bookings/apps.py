from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self):
        from bookings import receivers  # noqa: F401 -- hears what lower apps say
