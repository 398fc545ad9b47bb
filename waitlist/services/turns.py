"""One at a time on a salon's list: who was first stays a fact while offers are made."""

from hashlib import blake2b

from django.db import connection


def take():
    """Wait for the salon's list and have it until the transaction ends; taken before any other lock."""
    digest = blake2b(f"{connection.schema_name}:waitlist".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, "big", signed=True)])
