"""What the outbox tells the team."""

from django.dispatch import receiver

from messaging import queries, wording
from messaging.notices.events import DIGEST, NOTICE
from messaging.notices.services import tell
from messaging.signals import gave_up
from tenants.permissions import Permission


@receiver(gave_up)
def tell_of_failed_message(sender, message, at, **kwargs):
    """A message does not leave any more by itself: somebody has to know. Of money only who sees money."""
    if message.kind in (NOTICE, DIGEST):
        return  # a mail about a mail about a mail
    tell(
        event="message_failed",
        about_id=message.pk,
        version=message.attempts,
        words=f"{wording.called(message.kind)} to {message.recipient} could not be sent.",
        permission=None if queries.is_about_visits(message.kind) else Permission.VIEW_MONEY,
        now=at,
    )
