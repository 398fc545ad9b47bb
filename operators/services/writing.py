"""The operators' log: its only writer."""

from dataclasses import dataclass

import structlog

from operators.models import OperatorEntry
from tenants.errors import DomainError
from tenants.models import User

SHORTEST_REASON = 10


class ReasonTooShort(DomainError):
    code = "reason_too_short"
    message = f"Say why, in at least {SHORTEST_REASON} characters: others will read it."


@dataclass(frozen=True, slots=True)
class By:
    """Who acts and from where; no user on the machine's own command line."""

    user: User | None
    address: str | None = None

    @property
    def label(self):
        return str(self.user) if self.user else "manage.py"


def check_reason(reason):
    """The reason without the space around it. Raises ReasonTooShort."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonTooShort
    return reason[:1000]


def record(*, by, action, subject, at, reason="", **details):
    """Write one line of the log inside the caller's transaction."""
    return OperatorEntry.objects.create(
        at=at,
        operator=by.user,
        operator_label=by.label[:200],
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=str(subject)[:200],
        reason=reason,
        details=details,
        address=by.address,
        request_id=structlog.contextvars.get_contextvars().get("request_id", "")[:64],
    )
