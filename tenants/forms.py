"""Allauth's forms where ours say more."""

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms

from tenants import limits
from tenants.addresses import client_address

CODES = limits.Limit("second-factor", times=10, seconds=15 * 60, closed=True, everywhere=True)


class CodeForm(AuthenticateForm):
    """The second step. Guesses are counted per person on all hosts together, wherever they come from."""

    def clean_code(self):
        address = client_address(context.request)
        try:
            limits.take(CODES, str(self.user.pk), address=address)
        except (limits.TooMany, limits.NotNow) as exc:
            raise forms.ValidationError(exc.message) from exc
        code = super().clean_code()
        limits.give_back(CODES, str(self.user.pk), address=address)
        return code


class PasskeyForm(AddWebAuthnForm):
    """A passkey signs in by itself unless somebody wants it as a second step only."""

    passwordless = forms.BooleanField(
        label="Sign in with this passkey alone",
        required=False,
        initial=True,
        help_text="Your device asks for your finger, face or PIN. Without this, it is a second step after the password.",
    )
