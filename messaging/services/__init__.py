"""Writes of messages: the outbox, and the salon's own words for what goes into it."""

from messaging.dispatch.services import CLAIM
from messaging.services.delivery import note_delivery
from messaging.services.outbox import NotResendable, forget, plan, put_off, queue, resend, withdraw
from messaging.services.sending import MAX_ATTEMPTS, send_due, send_due_of_all
from messaging.services.suppression import allow, reason_not_to, subscribe_again, suppress, unsubscribe
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
from messaging.services.texts import note_status, own_text, queue_text, start_texts, stop_texts

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
    "note_delivery",
    "note_status",
    "own_text",
    "own_words",
    "plan",
    "preview",
    "put_off",
    "queue",
    "queue_text",
    "reason_not_to",
    "resend",
    "reset_template",
    "save_template",
    "send_due",
    "send_due_of_all",
    "start_texts",
    "stop_texts",
    "subscribe_again",
    "suppress",
    "unsubscribe",
    "withdraw",
    "write_templates",
]
