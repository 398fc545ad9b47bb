"""Loads what the availability engine asks for: a constant number of queries, whatever the horizon or the team."""

from bookings.diary.candidates import (
    Assignment,
    Candidates,
    Need,
    Staffing,
    able,
    assignments_for,
    candidates_for,
)
from bookings.diary.causes import causes
from bookings.diary.loading import (
    LONGEST,
    MARGIN,
    TAKEN,
    Diary,
    horizon_days,
    joined,
    load,
    load_each,
    load_guests,
    load_team,
    without_sessions,
)
from bookings.diary.working import Working, working

__all__ = [
    "LONGEST",
    "MARGIN",
    "TAKEN",
    "Assignment",
    "Candidates",
    "Diary",
    "Need",
    "Staffing",
    "Working",
    "able",
    "assignments_for",
    "candidates_for",
    "causes",
    "horizon_days",
    "joined",
    "load",
    "load_each",
    "load_guests",
    "load_team",
    "without_sessions",
    "working",
]
