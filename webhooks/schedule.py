"""When what did not arrive is tried again, pure."""

from datetime import timedelta

#: After the first failure, the second, …: about three days in all.
DELAYS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
)
SPREAD = 0.04
PATIENCE = timedelta(days=3)
#: Failed for so long without one success, an endpoint is told no more.
ENDURANCE = timedelta(days=3)


def next_try(*, attempts, begun_at, now, luck):
    """When to try again after so many attempts, or None to give up. `luck` in [0, 1) keeps failures from meeting again."""
    if attempts > len(DELAYS):
        return None
    at = now + DELAYS[attempts - 1] * (1 - SPREAD + 2 * SPREAD * luck)
    return at if at <= begun_at + PATIENCE else None
