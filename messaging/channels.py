"""How a message leaves: e-mail through Django's configured backend (SMTP or any anymail provider)."""

import smtplib

import css_inline
from django.core.mail import EmailMultiAlternatives

from messaging.models import Channel


class Undeliverable(Exception):
    """The recipient will never get this; do not try again."""


def send(message):
    """Hand a message to its channel; returns what the provider calls it. Raises Undeliverable for good, OSError for now."""
    if message.channel == Channel.SMS:
        raise Undeliverable("Text messages are not switched on.")
    return _send_mail(message)


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
