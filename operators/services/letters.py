"""Messages of salons that were given up, tried once more."""

from django.db import transaction
from django_tenants.utils import schema_context, tenant_context

from audit import actors
from messaging import services as messaging
from messaging.models import Message
from operators.services.writing import check_reason, record
from tenants.errors import DomainError
from tenants.models import Business


class LetterGone(DomainError):
    code = "letter_gone"
    status = 409
    message = "The message is not there any more, or belongs to an account: its person asks for another."


@transaction.atomic
def send_again(*, letter, by, reason, now):
    """Have a salon's message that was given up leave after all. Raises ReasonTooShort, LetterGone, NotResendable.

    Nobody sees whom it is to or what it says.
    """
    reason = check_reason(reason)
    business = Business.objects.filter(schema_name=letter.schema_name).first()
    if business is None:
        raise LetterGone
    with tenant_context(business):
        message = Message.objects.filter(pk=letter.message_id).first()
        if message is None:
            raise LetterGone
        messaging.resend(message=message, by=actors.support(by.user, by.address), now=now)
    with schema_context("public"):
        record(by=by, action="message.sent_again", subject=business, at=now, reason=reason, kind=letter.kind)
