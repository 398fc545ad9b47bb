"""Messages as staff read of them: what they are called, how they are doing, and why one did not leave."""

from messaging.models import Delivery, MessageStatus
from messaging.triggers import TRIGGERS

#: Kinds whose name says too little.
CALLED = {
    "salon_new_booking": "The salon’s copy of a booking",
    "staff_notice": "Notice to the team",
    "staff_digest": "The morning’s summary",
}
#: (words, how that looks): good, bad, warn, or as everything else.
STATES = {
    MessageStatus.QUEUED: ("On its way", ""),
    MessageStatus.SENDING: ("On its way", ""),
    MessageStatus.SENT: ("Sent", "good"),
    MessageStatus.DEAD: ("Not sent", "bad"),
    MessageStatus.UNCONFIRMED: ("Perhaps not sent", "bad"),
    MessageStatus.WITHDRAWN: ("Withdrawn", ""),
    MessageStatus.SKIPPED: ("Not sent", ""),
}
DELIVERIES = {
    Delivery.DELIVERED: ("Delivered", "good"),
    Delivery.BOUNCED: ("Came back", "bad"),
    Delivery.COMPLAINED: ("Reported as spam", "bad"),
    Delivery.FAILED: ("Not delivered", "bad"),
}
REFUSED = "It was refused for good."
GIVEN_UP = "It could not be handed over, however often that was tried."
MAYBE_TWICE = "It may have left twice: a worker died while sending it."


def called(kind):
    """A kind in words."""
    if kind in CALLED:
        return CALLED[kind]
    return TRIGGERS[kind].label if kind in TRIGGERS else kind.replace("_", " ").capitalize()


def state_of(message, *, now):
    """(words, kind of badge)"""
    if message.status == MessageStatus.QUEUED:
        if message.attempts:
            return "Tried again soon", "warn"
        return ("Planned", "") if message.due_at > now else STATES[MessageStatus.QUEUED]
    if message.status == MessageStatus.SENT and message.delivery in DELIVERIES:
        return DELIVERIES[message.delivery]
    return STATES[message.status]


def notes_of(message, *, most_attempts):
    """Sentences about it: why it did not leave, what became of it, whether it may have left twice."""
    found = [message.reason]
    if message.status == MessageStatus.DEAD and not message.reason:
        found.append(GIVEN_UP if message.attempts >= most_attempts else REFUSED)
    if message.status == MessageStatus.SENT:
        found.append(message.delivery_detail)
    if message.repeats:
        found.append(MAYBE_TWICE)
    return [sentence for sentence in found if sentence]
