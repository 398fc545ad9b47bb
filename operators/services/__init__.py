"""Writes of the platform's own staff. Each is in the operators' log with who, what, on whom, why and from where."""

from operators.services.people import (
    AccountGone,
    LastOperator,
    NotYourself,
    UnknownPerson,
    deactivate,
    make_operator,
    reactivate,
    remove_operator,
)
from operators.services.repairs import NotWaiting, replay_event
from operators.services.support import (
    AccessEnded,
    AccessNotAllowed,
    end_access,
    note_request,
    open_access,
)
from operators.services.writing import By, ReasonTooShort

__all__ = [
    "AccessEnded",
    "AccessNotAllowed",
    "AccountGone",
    "By",
    "LastOperator",
    "NotWaiting",
    "NotYourself",
    "ReasonTooShort",
    "UnknownPerson",
    "deactivate",
    "end_access",
    "make_operator",
    "note_request",
    "open_access",
    "reactivate",
    "remove_operator",
    "replay_event",
]
