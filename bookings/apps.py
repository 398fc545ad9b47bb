from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self):
        from bookings import (  # noqa: F401 -- they hear what happens here and below
            mail_later,
            notices,
            receivers,
        )

        mail_later.register()
