from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self):
        from messaging import composing, receivers  # noqa: F401 -- they hear what providers say of messages
        from messaging.notices import events, mails
        from messaging.notices import receivers as telling  # noqa: F401 -- and what the outbox gives up

        composing.register(events.DIGEST, mails.write_digest)
