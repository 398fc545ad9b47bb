"""Whose account is it that Google speaks of? See docs/decisions/0021."""

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.db import transaction
from django.shortcuts import render

from accounts.google import is_offered
from tenants.models import User


class GoogleAdapter(DefaultSocialAccountAdapter):
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": "This is your way in: your account has no password yet. Set one, then disconnect Google.",
    }

    def list_apps(self, request, provider=None, client_id=None):
        """From the settings, never from a table; none where Google is not offered."""
        if not is_offered(request) or provider not in (None, "google"):
            return []
        keys = {"client_id": settings.GOOGLE_CLIENT_ID, "secret": settings.GOOGLE_CLIENT_SECRET}
        return [SocialApp(provider="google", name="Google", **keys)]

    def authenticate_by_email(self, sociallogin):
        """The account of an address that is verified at Google and here; None for any other.

        Whoever connects is signed in already, and their account is no guess.
        """
        if connects(sociallogin):
            return None
        email = verified_email(sociallogin)
        row = EmailAddress.objects.select_related("user").filter(email=email, verified=True).first() if email else None
        return (row.user, email) if row and row.user.is_active else None

    def pre_social_login(self, request, sociallogin):
        """Stops, with a page, where a new account would take over an address or stand on an unverified one."""
        if sociallogin.is_existing or connects(sociallogin):
            return
        email = verified_email(sociallogin)
        if email is None:
            _stop(request, "socialaccount/unverified.html", status=403)
        if is_taken(email):
            _stop(request, "socialaccount/known_address.html", status=409, email=email)
        # Somebody wrote the address into their own account and never proved it; now it is proved by its owner.
        EmailAddress.objects.filter(email=email, verified=False).delete()

    def deserialize_instance(self, model, data):
        """From the session, where ids are text: a person is the same person only with an id of the same kind."""
        instance = super().deserialize_instance(model, data)
        instance.pk = instance._meta.pk.to_python(instance.pk)
        return instance

    def save_user(self, request, sociallogin, form=None):
        with transaction.atomic():
            return super().save_user(request, sociallogin, form)


def connects(sociallogin):
    return sociallogin.state.get("process") == AuthProcess.CONNECT


def verified_email(sociallogin):
    """The address Google vouches for, in lower case."""
    return next((row.email.lower() for row in sociallogin.email_addresses if row.verified), None)


def is_taken(email):
    verified = EmailAddress.objects.filter(email=email, verified=True)
    return User.objects.filter(email=email).exists() or verified.exists()


def _stop(request, template, *, status, **context):
    raise ImmediateHttpResponse(render(request, template, context, status=status))
