"""Codes are guessed at: whoever enters one is counted, wherever it is asked for, and refused while nobody can count."""

from tenants import addresses, limits

CODES = limits.Limit("gift-codes", times=10, seconds=60, closed=True)


def count(address):
    """Count one entered code of a client's address. Raises limits.TooMany or limits.NotNow; call it before looking."""
    limits.take(CODES, addresses.bucket(address), address=address)
