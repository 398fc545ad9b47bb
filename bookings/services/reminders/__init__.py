"""What a visit's customer is told ahead of it and after it."""

from bookings.services.reminders.following_up import FOLLOW_UP
from bookings.services.reminders.planning import REMINDER, address_of, keep_up
from bookings.services.reminders.replanning import out_of_step, replan_reminders
from bookings.services.reminders.rules import MOST_RULES, change_reminders, faults, mark_stale

__all__ = [
    "FOLLOW_UP",
    "MOST_RULES",
    "REMINDER",
    "address_of",
    "change_reminders",
    "faults",
    "keep_up",
    "mark_stale",
    "out_of_step",
    "replan_reminders",
]
