"""Every write of the diary. One function for every door: public pages, API, admin."""

from bookings.services.changes import (
    cancel_booking,
    check_in,
    complete_booking,
    correct_booking,
    miss_booking,
)
from bookings.services.checkout import (
    CardRequired,
    Details,
    OwnTimesOverlap,
    TermsChanged,
    confirm_booking,
    submit_details,
)
from bookings.services.errors import (
    HoldExpired,
    NotAllowed,
    NotBookable,
    RuleBroken,
    SlotTaken,
    TooManyHolds,
)
from bookings.services.exporting import record_visits_export
from bookings.services.families import (
    cancel_family,
    check_family,
    extend_family,
    hold_family,
    keep_in_step,
    locked_family,
    release_family,
)
from bookings.services.holds import check_basket, expire_holds, extend_hold, hold_slot, locked, release_hold, run_out
from bookings.services.moves import change_length, reschedule_booking, undo_move
from bookings.services.requests import find_by_key, remember_key
from bookings.services.series import move_visits, repeat_visit
from bookings.services.sessions import close_session, open_session
from bookings.services.taking import take_family, take_visit
from bookings.services.telling import tell_of_all

__all__ = [
    "CardRequired",
    "Details",
    "HoldExpired",
    "NotAllowed",
    "NotBookable",
    "OwnTimesOverlap",
    "RuleBroken",
    "SlotTaken",
    "TermsChanged",
    "TooManyHolds",
    "cancel_booking",
    "cancel_family",
    "change_length",
    "check_basket",
    "check_family",
    "check_in",
    "close_session",
    "complete_booking",
    "confirm_booking",
    "correct_booking",
    "expire_holds",
    "extend_family",
    "extend_hold",
    "find_by_key",
    "hold_family",
    "hold_slot",
    "keep_in_step",
    "locked",
    "locked_family",
    "miss_booking",
    "move_visits",
    "open_session",
    "record_visits_export",
    "release_family",
    "release_hold",
    "remember_key",
    "repeat_visit",
    "reschedule_booking",
    "run_out",
    "submit_details",
    "take_family",
    "take_visit",
    "tell_of_all",
    "undo_move",
]
