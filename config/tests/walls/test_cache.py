"""The cache: after both salons were used, every key in Valkey carries a schema, or stands below with its reason."""

import re

import pytest
from django.core.cache import cache

from config.testing_client import HostClient
from config.tests.diary_writes import modules
from operators import tasks
from payments import metrics
from payments.tests.conftest import local_stripe, stripe_server
from tenants.tests.api import ELSEWHERE, NO_STATIC, PASSWORD, Api, signed_in

__all__ = ["local_stripe", "stripe_server"]
pytestmark = [NO_STATIC, pytest.mark.usefixtures("local_stripe")]

#: Keys that are not one salon's, and why.
OF_ALL = {
    # A login is one and the same on every salon's host: who guesses on one is not let guess on the next.
    "limit:login": "guesses at one account",
    "limit:login-from": "guesses from one address",
    "limit:register-from": "accounts made from one address",
    "limit:reset": "asked for a new password for one account",
    "limit:reset-from": "asked for new passwords from one address",
    "limit:reset-mails": "mails to one address",
    "limit:new-password-from": "links to new passwords that were tried from one address",
    "limit:second-factor": "guesses at one account's codes",
    "limit:invitation-mails": "mails to one address, whoever invites",
    "limit:account-exports": "files of one person's own data",
    "limit:address-checks": "names tried for new salons, which have no schema yet",
    "limit:texts-forged": "what Twilio did not sign, from one address",
    "limit:texts-answers": "answers to one number, which has one thread with all salons",
    "limit:credit-checkouts": "pages of Stripe's for one person's credits",
    # The platform's own.
    "tasks:deaths": "how often a message lost its worker",
    "operators:pulse": "when the clock was last seen",
    "operators:sweep": "when a sweep last ran",
    "ledger:comparisons": "how many comparisons there were",
    "ledger:unanswered": "how many of them Stripe did not answer",
}
#: What each salon has of its own after a day. allauth counts on each host beside our own limits.
IN_EACH = {
    "allauth:rl",
    "limit:api-address",
    "limit:api-person",
    "limit:api-salon",
    "limit:gift-codes",
    "limit:invitations",
}
EVERYWHERE = re.compile(r'\bLimit\(\s*"([\w-]+)"[^)]*\beverywhere=True')
KEY = re.compile(r"(?P<schema>[^:]*)::1:(?P<what>[^:]+:[^:]+)")


def keys():
    """Every key there is: (schema, what it counts or keeps)."""
    found = [key.decode() for key in cache._cache.get_client().scan_iter()]
    return {KEY.match(key).groups() if KEY.match(key) else ("", key) for key in found}


def astray(salons):
    """What is kept under no salon's schema, and is not of all of them."""
    schemas = {salon.business.schema_name for salon in salons}
    return {
        (schema, what)
        for schema, what in keys()
        if schema not in schemas and (schema != "public" or what not in OF_ALL)
    }


def use(salon):
    """A day at a salon: people sign in and guess, guests book and try gift cards, the team works."""
    business, guest = salon.business, Api(salon.business, address=ELSEWHERE)
    for body in ({"email": salon.owner.email, "password": "wrong"}, {"email": salon.owner.email, "password": PASSWORD}):
        guest.post("/auth/login", body)
    guest.post("/auth/register", {"email": f"new@{business.slug}.example", "password": PASSWORD})
    guest.post("/auth/forgot-password", {"email": salon.owner.email})
    guest.post("/auth/reset-password", {"key": "x", "password": PASSWORD})
    guest.post("/booking/availability", {"service_id": str(salon.keys["bookings.Service"])})
    guest.post(
        "/booking/hold", {"service_id": str(salon.keys["bookings.Service"]), "start_time": "2030-01-07T10:00:00Z"}
    )
    guest.post("/api/v1/gift-cards/check", {"code": salon.links["code"]})
    for path in ("/", f"/book/{salon.keys['bookings.Service']}/", f"/b/{salon.links['manage']}/"):
        guest.get(path)
    guest.client.post("/accounts/login/", {"login": salon.owner.email, "password": "wrong"}, REMOTE_ADDR=ELSEWHERE)
    guest.client.post("/accounts/password/reset/", {"email": salon.owner.email}, REMOTE_ADDR=ELSEWHERE)
    guest.client.post("/gift-cards/balance/", {"code": salon.links["code"]}, REMOTE_ADDR=ELSEWHERE)
    team = signed_in(business, salon.owner)
    team.address = ELSEWHERE
    for path in ("services", "admin/bookings", "admin/customers", "admin/analytics", "admin/audit"):
        team.get(f"/api/v1/{path}")
    browser = HostClient.opened(business, salon.owner)
    for page in ("", "calendar/", "visits/", "customers/", "gift-cards/", "analytics/", "settings/details/"):
        browser.get(f"/dashboard/{page}", REMOTE_ADDR=ELSEWHERE)
    for page in ("", "bookings/booking/", "team-access/"):
        browser.get(f"/admin/{page}", REMOTE_ADDR=ELSEWHERE)
    browser.post(
        "/admin/team-access/", {"email": f"next@{business.slug}.example", "role": "staff"}, REMOTE_ADDR=ELSEWHERE
    )


def test_every_key_carries_a_schema_or_is_of_all(here, there):
    for salon in (here, there):
        use(salon)
    tasks.pulse()
    tasks.pulse.apply()
    metrics.count_comparison(kinds=["unanswered"])

    assert astray((here, there)) == set()
    own, other = ({what for schema, what in keys() if schema == salon.business.schema_name} for salon in (here, there))
    assert own == other == IN_EACH


def test_a_key_without_a_schema_is_found(here, there):
    cache._cache.get_client(write=True).set("loose", 1)
    cache.set("limit:bookings:1", 1)  # in `public`, as if all salons shared it
    cache.set("limit:login:1", 1)

    assert astray((here, there)) == {("", "loose"), ("public", "limit:bookings")}


def test_every_limit_that_is_of_all_has_its_reason():
    named = {f"limit:{name}" for _, text in modules() for name in EVERYWHERE.findall(text)}

    assert named == {name for name in OF_ALL if name.startswith("limit:")}
