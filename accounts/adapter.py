"""How allauth's mails leave: through the accounts' outbox, never inside a request."""

from allauth.core import context as allauth_context
from django.utils import timezone

from accounts import presence, services
from accounts.services import sign_ins
from tenants.accounts import AccountAdapter


class MailingAdapter(AccountAdapter):
    def format_email_subject(self, subject):
        """Who writes stands in the sender and in the text, not in brackets before every subject."""
        return subject

    def send_mail(self, template_prefix, email, context):
        """Write the mail down; known and unknown addresses take the same time, whatever the mail server does."""
        request = allauth_context.request
        business = getattr(request, "tenant", None)
        words = {"request": request, "email": email, "sender": business.name if business else "Tithi"}
        message = self.render_mail(template_prefix, email, words | context)
        services.queue(
            kind=template_prefix.rpartition("/")[2],
            recipient=email,
            subject=message.subject,
            text=message.body,
            now=timezone.now(),
        )

    def set_password(self, user, password):
        """A new password ends every other sign-in, of pages and of programs."""
        super().set_password(user, password)
        sign_ins.end_others(user=user, keep=presence.sign_in_of(allauth_context.request, user))
