"""A salon's Express account: made once, read back whenever something may have changed.

Stripe is called between transactions. An account whose answer was lost is found by the salon it was made for.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django_tenants.utils import tenant_context

from audit import services as audit
from audit.actors import SYSTEM
from payments import gateway, owners
from payments.connect import rules
from tenants import clock, hosts
from tenants.errors import DomainError
from tenants.models import ConnectStatus, TenantBilling

#: Stripe's clock and ours may differ by so much.
SKEW = timedelta(days=1)


class ConnectUnavailable(DomainError):
    code = "stripe_unavailable"
    status = 503
    message = "We could not reach Stripe. Nothing was changed; please try again in a moment."


class ConnectRefused(DomainError):
    code = "stripe_refused"
    status = 422
    message = "Stripe did not accept this. Please check the salon’s country and e-mail address, or write to us."


@dataclass(frozen=True, slots=True)
class Onboarding:
    """The salon's account, and the address where its owner goes on at Stripe."""

    billing: TenantBilling
    url: str


def start_onboarding(*, business, return_url, refresh_url, by, now):
    """The way to Stripe's pages for the salon's account, which is made on the first call: an Onboarding.

    Called again, also at once or after a lost answer, it is the same account with a new address.
    Raises ConnectUnavailable, ConnectRefused.
    """
    try:
        account_id = ensure_account(business=business, by=by, now=now)
        url = gateway.create_account_link(account_id=account_id, return_url=return_url, refresh_url=refresh_url)
    except gateway.GatewayUnavailable as exc:
        raise ConnectUnavailable from exc
    except gateway.GatewayError as exc:
        raise ConnectRefused from exc
    return Onboarding(billing=_billing(business), url=url)


def ensure_account(*, business, by, now):
    """The id of the salon's account, made if there is none. Raises gateway.GatewayError."""
    billing = _billing(business)
    if billing.stripe_account_id:
        return billing.stripe_account_id
    since = billing.disconnected_at or business.created_at - SKEW
    account = gateway.find_account(tenant=business.schema_name, since=since) or _create(business, billing)
    return _keep(business, account, by=by, now=now)


def _create(business, billing):
    """One key as long as Stripe is silent; it changes where Stripe would repeat a failure it has stored under it."""
    wanted = {"email": business.email, "country": business.country}
    digest = sha256(repr(sorted(wanted.items())).encode()).hexdigest()[:12]
    generation = billing.account_generation
    try:
        return gateway.create_account(
            **wanted,
            metadata={"tenant": business.schema_name},
            key=f"account-{business.pk}-{generation}-{digest}",
        )
    except gateway.GatewayUnavailable as exc:
        if exc.answered:
            rows = TenantBilling.objects.filter(business=business, account_generation=generation)
            rows.update(account_generation=F("account_generation") + 1)
        raise


def _keep(business, account, *, by, now):
    """Write the account down, unless somebody else was first; returns the id that counts."""
    with tenant_context(business), transaction.atomic():
        billing = _locked(business)
        if not billing.stripe_account_id:
            billing.stripe_account_id, billing.connect_status = account.id, ConnectStatus.PENDING
            billing.save(update_fields=["stripe_account_id", "connect_status"])
            audit.record(
                actor=by, action="stripe.connected", subject=business, at=now, after={"stripe_account_id": account.id}
            )
            _forget_on_commit(business)
    return billing.stripe_account_id


def refresh_account(*, business, now):
    """Read the account at Stripe and keep what it says; returns the TenantBilling.

    When charges stop the owners are told, once. Bookings stay open: the card step follows `charges_enabled`.
    Raises gateway.GatewayError.
    """
    billing = _billing(business)
    if not billing.stripe_account_id:
        return billing
    read_at = clock.database_now()
    account = gateway.retrieve_account(account_id=billing.stripe_account_id)
    with tenant_context(business), transaction.atomic():
        billing = _locked(business)
        stale = billing.account_read_at and billing.account_read_at >= read_at
        if billing.stripe_account_id != account.id or stale:
            return billing
        billing.account_read_at = read_at
        _apply(business, billing, account, now)
    return billing


def _apply(business, billing, account, now):
    before = {"connect_status": billing.connect_status, "charges_enabled": billing.charges_enabled}
    billing.charges_enabled, billing.details_submitted = account.charges_enabled, account.details_submitted
    billing.connect_status = rules.status_of(account)
    billing.restricted_reason = "" if account.charges_enabled else account.disabled_reason[:120]
    billing.save()
    after = {"connect_status": billing.connect_status, "charges_enabled": billing.charges_enabled}
    if after == before:
        return
    audit.record(actor=SYSTEM, action="stripe.account_changed", subject=business, at=now, before=before, after=after)
    _forget_on_commit(business)
    if before["charges_enabled"] and not billing.charges_enabled:
        _warn(business, now, why=rules.sentence(billing.restricted_reason))


def disconnect_account(*, business, now):
    """The account is no longer ours to use: cards are not asked for any more, and the owners are told."""
    with tenant_context(business), transaction.atomic():
        billing = _locked(business)
        if not (account_id := billing.stripe_account_id):
            return
        billing.stripe_account_id, billing.disconnected_at = None, now
        billing.connect_status, billing.restricted_reason = ConnectStatus.NONE, ""
        billing.charges_enabled = billing.details_submitted = False
        billing.account_generation += 1
        billing.save()
        audit.record(
            actor=SYSTEM,
            action="stripe.disconnected",
            subject=business,
            at=now,
            before={"stripe_account_id": account_id},
        )
        _forget_on_commit(business)
        _warn(business, now, why="Your Stripe account was disconnected from Tithi.")


def _warn(business, now, *, why):
    owners.queue(
        business=business,
        kind="cards_stopped",
        subject=f"{business.name} takes no cards at the moment",
        context={"why": why},
        version=int(now.timestamp()),
        now=now,
    )


def _billing(business):
    return TenantBilling.objects.get(business=business)


def _locked(business):
    return TenantBilling.objects.select_for_update().get(business=business)


def _forget_on_commit(business):
    transaction.on_commit(lambda host=business.host: hosts.forget(host))
