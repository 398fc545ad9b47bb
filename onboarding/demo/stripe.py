"""A connected account for the demo salon, finished by itself where Stripe is the local one."""

import json
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

from payments import gateway
from tenants import hosts
from tenants.models import ConnectStatus, TenantBilling

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def connect(business):
    """Give the salon a Stripe account; returns the address where its onboarding is finished, or "" when it is done."""
    billing = TenantBilling.objects.get(business=business)
    if not billing.stripe_account_id:
        account = gateway.create_account(
            email=business.email,
            country=business.country,
            metadata={"tenant": business.schema_name},
            key=f"account-{business.pk}",
        )
        billing.stripe_account_id, billing.connect_status = account.id, ConnectStatus.PENDING
        billing.save()
    if _stripe_is_local():
        _finish_onboarding(billing.stripe_account_id)
    account = gateway.retrieve_account(account_id=billing.stripe_account_id)
    billing.charges_enabled = account.charges_enabled
    billing.connect_status = ConnectStatus.ACTIVE if account.charges_enabled else ConnectStatus.PENDING
    billing.save()
    hosts.forget(business.host)
    if account.charges_enabled:
        return ""
    url = business.url + "/admin/"
    return gateway.create_account_link(account_id=account.id, return_url=url, refresh_url=url)


def _stripe_is_local():
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
