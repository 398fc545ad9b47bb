"""What a salon's settings must not say at once. Pure: plain values in, sentences or values out; no ORM, no clock.

Shifts are `(day_of_week, start, end)`: ISO weekday, wall minutes of that day, the end up to 2880.
"""

from bookings.settings_rules.fitting import Performer, can_ever_start
from bookings.settings_rules.limits import length, limits_conflict, reach
from bookings.settings_rules.policies import amount_conflicts, policy_conflicts, policy_warnings
from bookings.settings_rules.presets import PRESETS, Preset, preset
from bookings.settings_rules.services import class_conflicts
from bookings.settings_rules.weeks import common, first_overlap, meet, named, swallowed, weekly

__all__ = [
    "PRESETS",
    "Performer",
    "Preset",
    "amount_conflicts",
    "can_ever_start",
    "class_conflicts",
    "common",
    "first_overlap",
    "length",
    "limits_conflict",
    "meet",
    "named",
    "policy_conflicts",
    "policy_warnings",
    "preset",
    "reach",
    "swallowed",
    "weekly",
]
