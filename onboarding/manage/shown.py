"""Ready words and values for the pages about a salon."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from onboarding.domains import names, rules
from onboarding.leaving import services as departures
from payments.subscriptions.words import day
from tenants.models import CustomDomain, SubscriptionStatus
from tenants.queries import departure_of


@dataclass(frozen=True, slots=True)
class OwnDomain:
    """A name of the salon's own: how it stands, and the records to write, as (kind, name, value)."""

    row: CustomDomain
    name: str
    state: str
    kind: str
    text: str
    records: list = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A salon on its way out: the day, what has to end first, and how its plan stands."""

    day: str
    erase_at: datetime
    plan_ended: bool
    plan_runs: bool
    cancel_visits: bool
    reasons: list = field(default_factory=list)


def ending(business):
    """What follows the salon's name in its address."""
    return business.host.removeprefix(business.slug)


def taken(exc):
    """The refusal, with the names that are free."""
    return f"{exc} Free are: {', '.join(exc.suggestions)}." if exc.suggestions else str(exc)


def own_domain(business, row):
    state, kind = _state(row)
    return OwnDomain(row, names.shown(row.domain), state, kind, _text(business, row), _records(business, row))


def _state(row):
    if row.verified_at is None:
        return "Waiting for its records", ""
    return ("Needs you", "warn") if row.failing_since else ("In use", "good")


def _text(business, row):
    if row.failing_since:
        last = day(row.failing_since + rules.STOP_AFTER, business.zone)
        return f"{row.problem} If this stays so, the name is not used any more from {last}."
    return row.problem


def _records(business, row):
    """The proof, and the way to us: by name where the DNS allows one, else by address."""
    found = [("TXT", names.proof_of(row.domain), row.token), ("CNAME", row.domain, business.host)]
    return found + [("AAAA" if ":" in address else "A", row.domain, address) for address in settings.PLATFORM_ADDRESSES]


def departure(business):
    """The salon's way out as its pages show it, or None."""
    found = departure_of(business)
    if found is None:
        return None
    return Leaving(
        day=day(found.erase_at, business.zone),
        erase_at=found.erase_at,
        plan_ended=business.billing.subscription_status == SubscriptionStatus.CANCELED,
        plan_runs=departures.may_be_billed(business.billing),
        cancel_visits=found.cancel_visits,
        reasons=departures.reasons_to_wait(business),
    )
