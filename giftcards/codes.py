"""A card's code: sixteen characters people can type, which follow from the card's id and a secret.

Nothing in the database is a code. Who reads the tables has ids and digests; the secret (`GIFT_CODE_KEY`) stays
outside. Both are salted with the salon's schema: a code of one salon is noise on another.
"""

import hmac
import re

from django.conf import settings
from django.db import connection

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
LENGTH = 16  # of five bits: 80
GROUP = 4
BITS = 5
#: Letters that are written like digits.
ALIKE = str.maketrans("OIL", "011")
SEPARATORS = re.compile(r"[\s\-‐-―−.·]+")


def code_of(card_id):
    """The code of the card with this id, as it is looked up: `7M3K…`, without spaces."""
    number = int.from_bytes(_mac("code", card_id.bytes)[: LENGTH * BITS // 8], "big")
    digits = [ALPHABET[number >> BITS * place & 31] for place in reversed(range(LENGTH))]
    return "".join(digits)


def shown(code):
    """In groups of four: `7M3K 9QXW 2D4T 0HVB`."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalised(text):
    """What somebody typed as a code: capitals, without separators, O as 0, I and L as 1. "" for what cannot be one."""
    code = SEPARATORS.sub("", str(text)[:100]).upper().translate(ALIKE)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def digest(code):
    """What a card is found by: 64 hexadecimal digits that do not lead back to the code."""
    return _mac("digest", code.encode()).hex()


def _mac(purpose, value):
    message = f"gift-{purpose}:{connection.schema_name}:".encode() + value
    return hmac.digest(settings.GIFT_CODE_KEY.encode(), message, "sha256")
