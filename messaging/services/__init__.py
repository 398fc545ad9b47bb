"""Writes of messages: the outbox, and the salon's own words for what goes into it."""

from messaging.dispatch.services import CLAIM
from messaging.services.outbox import NotResendable, forget, plan, put_off, queue, resend, withdraw
from messaging.services.sending import MAX_ATTEMPTS, send_due, send_due_of_all
from messaging.services.suppression import allow, reason_not_to, suppress
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
    "NotResendable",
    "TemplateExists",
    "TemplateGone",
    "TemplateRefused",
    "Words",
    "allow",
    "checked",
    "delete_template",
    "forget",
    "own_words",
    "plan",
    "preview",
    "put_off",
    "queue",
    "reason_not_to",
    "resend",
    "reset_template",
    "save_template",
    "send_due",
    "send_due_of_all",
    "suppress",
    "withdraw",
    "write_templates",
]
