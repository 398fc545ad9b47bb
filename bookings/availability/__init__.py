"""The diary's engine: when can this be booked, with whom, and if not, why not.

Pure: values in, values out, `now` passed in; no ORM, no Django, no clock. Every path that writes a booking asks it
again inside its own transaction (`check` for one service, `arrange` for a visit).
"""

from .choice import choose, ranks
from .clock import day_span, epoch, instant, local_date, local_label, wall_to_utc
from .codes import Code, Reason
from .days import Day, LabelledSlot, days, visit_days
from .engine import Option, Slot, offered, starts
from .gaps import gaps
from .groups import GroupSlot, Guest, group_days, group_plans
from .hours import windows
from .limits import OVERRIDABLE, merged_horizon, merged_notice
from .occupancy import free_lane, occupied
from .plan import Part, Plan, Segment, Taken
from .reasons import check, reasons, set_aside
from .refusals import visit_reasons
from .remnants import Offering, preferred, thinned
from .takings import taken
from .values import (
    ACTIVE,
    PROCESSING,
    Able,
    Block,
    Busy,
    Person,
    Phase,
    Resource,
    Rules,
    Session,
    Weekly,
    lanes_of,
)
from .visits import arrange, plans

__all__ = [
    "ACTIVE",
    "OVERRIDABLE",
    "PROCESSING",
    "Able",
    "Block",
    "Busy",
    "Code",
    "Day",
    "GroupSlot",
    "Guest",
    "LabelledSlot",
    "Offering",
    "Option",
    "Part",
    "Person",
    "Phase",
    "Plan",
    "Reason",
    "Resource",
    "Rules",
    "Segment",
    "Session",
    "Slot",
    "Taken",
    "Weekly",
    "arrange",
    "check",
    "choose",
    "day_span",
    "days",
    "epoch",
    "free_lane",
    "gaps",
    "group_days",
    "group_plans",
    "instant",
    "lanes_of",
    "local_date",
    "local_label",
    "merged_horizon",
    "merged_notice",
    "occupied",
    "offered",
    "plans",
    "preferred",
    "ranks",
    "reasons",
    "set_aside",
    "starts",
    "taken",
    "thinned",
    "visit_days",
    "visit_reasons",
    "wall_to_utc",
    "windows",
]
