"""The local environment's mail server: files that `/dev/outbox/` shows."""

from django.core.mail.backends.filebased import EmailBackend


class FileBackend(EmailBackend):
    """Writes every message under EMAIL_FILE_PATH, one file each, as it would travel."""

    def _get_filename(self):
        if self._fname is None:
            self._fname = super()._get_filename().removesuffix(".log") + ".eml"
        return self._fname

    def write_message(self, message):
        self.stream.write(message.message().as_bytes())
