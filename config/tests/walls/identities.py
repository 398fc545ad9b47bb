"""Who asks. Ten on a salon's host, and five on the platform's."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone

from accounts.api_tokens.tests.making import make
from config.tests.walls.walk import Browser
from operators import services as operators
from tenants.api import tokens
from tenants.models import Membership, Role, User
from tenants.tests.api import PASSWORD


def stranger(here, there):
    """Nobody has signed in."""
    return None, ""


def _member(role):
    def made(here, there):
        user = User.objects.create_user(f"{role}@here.example", PASSWORD)
        Membership.objects.create(user=user, business=here.business, role=role)
        return user, ""

    made.__doc__ = f"Of the salon's team, as {role}."
    return made


def owner(here, there):
    """Whose salon it is."""
    return here.owner, ""


def two_hats(here, there):
    """Viewer here and owner there: on this host the second hat must not count."""
    user, _ = _member(Role.VIEWER)(here, there)
    Membership.objects.create(user=user, business=there.business, role=Role.OWNER)
    return user, ""


def neighbour(here, there):
    """Owner of the other salon, and nobody here."""
    user = User.objects.create_user("neighbour@there.example", PASSWORD)
    Membership.objects.create(user=user, business=there.business, role=Role.OWNER)
    return user, ""


def foreign_key(here, there):
    """A program of the other salon, with a key for everything there."""
    return None, make(there.business, there.owner, name="walk")[1]


def foreign_token(here, there):
    """The owner of the other salon, with the access token of that host."""
    return None, tokens.issue(user=there.owner, business=there.business)["access"]


def operator(here, there):
    """Of the platform's own staff, let into no salon."""
    user = User.objects.create_user("olga@tithi.example", PASSWORD, is_operator=True)
    TOTP.activate(user, generate_totp_secret())
    return user, ""


def support(here, there):
    """Of the platform's own staff, let in here, and into the other salon too: only this one may show."""
    user, _ = operator(here, there)
    for salon in (here, there):
        operators.open_access(
            business=salon.business,
            by=operators.By(user, "203.0.113.9"),
            role=Role.VIEWER,
            reason="Ticket 4711: the hours look wrong",
            length=timedelta(hours=4),
            now=timezone.now(),
        )
    return user, ""


def newcomer(here, there):
    """Has an account and no salon."""
    return User.objects.create_user("new@nowhere.example", PASSWORD), ""


staff, admin = _member(Role.STAFF), _member(Role.ADMIN)

#: A plain viewer sees what one with two hats sees.
ON_A_SALON = {
    "stranger": stranger,
    "staff": staff,
    "admin": admin,
    "owner": owner,
    "two hats": two_hats,
    "neighbour": neighbour,
    "foreign key": foreign_key,
    "foreign token": foreign_token,
    "operator": operator,
    "support": support,
}
ON_THE_PLATFORM = {
    "stranger": stranger,
    "newcomer": newcomer,
    "admin": admin,
    "owner": owner,
    "operator": operator,
}


def browser(name, here, there, *, platform=False):
    """A Browser of that identity, and the headers it sends: programs and browsers in one."""
    user, token = (ON_THE_PLATFORM if platform else ON_A_SALON)[name](here, there)
    business = None if platform else here.business
    client = Browser.opened(business, user)
    if user and not token and business and name not in ("neighbour", "operator", "support"):
        token = tokens.issue(user=user, business=business)["access"]
    return client, {"Authorization": f"Bearer {token}"} if token else {}
