"""How soon and how far ahead: the notice must leave days that can be booked (D9)."""

DAY = 24 * 60


def limits_conflict(*, notice_min, horizon_days):
    """Whether a visit must be booked earlier than it can be. Minutes and days, as they count for one service."""
    return notice_min > horizon_days * DAY


def reach(*, business, service=(None, None)):
    """(notice in minutes, furthest date in days) that count: the longer notice, the nearer date. None is "no own"."""
    notice, horizon = service
    return max(business[0], notice or 0), min(business[1], horizon or business[1])


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
