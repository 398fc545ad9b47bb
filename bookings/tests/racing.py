"""Many at one thing, at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection


def at_once(count, act):
    """What `act(number)` answers in `count` threads that start together."""
    start = threading.Barrier(count)

    def run(number):
        start.wait(timeout=20)
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def overlaps(rows):
    """Pairs of rows that take the same person's, or the same chair's, same time."""
    rows = sorted(rows, key=lambda row: row.starts_at)
    return [
        (one, other)
        for index, one in enumerate(rows)
        for other in rows[index + 1 :]
        if (one.team_member_id, one.resource_id) == (other.team_member_id, other.resource_id)
        and one.ends_at > other.starts_at
    ]
