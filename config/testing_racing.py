"""Many at one thing, at once."""

import threading
from concurrent.futures import ThreadPoolExecutor


def at_once(count, act):
    """What `act(number)` answers in `count` threads that start together."""
    from django.db import connection

    start = threading.Barrier(count)

    def run(number):
        start.wait(timeout=20)
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
