"""A mail server that takes what it is sent, on a port of its own."""

import socket
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller


class Mailbox:
    """`raw` is what arrived, byte by byte; `refusals` is what some recipients are answered instead of 250;
    with `dies` it takes what it is sent and hangs up."""

    def __init__(self):
        self.raw, self.envelopes, self.refusals = [], [], {}
        self.dies = False

    @property
    def messages(self):
        return [message_from_bytes(each, policy=policy.default) for each in self.raw]

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := self.refusals.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.raw.append(envelope.original_content)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if self.dies:
            server.transport.abort()
        return "250 OK"


@contextmanager
def open_mailbox(settings):
    """A Mailbox that everything is sent to."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        yield mailbox
    finally:
        controller.stop()
