"""Ids in links for people without a login.

A token is a random id (122 bits) and 128 bits of HMAC over it, salted with its purpose and the salon's schema: a token
of one salon is noise on another, and one that opens a booking opens nothing else.
"""

import base64
import binascii
import hmac
import uuid

from django.conf import settings
from django.db import connection

MAC_BYTES = 16


class BadToken(ValueError):
    """Not one of our tokens, or of another salon or purpose."""


def token_for(purpose, pk):
    """The token of a row's id, for use in an address."""
    return base64.urlsafe_b64encode(pk.bytes + _mac(purpose, pk)).rstrip(b"=").decode()


def id_of(purpose, token):
    """The id a token was made for. Raises BadToken."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        pk = uuid.UUID(bytes=raw[:16])
    except (binascii.Error, ValueError) as exc:
        raise BadToken from exc
    if not hmac.compare_digest(raw[16:], _mac(purpose, pk)):
        raise BadToken
    return pk


def _mac(purpose, pk):
    message = f"{purpose}:{connection.schema_name}:".encode() + pk.bytes
    return hmac.digest(settings.SECRET_KEY.encode(), message, "sha256")[:MAC_BYTES]
