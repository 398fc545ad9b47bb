"""Salons' Express accounts and the pages where Stripe gets to know their owners."""

from dataclasses import dataclass

from payments.gateway.calling import call, client, every, plain


@dataclass(frozen=True, slots=True)
class Account:
    """`disabled_reason` is Stripe's word for why no charges are taken, "" where it gives none."""

    id: str
    charges_enabled: bool
    details_submitted: bool
    disabled_reason: str = ""


def create_account(*, email, country, metadata, key):
    """An Express account for a salon."""
    params = {
        "type": "express",
        "country": country,
        "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
        "metadata": metadata,
    } | ({"email": email} if email else {})
    return _account(call(client().v1.accounts.create, key=key, params=params))


def retrieve_account(*, account_id):
    return _account(call(client().v1.accounts.retrieve, account_id))


def find_account(*, tenant, since):
    """The newest account made for a salon after an instant, or None: what a lost answer is checked against."""
    for raw in every(client().v1.accounts.list, params={"created": {"gt": int(since.timestamp())}}):
        if plain(raw.metadata).get("tenant") == tenant:
            return _account(raw)
    return None


def create_account_link(*, account_id, return_url, refresh_url):
    """The address of Stripe's onboarding pages for a salon's account."""
    params = {
        "account": account_id,
        "type": "account_onboarding",
        "return_url": return_url,
        "refresh_url": refresh_url,
    }
    return call(client().v1.account_links.create, params=params).url


def _account(raw):
    requirements = getattr(raw, "requirements", None)
    return Account(
        id=raw.id,
        charges_enabled=bool(raw.charges_enabled),
        details_submitted=bool(raw.details_submitted),
        disabled_reason=(requirements.disabled_reason or "") if requirements else "",
    )
