"""What a salon's settings must not say at once. Pure: plain values in, sentences or values out; no ORM, no clock.

Shifts are `(day_of_week, start, end)`: ISO weekday, wall minutes of that day, the end up to 2880.
"""

from bookings.settings_rules.fitting import Performer, can_ever_start
from bookings.settings_rules.limits import length, limits_conflict, reach
from bookings.settings_rules.policies import amount_conflicts, policy_conflicts, policy_warnings
from bookings.settings_rules.presets import PRESETS, Preset, preset
from bookings.settings_rules.services import class_conflicts, deposit_conflicts, notice_conflicts
from bookings.settings_rules.weeks import (
    common,
    end_after,
    first_overlap,
    meet,
    named,
    shift_conflicts,
    swallowed,
    weekly,
)

__all__ = [
    "PRESETS",
    "Performer",
    "Preset",
    "amount_conflicts",
    "can_ever_start",
    "class_conflicts",
    "common",
    "deposit_conflicts",
    "end_after",
    "first_overlap",
    "length",
    "limits_conflict",
    "meet",
    "named",
    "notice_conflicts",
    "policy_conflicts",
    "policy_warnings",
    "preset",
    "reach",
    "shift_conflicts",
    "swallowed",
    "weekly",
]
