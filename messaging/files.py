"""Files that are made when a message leaves, by whoever knows what is in them, told of here by name.

What can be made again at any time, byte for byte, need not lie in every salon's outbox.
"""

_makers = {}


def register(name, make):
    """From an app's `ready`: `make(id)` answers the bytes of the file of this name about a row of the current salon.

    Raises ObjectDoesNotExist where there is nothing to make it of any more.
    """
    _makers[name] = make


def to_make(*, name, content_type, maker, about_id):
    """The entry of `Outgoing.attachments` for a file that is made when the message leaves."""
    return {"name": name, "content_type": content_type, "maker": maker, "about_id": str(about_id)}


def made(maker, about_id):
    """Raises LookupError for a name nobody makes."""
    return _makers[maker](about_id)
