"""What a salon's owners are told about the salon itself: from the accounts' outbox, which outlives the salon."""

from django.template.loader import render_to_string
from django.urls import reverse
from django_tenants.utils import schema_context

from accounts import services as accounts
from tenants import hosts
from tenants.models import Role, User


def salon_url(business, page="overview"):
    """An owner's page about the salon, on the platform's host."""
    return hosts.platform_url() + reverse(f"salon:{page}", args=[business.pk], urlconf="config.urls_platform")


def tell_owners(*, business, template, subject, context, now):
    """A mail to every owner, within the caller's transaction; its words are in `onboarding/mail/<template>.txt`."""
    context = context | {"business": business, "salon_url": salon_url(business)}
    text = render_to_string(f"onboarding/mail/{template}.txt", context).strip()
    with schema_context("public"):
        for owner in User.objects.filter(memberships__business=business, memberships__role=Role.OWNER, is_active=True):
            accounts.queue(kind=template, recipient=owner.email, subject=subject, text=text, now=now)
