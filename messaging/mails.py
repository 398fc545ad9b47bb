"""A message as an e-mail, and how it leaves: through SMTP or a provider, whichever `EMAIL_PROVIDER` names.

Everything that came from people is refused or made harmless here, whatever was checked before.
"""

import base64
import binascii
import re
import smtplib
from contextlib import suppress
from email.headerregistry import Address
from email.utils import parseaddr

import css_inline
import structlog
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db import connection
from django.utils.html import escape, format_html
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError

from messaging import files, links
from messaging.failures import MayHaveLeft, TryLater, Undeliverable
from tenants.models import Business

logger = structlog.get_logger("tithi.messaging")

#: Text and HTML together; mailboxes cut longer ones off, and no text of ours is near it.
LONGEST = 500_000
#: All of it, with attachments: every server takes that much.
LARGEST = 7_000_000
#: What a provider answers when it will never take this message. Any other refusal is of the moment, or of our key.
FOR_GOOD = (400, 406, 413, 422)
#: What it answers when it may have taken it before something broke.
ANSWER_LOST = (500, 502, 504)
SES_FOR_GOOD = ("MessageRejected", "BadRequestException")
MEDIA_TYPE = re.compile(r"\A[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*\Z", re.ASCII)
#: What is put into calendars by mail programs themselves (RFC 6047), not by a press on a file.
SCHEDULING = re.compile(r"\Atext/calendar;.*\bmethod=(REQUEST|CANCEL)\b")


def send(message):
    """Hand it over; returns what the provider calls it, its Message-ID where nobody calls it anything.

    Raises Undeliverable for good, OSError for now, MayHaveLeft among those where its answer was lost.
    """
    try:
        email = write(message)
    except (ValueError, TypeError) as exc:
        raise Undeliverable(f"This cannot be written as an e-mail: {exc}") from exc
    _hand_over(email)
    return _name_given(email) or email.extra_headers["Message-ID"]


def write(message):
    """The e-mail a message is. The same one at every attempt, also in its Message-ID."""
    _check(message)
    email = EmailMultiAlternatives(
        subject=one_line(message.subject),
        body=message.text,
        from_email=_sender(),
        to=[message.recipient],
        reply_to=[message.reply_to] if _is_address(message.reply_to) else None,
        headers=_headers(message),
    )
    html = message.html
    if message.unsubscribe_url:
        email.body, html = _with_the_way_out(email.body, html, message.unsubscribe_url)
    if html:
        email.attach_alternative(inlined(html), "text/html")
    for attachment in message.attachments:
        if whole := _with_body(attachment):
            _attach(email, **whole)
    email.metadata = links.event_metadata(message)
    return email


def _with_the_way_out(text, html, url):
    """Both with the address that ends advertising: whoever wrote them may have forgotten it."""
    if url not in text:
        text = f"{text.rstrip()}\n\nNo more news from us: {url}\n"
    if html and escape(url) not in html:
        link = format_html('<p><a href="{}">No more news from us</a></p>', url)
        html = html.replace("</body>", f"{link}</body>") if "</body>" in html else html + link
    return text, html


def inlined(html):
    """HTML with its style sheet in `style` attributes, and what only a style sheet can say, such as dark mode, kept."""
    return css_inline.inline(html, load_remote_stylesheets=False, keep_at_rules=True)


def one_line(text, limit=250):
    """Text fit for a header: no line breaks, nothing unprintable."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:limit]


def _check(message):
    if not _is_address(message.recipient):
        raise Undeliverable("The recipient is no e-mail address.")
    if len(message.text) + len(message.html) > LONGEST:
        raise Undeliverable("The message is longer than mailboxes take.")
    if sum(len(each.get("body", "")) for each in message.attachments) > LARGEST:
        raise Undeliverable("What is attached is larger than mailboxes take.")


def _is_address(text):
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _sender():
    """The salon's name before the platform's address: its own would fail every check of who may send for it."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    name = one_line(_salon_name(), limit=120)
    return str(Address(display_name=name, addr_spec=address)) if name else settings.DEFAULT_FROM_EMAIL


