from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self):
        from messaging import receivers  # noqa: F401 -- hears what providers say of messages
