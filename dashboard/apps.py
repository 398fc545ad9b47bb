from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "dashboard"

    def ready(self):
        from dashboard.live import receivers  # noqa: F401 -- connects to the signals of the trail and of bookings
