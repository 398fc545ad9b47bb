"""Queueing from within a request: quickly, or not at all."""

import time

from kombu import pools

#: Longer than the broker of a healthy platform ever takes, and short enough for somebody who waits for a page.
TIMEOUT = 0.5
#: A broker that did not answer is not asked again for so long: the sweeps find what is written down.
REST = 10

_resting_until = 0


def is_resting():
    """Whether the broker was away a moment ago."""
    return time.monotonic() < _resting_until


def forget():
    """Ask the broker again at once."""
    global _resting_until
    _resting_until = 0


def publish(task, args, kwargs, options):
    """Queue a task, within a second or so. Raises what says that the broker is away, and gives it a rest."""
    global _resting_until
    quick = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT}
    quick |= {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}  # none at all is for ever
    connection = task.app.connection_for_write(transport_options=quick, connect_timeout=TIMEOUT)
    try:
        with pools.producers[connection].acquire(block=True, timeout=TIMEOUT) as producer:
            task.apply_async(args, kwargs, producer=producer, **options)
    except Exception:
        _resting_until = time.monotonic() + REST
        raise
