"""Secrets that let in whoever holds them: told once, and kept as a digest alone.

They are found by that digest: how long it takes says nothing about how much of a guess was right. No salt and no slow
hash: nobody guesses 256 random bits.
"""

import secrets
from hashlib import sha256


def new():
    """A secret of 43 letters that stands in an address as it is."""
    return secrets.token_urlsafe(32)


def digest(secret):
    """What of a secret is kept."""
    return sha256(secret.encode()).hexdigest()
