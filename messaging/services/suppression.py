"""Addresses that get nothing more, or no more advertising."""

from django.db import transaction

from audit import services as audit
from messaging import signals
from messaging.models import Suppression, SuppressionScope
from tenants.errors import DomainError

#: Why it did not leave, for staff.
REASONS = {
    Suppression.Cause.UNSUBSCRIBED: "Whoever reads this address has unsubscribed.",
    Suppression.Cause.STOPPED: "STOP was answered from this number.",
    Suppression.Cause.BOUNCED: "An earlier message to this address came back: it does not exist.",
    Suppression.Cause.COMPLAINED: "An earlier message to this address was reported as spam.",
    Suppression.Cause.STAFF: "The team has switched messages to this address off.",
}

#: Their own word: taken back by agreeing again, or by START, never by the team.
THEIR_OWN = (Suppression.Cause.UNSUBSCRIBED, Suppression.Cause.STOPPED)


class NotOursToAllow(DomainError):
    code = "not_ours_to_allow"
    status = 409
    message = "Only whoever reads this address can take that back."


def suppress(*, channel, address, scope, cause, now):
    """Send nothing more of this scope to an address; returns the Suppression, the earlier one where there is one."""
    row, _ = Suppression.objects.get_or_create(
        channel=channel, address=address.lower(), scope=scope, defaults={"cause": cause, "at": now}
    )
    return row


def allow(*, channel, address, scopes=tuple(SuppressionScope), causes=tuple(Suppression.Cause)):
    """Take it back, where one of these was the cause; returns how many there were."""
    found = Suppression.objects.filter(channel=channel, address=address.lower(), scope__in=scopes, cause__in=causes)
    return found.delete()[0]


@transaction.atomic
def unsubscribe(*, channel, address, now):
    """Whoever reads this address wants no advertising. Pressed again it changes nothing."""
    suppress(
        channel=channel,
        address=address,
        scope=SuppressionScope.ADVERTISING,
        cause=Suppression.Cause.UNSUBSCRIBED,
        now=now,
    )
    signals.unsubscribed.send(sender=Suppression, channel=channel, address=address, at=now)


@transaction.atomic
def subscribe_again(*, channel, address, now):
    """They want it after all; lifts nothing but what `unsubscribe` has put there, and without that does nothing."""
    scope, cause = SuppressionScope.ADVERTISING, Suppression.Cause.UNSUBSCRIBED
    found = Suppression.objects.filter(channel=channel, address=address.lower(), scope=scope, cause=cause)
    if found.delete()[0]:
        signals.subscribed_again.send(sender=Suppression, channel=channel, address=address, at=now)


def reason_not_to(*, channel, address, advertising):
    """Why nothing is sent to an address, as a sentence for staff; "" where something may be."""
    scopes = [SuppressionScope.ALL, *([SuppressionScope.ADVERTISING] if advertising else [])]
    row = Suppression.objects.filter(channel=channel, address=address.lower(), scope__in=scopes).first()
    return REASONS[row.cause] if row else ""


def is_ours_to_allow(suppression):
    return suppression.cause not in THEIR_OWN


@transaction.atomic
def allow_again(*, suppression, by, now):
    """Staff know better than a mail that came back: messages leave to the address again. The trail says who said so.

    Raises NotOursToAllow for what somebody has said themselves.
    """
    if not is_ours_to_allow(suppression):
        raise NotOursToAllow
    before = {name: getattr(suppression, name) for name in ("channel", "scope", "cause")}
    audit.record(actor=by, action="address.allowed", subject=suppression, at=now, before=before)
    allow(channel=suppression.channel, address=suppression.address, scopes=[suppression.scope])
