"""What a salon's owners are told about its money with Stripe and with us."""

from django.template.loader import render_to_string
from django.urls import reverse

from messaging import services as messaging
from tenants import hosts
from tenants.models import Role, User


def billing_url(business):
    """The owner's page about the salon's plan and its Stripe account, on the platform's host."""
    return _platform("billing:salon", business)


def connect_url(business, step):
    """Where Stripe sends the owner to: `return` when done, `refresh` when its address had run out."""
    return _platform(f"billing:connect-{step}", business)


def card_url(business):
    """Where Stripe's card page sends the owner; Stripe fills in which page it was."""
    return billing_url(business) + "card/{CHECKOUT_SESSION_ID}/"


def _platform(name, business):
    return hosts.platform_url() + reverse(name, args=[business.pk], urlconf="config.urls_platform")


def queue(*, business, kind, subject, context, version, now, template=""):
    """A mail to every owner of the salon, within the caller's transaction; the same `version` is written once.

    Its words are in `payments/mail/<template>`, by default the kind's own.
    """
    context = context | {"business": business, "billing_url": billing_url(business)}
    text, html = (render_to_string(f"payments/mail/{template or kind}.{end}", context) for end in ("txt", "html"))
    for owner in User.objects.filter(memberships__business=business, memberships__role=Role.OWNER, is_active=True):
        messaging.queue(
            kind=kind,
            about_id=business.pk,
            version=version,
            recipient=owner.email,
            subject=subject,
            text=text,
            html=html,
            now=now,
        )
