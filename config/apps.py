from django.apps import AppConfig
from django.conf import settings


class ConfigConfig(AppConfig):
    """The project itself: admin site, error reporting."""

    name = "config"

    def ready(self):
        from config import celery  # noqa: F401 -- makes the application current before a task is declared or sent

        if settings.SENTRY_DSN:
            import sentry_sdk

            sentry_sdk.init(dsn=settings.SENTRY_DSN, environment=settings.TITHI_ENV, send_default_pii=False)
