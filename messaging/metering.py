"""What a message costs whoever sends it, where somebody has said so: text messages, in credits. Told of from above."""

from dataclasses import dataclass


class NotPaid(Exception):
    """It cannot be paid for, so it does not leave. The text says why, as a sentence for staff."""


@dataclass(frozen=True, slots=True)
class Meter:
    """`charge(message, now)` raises NotPaid; both may be called any number of times for the same message."""

    charge: object
    give_back: object


_meters = {}


def register(channel, meter):
    """From an app's `ready`."""
    _meters[str(channel)] = meter


def charge(message, now):
    """Within the transaction that begins the sending. Raises NotPaid."""
    if meter := _meters.get(message.channel):
        meter.charge(message, now)


def give_back(message, now):
    """Within the transaction that gives the message up."""
    if meter := _meters.get(message.channel):
        meter.give_back(message, now)
