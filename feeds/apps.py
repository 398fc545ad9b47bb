from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "feeds"
    verbose_name = "calendar feeds"

    def ready(self):
        from feeds import checks  # noqa: F401 -- registers the system check
