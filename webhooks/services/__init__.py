"""Every write about webhooks."""

from webhooks.services.delivering import Forgotten, deliver, replay, replay_dead
from webhooks.services.endpoints import (
    Gone,
    NotAccepted,
    TooMany,
    add_endpoint,
    change_endpoint,
    delete_endpoint,
    pause,
    resume,
    roll_secret,
)
from webhooks.services.forgetting import forget_old, forget_person
from webhooks.services.noting import NotActive, note, send_test

__all__ = [
    "Forgotten",
    "Gone",
    "NotAccepted",
    "NotActive",
    "TooMany",
    "add_endpoint",
    "change_endpoint",
    "delete_endpoint",
    "deliver",
    "forget_old",
    "forget_person",
    "note",
    "pause",
    "replay",
    "replay_dead",
    "resume",
    "roll_secret",
    "send_test",
]
