"""Signing in and out, by whatever door, is on the list of sign-ins; and who signs in with a code has proved an address."""

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.account.signals import email_confirmed, password_reset
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from accounts import presence, services
from accounts.services import sign_ins

PROVED = "Your address is confirmed now. Nobody had confirmed it before, so the password that was set is void: please set one."


@receiver(user_logged_in)
def begin_sign_in(sender, request, user, **kwargs):
    presence.begin(request, user)


@receiver(user_logged_out)
def forget_sign_in(sender, request, user, **kwargs):
    sign_in_id = request.session.get(presence.SIGN_IN)
    if sign_in_id:
        sign_ins.forget(sign_in_id=sign_in_id)


@receiver(email_confirmed)
def end_what_was_never_proved(sender, request, email_address, **kwargs):
    """Signing in with a code proves the mailbox. Who opened the account may have been somebody else: docs/decisions/0021."""
    user = email_address.user
    is_first_proof = not request.user.is_authenticated and _came_by_code(request, email_address.email)
    if is_first_proof and email_address.email == user.email and services.keep_what_is_proved(user=user):
        messages.warning(request, PROVED)


@receiver(password_reset)
def end_other_ways_in(sender, request, user, **kwargs):
    services.keep_the_new_password(user=user)


def _came_by_code(request, email):
    methods = request.session.get(METHODS) or [{}]
    return methods[-1].get("method") == "code" and methods[-1].get("email") == email
