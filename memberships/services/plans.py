"""What is offered. A change touches nobody who has agreed to other terms already."""

from django.db import IntegrityError, transaction

from audit import services as audit
from memberships.models import MembershipPlan
from memberships.services.errors import PlanRefused
from payments import amounts

COLUMNS = ("name", "description", "price_cents", "included_visits", "is_active")
MOST_VISITS = 31
TAKEN = "There is a membership of this name already."


@transaction.atomic
def add_plan(*, business, fields, services, by, now):
    """A plan in the salon's currency, of `COLUMNS` and the services its visits are good for. Raises PlanRefused."""
    plan = MembershipPlan(currency_code=business.currency_code, **fields)
    _check(plan, services)
    _save(plan, services)
    audit.record(actor=by, action="membershipplan.added", subject=plan, at=now, after=_facts(plan))
    return plan


@transaction.atomic
def change_plan(*, plan, fields, services, by, now):
    """Change a plan for whoever joins from now on; who is a member keeps what they agreed to. Raises PlanRefused.

    Another price is another price at Stripe, made when the first one joins for it.
    """
    plan = MembershipPlan.objects.select_for_update().get(pk=plan.pk)
    before = _facts(plan)
    for name in COLUMNS:
        setattr(plan, name, fields.get(name, getattr(plan, name)))
    _check(plan, services)
    _save(plan, services)
    after = _facts(plan)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        audit.record(
            actor=by,
            action="membershipplan.changed",
            subject=plan,
            at=now,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return plan


def _save(plan, services):
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as exc:
        if "one_membership_plan_per_name" not in str(exc):
            raise
        raise PlanRefused(TAKEN) from exc
    plan.services.set(services)


def _check(plan, services):
    least, step = amounts.least(plan.currency_code), amounts.step(plan.currency_code)
    if not plan.name.strip():
        raise PlanRefused("Give the membership a name.")
    if not services:
        raise PlanRefused("Choose at least one service the included visits are good for.")
    if not 1 <= plan.included_visits <= MOST_VISITS:
        raise PlanRefused(f"Include from 1 to {MOST_VISITS} visits a month.")
    if not least <= plan.price_cents <= amounts.MOST or plan.price_cents % step:
        raise PlanRefused("Cards cannot be charged this price. Choose another one.")


def _facts(plan):
    facts = {name: getattr(plan, name) for name in COLUMNS}
    return facts | {"currency_code": plan.currency_code, "services": sorted(str(each) for each in plan.services.all())}
