"""What must not happen while it can still be rolled back."""

from django.db import connection


def inside_transaction():
    """As `atomic(durable=True)` asks: the transaction a TestCase wraps around a test is not one of ours."""
    blocks = connection.atomic_blocks
    return bool(blocks) and not blocks[-1]._from_testcase
