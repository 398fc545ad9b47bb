from feeds.services.busy import (
    NotRead,
    Read,
    TooManyCalendars,
    add_address,
    add_file,
    ask_again,
    host_of,
    read_address,
    remove_calendar,
    replace_file,
)
from feeds.services.links import NotYours, TooManyLinks, make_link, note_fetch, revoke_link

__all__ = [
    "NotRead",
    "NotYours",
    "Read",
    "TooManyCalendars",
    "TooManyLinks",
    "add_address",
    "add_file",
    "ask_again",
    "host_of",
    "make_link",
    "note_fetch",
    "read_address",
    "remove_calendar",
    "replace_file",
    "revoke_link",
]
