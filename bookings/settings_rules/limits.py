"""How soon and how far ahead: the notice must leave days that can be booked (D9)."""

from bookings.availability.limits import DAY, length

__all__ = ["length", "limits_conflict", "reach"]


def limits_conflict(*, notice_min, horizon_days):
    """Whether a visit must be booked earlier than it can be. Minutes and days, as they count for one service."""
    return notice_min > horizon_days * DAY


def reach(*, business, service=(None, None)):
    """(notice in minutes, furthest date in days) that count: the longer notice, the nearer date. None is "no own"."""
    notice, horizon = service
    return max(business[0], notice or 0), min(business[1], horizon or business[1])
