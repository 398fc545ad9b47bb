"""Writes of messages: the outbox, and the salon's own words for what goes into it."""

from messaging.services.outbox import CLAIM, MAX_ATTEMPTS, forget, queue, send_due
from messaging.services.templates import (
    TemplateExists,
    TemplateGone,
    TemplateRefused,
    Words,
    checked,
    delete_template,
    own_words,
    preview,
    reset_template,
    save_template,
    write_templates,
)

__all__ = [
    "CLAIM",
    "MAX_ATTEMPTS",
    "TemplateExists",
    "TemplateGone",
    "TemplateRefused",
    "Words",
    "checked",
    "delete_template",
    "forget",
    "own_words",
    "preview",
    "queue",
    "reset_template",
    "save_template",
    "send_due",
    "write_templates",
]
