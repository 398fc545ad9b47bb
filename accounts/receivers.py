"""Signing in and out, by whatever door, is on the list of sign-ins."""

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from accounts import presence
from accounts.services import sign_ins


@receiver(user_logged_in)
def begin_sign_in(sender, request, user, **kwargs):
    presence.begin(request, user)


@receiver(user_logged_out)
def forget_sign_in(sender, request, user, **kwargs):
    sign_in_id = request.session.get(presence.SIGN_IN)
    if sign_in_id:
        sign_ins.forget(sign_in_id=sign_in_id)
