"""The owner's own switch of the booking site. What the plan opens and closes is `writing`'s; here it is what the owner wants."""

from django.db import transaction

from audit import services as audit
from payments.subscriptions import rules
from payments.subscriptions.services import writing
from tenants import hosts
from tenants.errors import DomainError
from tenants.models import Business, BusinessStatus

#: Closed because its owner has not opened it, or has closed it for now.
UNOPENED = (BusinessStatus.ONBOARDING, BusinessStatus.READY)


class PlanClosed(DomainError):
    code = "plan_closed"
    status = 409
    message = "The plan of this salon has ended or is not paid for. Take it up again on the billing page first."


@transaction.atomic
def open_site(*, business, by, now):
    """Let customers in. Call in the salon's schema. Raises PlanClosed where the plan does not allow it; open, it stays open."""
    row, billing = _locked(business)
    if row.status == BusinessStatus.ACTIVE:
        return
    status = rules.site_status(billing.subscription_status, billing.pause_reason)
    if row.status not in UNOPENED or status != BusinessStatus.ACTIVE:
        raise PlanClosed
    _write(row, business, status, action="salon.opened", by=by, now=now)


@transaction.atomic
def close_site(*, business, by, now):
    """Close the booking site until its owner opens it again; visits that are booked stay. Call in the salon's schema."""
    row, _ = _locked(business)
    if row.status in (BusinessStatus.ACTIVE, BusinessStatus.PAUSED):
        _write(row, business, BusinessStatus.READY, action="salon.closed", by=by, now=now)


def _locked(business):
    billing = writing.locked(business)
    return Business.objects.select_for_update().get(pk=business.pk), billing


def _write(row, business, status, *, action, by, now):
    before, row.status = row.status, status
    row.save(update_fields=["status"])
    audit.record(actor=by, action=action, subject=row, at=now, before={"status": before}, after={"status": status})
    transaction.on_commit(lambda host=row.host: hosts.forget(host))
    business.status = status
