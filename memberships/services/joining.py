"""Becoming a member: agreeing first, then a card, then the first month is paid."""

from hashlib import sha256

from django.db import transaction

from audit import actors
from audit import services as audit
from memberships import queries, rules
from memberships.models import Membership
from memberships.services.errors import NotOffered


@transaction.atomic
def join(*, business, plan, name, email, language="", consent, form_key, address, now):
    """A membership that waits for its card; the same form sent twice is one. Nothing is charged.

    `consent` is what its page said, sentence by sentence. Raises NotOffered.
    """
    plan = queries.offered(business=business).filter(pk=plan.pk).prefetch_related("services").first()
    if plan is None:
        raise NotOffered
    said = (form_key, str(plan.pk), plan.price_cents, name, email.lower(), consent)
    membership, new = Membership.objects.get_or_create(
        form_key=sha256(repr(said).encode()).hexdigest(),
        defaults={
            "plan": plan,
            "name": name,
            "email": email.lower(),
            "language": language,
            "plan_name": plan.name,
            "price_cents": plan.price_cents,
            "currency_code": plan.currency_code,
            "included_visits": plan.included_visits,
            "service_ids": [service.pk for service in plan.services.all()],
            "consent": "\n".join(consent),
            "consented_at": now,
            "consent_address": address,
            "stripe_account_id": business.billing.stripe_account_id,
            "due_at": now + rules.SOON,
            "created_at": now,
        },
    )
    if new:
        audit.record(
            actor=actors.customer(name, address),
            action="membership.agreed",
            subject=membership,
            at=now,
            after={"price_cents": plan.price_cents, "currency_code": plan.currency_code},
        )
    return membership
