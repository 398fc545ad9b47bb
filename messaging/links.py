"""What is signed and leaves with messages: the way out of advertising, and whose message a provider speaks of."""

import base64
import binascii
import hmac
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.db import connection
from django.urls import reverse

MAC_BYTES = 16


class BadLink(ValueError):
    """Not one of ours, or another salon's."""


def unsubscribe_url(*, business, channel, address):
    """The absolute address where whoever reads `address` gets no more advertising of this salon. It does not end.

    The address is in it, but for us alone to read: links stand in logs and histories.
    """
    token = _sealing().encrypt(f"{channel}:{address.lower()}".encode(), _context())
    path = reverse("messages:unsubscribe", args=[_text(token)], urlconf="config.urls_salon")
    return business.url + path


def recipient_of(token):
    """(channel, address) an unsubscribe link was made for. Raises BadLink."""
    try:
        value = _sealing().decrypt(_bytes(token), _context()).decode()
    except (InvalidTag, binascii.Error, ValueError) as exc:
        raise BadLink from exc
    channel, _, address = value.partition(":")
    return channel, address


def _sealing():
    """Sealed twice it reads the same: one address has one link."""
    return AESSIV(hmac.digest(settings.SECRET_KEY.encode(), b"messaging.links", "sha256"))


def _context():
    return [b"unsubscribe", connection.schema_name.encode()]


def _text(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# Whose message an event is of ---------------------------------------------------------------------


def event_metadata(message):
    """What is handed to the provider with a message, and comes back with each of its events; short, as some want it."""
    raw = message.pk.bytes + _mac(connection.schema_name, message.pk)
    return {"salon": connection.schema_name, "message": _text(raw)}


def message_of(metadata):
    """(schema, message's id) an event is of. Raises BadLink for what we have not handed out: both are signed as one."""
    try:
        schema_name, raw = str(metadata["salon"]), _bytes(str(metadata["message"]))
        pk = uuid.UUID(bytes=raw[:16])
    except (KeyError, TypeError, binascii.Error, ValueError) as exc:
        raise BadLink from exc
    if not hmac.compare_digest(raw[16:], _mac(schema_name, pk)):
        raise BadLink
    return schema_name, pk


def _mac(schema_name, pk):
    text = f"event:{schema_name}:".encode() + pk.bytes
    return hmac.digest(settings.SECRET_KEY.encode(), text, "sha256")[:MAC_BYTES]
