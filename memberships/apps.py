from django.apps import AppConfig


class MembershipsConfig(AppConfig):
    name = "memberships"
    verbose_name = "memberships"

    def ready(self):
        from memberships import receivers  # noqa: F401 -- connects to the signals of bookings and payments
