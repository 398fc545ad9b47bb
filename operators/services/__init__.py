"""Writes of the platform's own staff. Each is in the operators' log with who, what, on whom, why and from where."""

from operators.services.failures import (
    NotOpen,
    NotRunnable,
    QueueAway,
    can_run_again,
    forget_old_failures,
    lay_down,
    note_failure,
    run_again,
)
from operators.services.letters import LetterGone, send_again
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
    "LetterGone",
    "NotOpen",
    "NotRunnable",
    "NotWaiting",
    "NotYourself",
    "QueueAway",
    "ReasonTooShort",
    "UnknownPerson",
    "can_run_again",
    "deactivate",
    "end_access",
    "forget_old_failures",
    "lay_down",
    "make_operator",
    "note_failure",
    "note_request",
    "open_access",
    "reactivate",
    "remove_operator",
    "replay_event",
    "run_again",
    "send_again",
]
