"""Settings, for who may arrange the salon."""

from dashboard.settings.views.hours import closures, hours, outside, remove_closure
from dashboard.settings.views.people import person, remove_block, remove_day, team
from dashboard.settings.views.salon import details, policies, rules, settings
from dashboard.settings.views.services import lengths

__all__ = [
    "closures",
    "details",
    "hours",
    "lengths",
    "outside",
    "person",
    "policies",
    "remove_block",
    "remove_closure",
    "remove_day",
    "rules",
    "settings",
    "team",
]
