"""Reads what the local environment has sent."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import format_datetime

from django.conf import settings

NAME = re.compile(r"\A[0-9TZ]+-[A-Za-z0-9]+\.eml\Z")


@dataclass(frozen=True, slots=True)
class SentMail:
    """One message as it left: headers in order, both bodies, attachments as (name, type, text)."""

    name: str
    subject: str
    to: str
    date: str
    headers: list
    text: str
    html: str
    attachments: list


@dataclass(frozen=True, slots=True)
class SentText:
    """A text message as the local Twilio took it; `name` sorts by time."""

    name: str
    to: str
    body: str

    @property
    def date(self):
        at = datetime.strptime(self.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return format_datetime(at)


def texts(limit=200):
    """The text messages, newest first."""
    if not settings.TEXT_FILE_PATH.is_dir():
        return []
    kept = sorted(settings.TEXT_FILE_PATH.glob("*.json"), reverse=True)[:limit]
    return [_text(path) for path in kept]


def _text(path):
    kept = json.loads(path.read_text())
    return SentText(path.stem, kept["to"], kept["body"])


def names(limit=200):
    """File names of what was sent, newest first."""
    if not settings.EMAIL_FILE_PATH.is_dir():
        return []
    return sorted((path.name for path in settings.EMAIL_FILE_PATH.glob("*.eml")), reverse=True)[:limit]


def read(name):
    """One sent message; raises FileNotFoundError for a name that is none of ours."""
    if not NAME.match(name):
        raise FileNotFoundError(name)
    message = message_from_bytes((settings.EMAIL_FILE_PATH / name).read_bytes(), policy=policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return SentMail(
        name=name,
        subject=str(message["subject"]),
        to=str(message["to"]),
        date=str(message["date"]),
        headers=[(key, str(value)) for key, value in message.items()],
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
        attachments=[_attachment(part) for part in message.iter_attachments()],
    )


def _attachment(part):
    content = part.get_content()
    return part.get_filename(), part.get_content_type(), content if isinstance(content, str) else ""