def _salon_name():
    if connection.schema_name == "public":
        return ""
    if isinstance(connection.tenant, Business):
        return connection.tenant.name
    return Business.objects.values_list("name", flat=True).get(schema_name=connection.schema_name)


def _headers(message):
    headers = {
        "Message-ID": f"<{message.pk}@{settings.PLATFORM_DOMAIN}>",
        "X-Entity-Ref-ID": str(message.pk),
        "Auto-Submitted": "auto-generated",
    }
    if settings.EMAIL_PROVIDER == "postmark":
        headers["X-PM-KeepID"] = "true"  # else it writes a Message-ID of its own
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{one_line(message.unsubscribe_url, limit=500)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _with_body(attachment):
    """An attachment with its content, where that is made only now; None where it cannot be: the words leave all the same."""
    if "maker" not in attachment:
        return attachment
    try:
        body = files.made(attachment["maker"], attachment["about_id"])
    except Exception:
        logger.exception("file_not_made", maker=attachment["maker"], about_id=attachment["about_id"])
        return None
    return {"name": attachment["name"], "content_type": attachment["content_type"], "body": body}


def _attach(email, *, name, content_type, body, encoding=""):
    """One attachment. An invitation is also another form of the text, which is where calendars look for it."""
    if encoding:
        body = _decoded(body, encoding)
    if not MEDIA_TYPE.match(content_type):
        content_type = "application/octet-stream"
    if found := SCHEDULING.match(content_type):
        email.attach_alternative(body, f"text/calendar; method={found[1]}")
        body, content_type = body.encode(), "application/ics"
    email.attach(file_name(name), body, content_type)


def _decoded(body, encoding):
    if encoding != "base64":
        raise ValueError(f"nothing is encoded as {encoding}")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as exc:
        raise ValueError("an attachment is damaged") from exc


def file_name(name):
    """A name that is a file's, of no folder and on one line."""
    return one_line(name.replace("\\", "/").rpartition("/")[2], limit=100).lstrip(".") or "attachment"


def _hand_over(email):
    email.connection = get_connection()
    email.connection.open()  # whatever fails here, nothing has left
    try:
        email.send()
    except smtplib.SMTPRecipientsRefused as exc:
        if all(code >= 500 for code, _ in exc.recipients.values()):
            raise Undeliverable(str(exc)) from exc
        raise
    except AnymailRecipientsRefused as exc:
        raise Undeliverable(f"{exc.esp_name} does not send to this address.") from exc
    except AnymailRequestsAPIError as exc:
        raise _told(exc) from exc
    except AnymailAPIError as exc:  # of Amazon SES, whose answers are no HTTP
        raise (Undeliverable if _code(exc) in SES_FOR_GOOD else TryLater)(_words(exc)) from exc
    except (AnymailError, ValueError) as exc:  # an address or a header that nobody can send
        raise Undeliverable(f"This cannot be sent as an e-mail: {exc}") from exc
    except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as exc:
        raise MayHaveLeft(f"{type(exc).__name__}: {exc}") from exc
    finally:
        _close(email.connection)


def _close(backend):
    """What is said when hanging up changes nothing any more."""
    with suppress(OSError):
        backend.close()


def _name_given(email):
    """What a provider calls it, None where SMTP has taken it. Neither that nor a yes: it has not been taken."""
    status = getattr(email, "anymail_status", None)
    if status is None:
        return None
    if not status.message_id and not {"sent", "queued"} & (status.status or set()):
        raise TryLater("The provider did not say that it has taken the message.")
    return status.message_id


def _told(exc):
    """What a provider's answer, or none, is to us."""
    if exc.status_code in FOR_GOOD:
        return Undeliverable(_words(exc))
    lost = exc.status_code in ANSWER_LOST or (exc.status_code is None and not _never_arrived(exc.__cause__))
    return (MayHaveLeft if lost else TryLater)(_words(exc))


def _never_arrived(cause):
    """Whether nobody was there to take it."""
    reason = getattr(cause.args[0], "reason", None) if cause.args else None
    return isinstance(cause, ConnectTimeout) or isinstance(reason, NewConnectionError)


def _words(exc):
    return str(exc)[:500]


def _code(exc):
    return exc.response["Error"]["Code"] if isinstance(exc.response, dict) else ""
