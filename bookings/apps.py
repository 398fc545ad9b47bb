from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self):
        from bookings import (
            mail_later,
            receivers,  # noqa: F401 -- hears what lower apps say
        )

        mail_later.register()
