"""The diary's engine: when can this be booked, with whom, and if not, why not.

Pure: values in, values out, `now` passed in; no ORM, no Django, no clock. Every path that writes a booking asks it
again inside its own transaction (`check`).
"""

from .choice import choose
from .clock import day_span, epoch, instant, local_date, local_label, wall_to_utc
from .days import Day, LabelledSlot, days
from .engine import Option, Slot, offered, starts
from .hours import windows
from .limits import OVERRIDABLE, merged_notice
from .occupancy import free_lane, occupied
from .reasons import Code, Reason, check, reasons
from .values import ACTIVE, PROCESSING, Able, Block, Busy, Person, Phase, Rules, Weekly, lanes_of

__all__ = [
    "ACTIVE",
    "OVERRIDABLE",
    "PROCESSING",
    "Able",
    "Block",
    "Busy",
    "Code",
    "Day",
    "LabelledSlot",
    "Option",
    "Person",
    "Phase",
    "Reason",
    "Rules",
    "Slot",
    "Weekly",
    "check",
    "choose",
    "day_span",
    "days",
    "epoch",
    "free_lane",
    "instant",
    "lanes_of",
    "local_date",
    "local_label",
    "merged_notice",
    "occupied",
    "offered",
    "reasons",
    "starts",
    "wall_to_utc",
    "windows",
]
