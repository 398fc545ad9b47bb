"""The people customers can book and when they work; when the salon itself is open or shut."""

from bookings.services.closures import add_closure, remove_closure
from bookings.services.team.hours import set_opening_hours, set_weekly_plan
from bookings.services.team.members import MEMBER, change_member, create_member, remove_member
from bookings.services.team.read_elsewhere import TooMuch, remove_read_blocks, replace_read_blocks
from bookings.services.team.time_off import (
    BLOCK,
    ReadElsewhere,
    add_time_block,
    change_time_block,
    mark_of,
    remove_special_day,
    remove_time_block,
    set_special_day,
)

__all__ = [
    "BLOCK",
    "MEMBER",
    "ReadElsewhere",
    "TooMuch",
    "add_closure",
    "add_time_block",
    "change_member",
    "change_time_block",
    "create_member",
    "mark_of",
    "remove_closure",
    "remove_member",
    "remove_read_blocks",
    "remove_special_day",
    "remove_time_block",
    "replace_read_blocks",
    "set_opening_hours",
    "set_special_day",
    "set_weekly_plan",
]
