"""The local environment's mail: every message is kept as a file that `/dev/outbox/` shows, and relayed if asked."""

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone
from django.utils.crypto import get_random_string


class RecordingBackend(BaseEmailBackend):
    """Writes each message under EMAIL_FILE_PATH as it would travel; with EMAIL_URL set it is sent there too."""

    def send_messages(self, email_messages):
        settings.EMAIL_FILE_PATH.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%dT%H%M%S%f}-{get_random_string(6)}.eml"
            (settings.EMAIL_FILE_PATH / name).write_bytes(message.message().as_bytes())
        if settings.EMAIL_RELAY_BACKEND:
            relay = get_connection(settings.EMAIL_RELAY_BACKEND, fail_silently=self.fail_silently)
            return relay.send_messages(email_messages)
        return len(email_messages)
