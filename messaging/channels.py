"""How a message leaves: e-mail through Django's configured backend (SMTP or any anymail provider), a text by Twilio."""

import smtplib

import css_inline
from django.core.mail import EmailMultiAlternatives

from messaging import callbacks, gateway
from messaging.models import Channel, Message


class Undeliverable(Exception):
    """The recipient will never get this; do not try again. `cause`: of a Suppression, where that is so of anything."""

    def __init__(self, sentence, cause=""):
        super().__init__(sentence)
        self.cause = cause


def send(message):
    """Hand a message to its channel; returns what the provider calls it. Raises Undeliverable for good, OSError for now."""
    return _send_text(message) if message.channel == Channel.SMS else _send_mail(message)


def can_be_asked(message):
    """Whether the provider knows of a message that nobody here knows the end of: then it never leaves twice."""
    return message.channel == Channel.SMS


def _send_text(message):
    """Tried before, it may have left with its answer lost: Twilio is asked first."""
    if not gateway.is_on():
        raise Undeliverable("Text messages are not switched on.")
    try:
        if (message.last_error or message.repeats) and (sid := _taken_already(message)):
            return sid
        return gateway.send(to=message.recipient, body=message.text, status_url=callbacks.status_url(message))
    except gateway.Refused as exc:
        raise Undeliverable(str(exc), exc.cause) from exc


def _taken_already(message):
    """What Twilio calls this very message, where it has it. The same words may have been sent for another one."""
    words = {message.text, message.words_before}
    found = gateway.find(to=message.recipient, bodies=words, since=message.created_at)
    others = Message.objects.filter(provider_id__in=found).exclude(pk=message.pk)
    known = set(others.values_list("provider_id", flat=True))
    return next((sid for sid in found if sid not in known), None)


def _send_mail(message):
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        to=[message.recipient],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={"X-Entity-Ref-ID": str(message.pk), "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        email.attach_alternative(css_inline.inline(message.html, load_remote_stylesheets=False), "text/html")
    for attachment in message.attachments:
        email.attach(attachment["name"], attachment["body"], attachment["content_type"])
    try:
        email.send()
    except smtplib.SMTPRecipientsRefused as exc:
        codes = [code for code, _ in exc.recipients.values()]
        if all(code >= 500 for code in codes):
            raise Undeliverable(str(exc)) from exc
        raise
