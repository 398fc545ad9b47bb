from feeds.services.busy import NotRead, Read, TooManyCalendars, add_file, remove_calendar, replace_file
from feeds.services.links import NotYours, TooManyLinks, make_link, note_fetch, revoke_link

__all__ = [
    "NotRead",
    "NotYours",
    "Read",
    "TooManyCalendars",
    "TooManyLinks",
    "add_file",
    "make_link",
    "note_fetch",
    "remove_calendar",
    "replace_file",
    "revoke_link",
]
