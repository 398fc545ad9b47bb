"""What customers see: the salon's front page, choosing a time, and their own booking."""

from bookings.views.embed import embed_script
from bookings.views.family import family, family_add, family_remove, family_start
from bookings.views.family_manage import family_calendar, family_cancel
from bookings.views.home import home
from bookings.views.manage import calendar, cancel, done, manage, reschedule
from bookings.views.share import share_picture
from bookings.views.times import times

__all__ = [
    "calendar",
    "cancel",
    "done",
    "embed_script",
    "family",
    "family_add",
    "family_calendar",
    "family_cancel",
    "family_remove",
    "family_start",
    "home",
    "manage",
    "reschedule",
    "share_picture",
    "times",
]
