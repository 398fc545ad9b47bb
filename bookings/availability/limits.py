"""How soon and how far ahead a visit may start (D9)."""

from collections.abc import Set
from datetime import timedelta

from .clock import day_start, local_date
from .values import Rules

NOTICE, HORIZON = "notice", "horizon"
OVERRIDABLE = frozenset({NOTICE, HORIZON})
FOREVER = 1 << 62
DAY = 24 * 60


def merged_notice(*, business_min: int, service_min: int | None) -> int:
    """The notice that counts, in minutes: the larger of the business's and the service's own, if it has one."""
    return max(business_min, service_min or 0)


def merged_horizon(*, business_days: int, service_days: int | None) -> int:
    """How many days ahead bookings open: the smaller of the business's and the service's own, if it has one."""
    return business_days if service_days is None else min(business_days, service_days)


def bounds(*, rules: Rules, now: int, override: Set[str] = frozenset()) -> tuple[int, int]:
    """The first start allowed, and the first one that no longer is.

    Notice is inclusive; the furthest date counts local calendar days and is bookable to its end. `override` names the
    rules a member of staff sets aside; the past stays closed to everyone.
    """
    if not override <= OVERRIDABLE:
        raise ValueError(f"cannot be overridden: {sorted(override - OVERRIDABLE)}")
    earliest = now if NOTICE in override else now + rules.notice_min * 60
    if HORIZON in override:
        return earliest, FOREVER
    return earliest, day_start(local_date(now, rules.zone) + timedelta(days=rules.horizon_days + 1), rules.zone)


def length(minutes):
    """`45 min`, `2 h 30 min`, `1 day`, `3 days 4 h`: what people write and read for a notice."""
    days, rest = divmod(minutes, DAY)
    hours, rest = divmod(rest, 60)
    parts = [
        f"{days} day{'' if days == 1 else 's'}" if days else "",
        f"{hours} h" if hours else "",
        f"{rest} min" if rest else "",
    ]
    return " ".join(part for part in parts if part) or "0 min"
