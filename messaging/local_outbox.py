"""Reads what the local environment has sent."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.utils import format_datetime

from django.conf import settings

BODIES = ("text/plain", "text/html")
READABLE = ("text/plain", "text/calendar", "text/csv", "application/ics")
NAME = re.compile(r"\A[0-9TZ]+-[A-Za-z0-9]+\.eml\Z")


@dataclass(frozen=True, slots=True)
class SentMail:
    """One message as it left: headers in order, both bodies, attachments as `Attached`, and all of it as it travelled."""

    name: str
    subject: str
    to: str
    date: str
    headers: list
    text: str
    html: str
    attachments: list
    raw: str = ""

    @property
    def is_text(self):
        return False


@dataclass(frozen=True, slots=True)
class Attached:
    """A part that is neither body; `shown` is what can be read of it on a page."""

    name: str
    type: str
    size: int
    shown: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SentText:
    """A text message as the local Twilio took it; `name` sorts by time."""

    name: str
    to: str
    body: str

    @property
    def is_text(self):
        return True

    @property
    def date(self):
        at = datetime.strptime(self.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        return format_datetime(at)


def everything(*, to="", limit=200):
    """Mails and text messages, newest first; to one recipient, or to all whose address holds these letters."""
    wanted = to.strip().lower()
    names = sorted([*_mails(), *_texts()], key=lambda path: path.name, reverse=True)
    found = []
    for path in names:
        sent = _text(path) if path.suffix == ".json" else read(path.name)
        if wanted in sent.to.lower():
            found.append(sent)
        if len(found) == limit:
            break
    return found


def _texts():
    return settings.TEXT_FILE_PATH.glob("*.json") if settings.TEXT_FILE_PATH.is_dir() else []


def _mails():
    return settings.EMAIL_FILE_PATH.glob("*.eml") if settings.EMAIL_FILE_PATH.is_dir() else []


def _text(path):
    kept = json.loads(path.read_text())
    return SentText(path.stem, kept["to"], kept["body"])


def read(name):
    """One sent message; raises FileNotFoundError for a name that is none of ours."""
    if not NAME.match(name):
        raise FileNotFoundError(name)
    raw = (settings.EMAIL_FILE_PATH / name).read_bytes()
    message = message_from_bytes(raw, policy=policy.default)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return SentMail(
        name=name,
        subject=str(message["subject"]),
        to=str(message["to"]),
        date=str(message["date"]),
        headers=[(key, str(value)) for key, value in message.items()],
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
        attachments=[_attached(part) for part in _parts(message)],
        raw=raw.decode("utf-8", "replace"),
    )


def _parts(message):
    """What is attached, and every further form of the text, such as an invitation."""
    for part in message.walk():
        if not part.is_multipart() and (part.get_filename() or part.get_content_type() not in BODIES):
            yield part


def _attached(part):
    content = part.get_payload(decode=True) or b""
    kind = part.get_content_type()
    shown = content.decode("utf-8", "replace") if kind in READABLE else ""
    return Attached(
        part.get_filename() or kind.replace("/", "."), str(part["Content-Type"]), len(content), shown, content
    )
