"""Signing up, in and out through the API, and the person's own data. Passwords are hashed for unknown people too, so
that nobody can tell by the time of an answer whom we know."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.signals import password_reset
from allauth.account.utils import filter_users_by_email, setup_user_email
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tenants import limits
from tenants.addresses import bucket
from tenants.api import tokens
from tenants.errors import DomainError
from tenants.models import User

LOGIN = limits.Limit("login", times=5, seconds=15 * 60, closed=True, everywhere=True)
LOGIN_FROM = limits.Limit("login-from", times=30, seconds=15 * 60, closed=True, everywhere=True)
REGISTER_FROM = limits.Limit("register-from", times=20, seconds=60 * 60, everywhere=True)
RESET = limits.Limit("reset", times=3, seconds=60 * 60, everywhere=True)
RESET_FROM = limits.Limit("reset-from", times=20, seconds=60 * 60, everywhere=True)
#: However many addresses ask: one person's mailbox is not flooded.
RESET_MAILS = limits.Limit("reset-mails", times=6, seconds=60 * 60, everywhere=True)
NEW_PASSWORD_FROM = limits.Limit("new-password-from", times=20, seconds=60 * 60, closed=True, everywhere=True)


class LoginFailed(DomainError):
    code = "login_failed"
    status = 401
    message = "The e-mail address or the password is wrong."


class CodeNeeded(DomainError):
    code = "mfa_required"
    status = 401
    message = "Please enter the code of your authenticator app as well."


class AddressUnavailable(DomainError):
    code = "email_unavailable"
    status = 409
    message = "No new account can be opened with this address. Sign in, or ask for a new password."


class WeakPassword(DomainError):
    code = "weak_password"
    status = 400
    message = "Please choose another password."


class WrongPassword(DomainError):
    code = "wrong_password"
    status = 400
    message = "The current password is wrong."


class BadResetKey(DomainError):
    code = "reset_key_invalid"
    status = 400
    message = "This link to a new password is used up, too old or incomplete. Please ask for a new one."


def register(*, request, email, password, address, **fields):
    """A new account. Raises AddressUnavailable, WeakPassword, limits.TooMany.

    The address is confirmed later, by mail.
    """
    limits.take(REGISTER_FROM, bucket(address), address=address)
    email = email.lower()
    check_strength(password, User(email=email, **fields))
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, **fields)
            contact = setup_user_email(request, user, [])
    except IntegrityError as exc:
        raise AddressUnavailable from exc
    contact.send_confirmation(request, signup=True)
    return user


def sign_in(*, email, password, code, address):
    """The person these credentials belong to. Raises LoginFailed, CodeNeeded, limits.TooMany, limits.NotNow.

    Attempts are counted per account and address: guessing from elsewhere does not lock the account's owner out.
    """
    email, place = email.lower(), bucket(address)
    limits.take(LOGIN_FROM, place, address=address)
    limits.take(LOGIN, email, place, address=address)
    user = User.objects.filter(email=email).first()
    if user is None:
        make_password(password)
        raise LoginFailed
    if not user.check_password(password) or not user.is_active:
        raise LoginFailed
    _check_code(user, code)
    limits.give_back(LOGIN_FROM, place, address=address)
    limits.give_back(LOGIN, email, place, address=address)
    return user


def _check_code(user, code):
    """The second factor, where the person has set one up."""
    factors = list(Authenticator.objects.filter(user=user))
    if not factors:
        return
    if not code:
        raise CodeNeeded
    coded = [factor for factor in factors if factor.type != Authenticator.Type.WEBAUTHN]
    if not any(factor.wrap().validate_code(code) for factor in coded):
        raise LoginFailed


def send_reset_mail(*, request, email, address):
    """Send the way to a new password; an unknown address is told that it is unknown. Raises limits.TooMany."""
    email = email.lower()
    place = bucket(address)
    limits.take(RESET_FROM, place, address=address)
    limits.take(RESET, email, place, address=address)
    try:
        limits.take(RESET_MAILS, email, address=address)
    except limits.TooMany:
        return
    users = filter_users_by_email(email, is_active=True, prefer_verified=True)
    request_password_reset(request, email, users, default_token_generator)


def reset_password(*, key, password, address):
    """Set a new password by the key of a reset mail; it works once. Raises BadResetKey, WeakPassword, limits'."""
    limits.take(NEW_PASSWORD_FROM, bucket(address), address=address)
    uid, _, token = key.partition("-")
    try:
        user = User.objects.filter(pk=uid, is_active=True).first()
    except (ValueError, ValidationError):
        user = None
    if user is None or not default_token_generator.check_token(user, token):
        raise BadResetKey
    set_password(user, password)
    password_reset.send(sender=User, request=None, user=user)


def change_password(*, user, current, new, address):
    """Raises WrongPassword, WeakPassword, limits.TooMany; guessing counts like guessing at the login."""
    place = bucket(address)
    limits.take(LOGIN, user.email, place, address=address)
    if not user.check_password(current):
        raise WrongPassword
    limits.give_back(LOGIN, user.email, place, address=address)
    set_password(user, new)


@transaction.atomic
def set_password(user, password):
    """Every token issued before ends with it."""
    check_strength(password, user)
    get_adapter().set_password(user, password)
    tokens.end_all(user)


def check_strength(password, user):
    try:
        validate_password(password, user)
    except ValidationError as exc:
        raise WeakPassword(errors={"password": exc.messages}) from exc


def update_profile(*, user, **fields):
    for name, value in fields.items():
        setattr(user, name, value)
    user.save(update_fields=list(fields))
    return user
