"""A connected account and a plan for the demo salon, finished by themselves where Stripe is the local one."""

import json
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.utils import timezone

from audit.actors import SYSTEM
from payments import gateway, owners
from payments.connect import services as connect_services
from payments.subscriptions import services as plans

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def connect(business):
    """Give the salon a Stripe account and its trial.

    Returns the address where its onboarding is finished, or "" when it is done.
    """
    now = timezone.now()
    account_id = connect_services.ensure_account(business=business, by=SYSTEM, now=now)
    if stripe_is_local():
        _finish_onboarding(account_id)
    plans.catch_up(business=business, now=now)
    if connect_services.refresh_account(business=business, now=now).charges_enabled:
        return ""
    return gateway.create_account_link(
        account_id=account_id,
        return_url=owners.connect_url(business, "return"),
        refresh_url=owners.connect_url(business, "refresh"),
    )


def stripe_is_local():
    """Whether payments go to a Stripe on this machine: nothing that is done there costs anybody anything."""
    return urlsplit(settings.STRIPE_API_BASE).hostname in LOOPBACK


def _finish_onboarding(account_id):
    """What the owner does on Stripe's pages, done through the local Stripe's controls."""
    body = {"account": account_id, "charges_enabled": True, "payouts_enabled": True, "details_submitted": True}
    request = Request(  # noqa: S310 -- a loopback address, checked by the caller
        settings.STRIPE_API_BASE + "/_simulator/accounts",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urlopen(request, timeout=5) as answer:  # noqa: S310 -- as above
        answer.read()
