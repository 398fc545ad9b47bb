"""A salon's own domain: added, checked, served, lost, removed. The DNS is asked between transactions."""

import secrets

from django.conf import settings
from django.db import transaction
from django_tenants.utils import tenant_context

from audit import services as audit
from audit.actors import SYSTEM
from onboarding import telling
from onboarding.domains import names, rules
from onboarding.domains.errors import DomainTaken, TooManyDomains
from tenants import dns_records, hosts
from tenants.models import Business, CustomDomain, Domain

MOST = 5


def add_domain(*, business, text, by, now):
    """Note a name the salon wants to be found at; returns the CustomDomain, with the token its owner has to publish.

    Added twice, it is the same one. Nothing is served before it is checked. Raises NameInvalid, NameIsOurs,
    NameIsShared, TooManyDomains.
    """
    name = names.normalise(text, platform=settings.PLATFORM_DOMAIN)
    with tenant_context(business), transaction.atomic():
        # One after the other: the count would not hold otherwise.
        Business.objects.select_for_update(no_key=True).get(pk=business.pk)
        found = CustomDomain.objects.filter(business=business, domain=name).first()
        if found:
            return found
        if CustomDomain.objects.filter(business=business).count() >= MOST:
            raise TooManyDomains
        row = CustomDomain.objects.create(
            business=business, domain=name, token=f"tithi-{secrets.token_hex(16)}", created_at=now
        )
        audit.record(actor=by, action="domain.added", subject=row, at=now, after={"domain": name})
    return row


def remove_domain(*, business, domain, by, now):
    """Give a name up: it is not served any more at once. Removed twice is removed."""
    with tenant_context(business), transaction.atomic():
        row = _locked(domain).get(domain.pk)
        if row is None:
            return
        _stop_serving(row)
        audit.record(actor=by, action="domain.removed", subject=row, at=now, before={"domain": row.domain})
        row.delete()


def check_domain(*, business, domain, by=SYSTEM, now):
    """Ask the DNS whether the name is the salon's and leads to us, and serve it from then on, or say what is missing.

    Returns the CustomDomain; `problem` is "" when all is well. A name server that does not answer changes nothing. A
    name that fails for days is told about and then not served any more. Whoever verifies a name takes it over from a
    salon whose own record is gone; raises DomainTaken, with nothing changed, while that is still there.
    """
    found = _look_up(domain.domain)
    with tenant_context(business), transaction.atomic():
        rows = _locked(domain)
        row = rows.get(domain.pk)
        if row is None:
            return domain
        _write_down(row, found, now)
        if found and not row.problem:
            _verify(row, rows.values(), found, by, now)
        elif found and row.failing_since:
            _fail(row, by, now)
        row.save()
    return row


def _look_up(name):
    """What the DNS says, or None where it does not answer."""
    try:
        leads = dns_records.leads_of(name)
        ours = frozenset(settings.PLATFORM_ADDRESSES) or dns_records.leads_of(settings.PLATFORM_DOMAIN).addresses
        return rules.Found(dns_records.texts(names.proof_of(name)), leads.names, leads.addresses, ours)
    except dns_records.Unreachable:
        return None


def _locked(domain):
    """Everybody's rows of that name, held: two salons that check it at once come one after the other."""
    rows = CustomDomain.objects.select_for_update(of=("self",)).select_related("business")
    return {row.pk: row for row in rows.filter(domain=domain.domain).order_by("pk")}


def _write_down(row, found, now):
    row.checked_at = now
    if found is None:
        row.problem = rules.UNREACHABLE
        return
    row.problem = rules.problem(row.domain, row.token, found, platform=settings.PLATFORM_DOMAIN)
    if not row.problem:
        row.failing_since = row.warned_at = None
    elif row.verified_at and row.failing_since is None:
        row.failing_since = now


def _verify(row, rows, found, by, now):
    rival = next((other for other in rows if other.pk != row.pk and other.verified_at), None)
    if rival and rival.token in found.texts:
        raise DomainTaken
    if rival:
        _lose(rival, now)
    if row.verified_at is None:
        row.verified_at = now
        audit.record(actor=by, action="domain.verified", subject=row, at=now, after={"domain": row.domain})
    served, _ = Domain.objects.get_or_create(domain=row.domain, defaults={"tenant": row.business, "is_primary": False})
    if served.tenant_id != row.business_id:
        raise DomainTaken
    _forget(row)


def _lose(rival, now):
    """Another salon has proven the name to be its own."""
    _stop_serving(rival)
    rival.verified_at = rival.failing_since = rival.warned_at = None
    rival.problem = "Another salon has proven this name to be its own."
    rival.save()
    with tenant_context(rival.business):
        audit.record(actor=SYSTEM, action="domain.lost", subject=rival, at=now, before={"domain": rival.domain})
    _tell(rival, "domain_lost", "{domain} does not lead to {name} any more", now)


def _fail(row, by, now):
    if rules.is_to_stop(row, now):
        _stop_serving(row)
        row.verified_at = row.failing_since = row.warned_at = None
        audit.record(actor=by, action="domain.stopped", subject=row, at=now, before={"domain": row.domain})
        _tell(row, "domain_stopped", "{domain} does not lead to {name} any more", now)
    elif rules.is_to_warn(row, now):
        row.warned_at = now
        _tell(row, "domain_failing", "{domain} soon will not lead to {name} any more", now)


def _tell(row, template, subject, now):
    words = {"domain": names.shown(row.domain), "name": row.business.name}
    telling.tell_owners(
        business=row.business,
        template=template,
        subject=subject.format(**words),
        context={"domain": row, "shown": words["domain"], "last_day": (row.failing_since or now) + rules.STOP_AFTER},
        now=now,
    )


def _stop_serving(row):
    Domain.objects.filter(domain=row.domain, tenant=row.business, is_primary=False).delete()
    _forget(row)


def _forget(row):
    # The salon's other names too: which of them search engines are told is remembered with it.
    for host in (row.domain, row.business.host):
        transaction.on_commit(lambda host=host: hosts.forget(host))
