"""When a visit is reminded of: rules, quiet hours and the plan that comes of them, all pure. See decision 0033."""

from bookings.reminders.planning import (
    AHEAD_OF_THE_LIMIT,
    BEGUN,
    PASSED,
    QUIET,
    TOO_CLOSE,
    Planned,
    Visit,
    plan,
)
from bookings.reminders.quiet import Quiet
from bookings.reminders.rules import DEFAULT_QUIET, DEFAULT_RULES, Kind, Rule

__all__ = [
    "AHEAD_OF_THE_LIMIT",
    "BEGUN",
    "DEFAULT_QUIET",
    "DEFAULT_RULES",
    "PASSED",
    "QUIET",
    "TOO_CLOSE",
    "Kind",
    "Planned",
    "Quiet",
    "Rule",
    "Visit",
    "plan",
]
