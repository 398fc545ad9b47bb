"""Words that are written when a message leaves: by whoever knows what it is about, told of here by kind.

A reminder says what is so when it leaves, not what was so when it was planned.
"""

from dataclasses import dataclass, field

_writers = {}


class NotAnyMore(Exception):
    """What the message is about has changed: it does not leave. The text says why, as a sentence for staff."""


class NotNow(Exception):
    """What the message is about is being changed at this moment: it is looked at again a little later."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What a message says. `attachments` as in `Outgoing.attachments`; `also_about`: what it speaks of beside what it is
    about (`Message.also_about`), kept with it from the moment it begins to leave.
    """

    text: str
    subject: str = ""
    html: str = ""
    attachments: list = field(default_factory=list)
    also_about: list = field(default_factory=list)


def register(kind, write):
    """From an app's `ready`: `write(message, now)` answers the Composed of a message of this kind, or raises NotAnyMore
    or NotNow.

    It is called within the transaction that begins the sending, in the message's salon, before every attempt; it may read
    and not write. The message's row is locked: whatever else it locks, it must not wait for.
    """
    _writers[kind] = write


def writes(kind):
    """Whether messages of this kind get their words when they leave."""
    return kind in _writers


def compose(message, now):
    """Raises LookupError for a kind nobody writes."""
    return _writers[message.kind](message, now)
