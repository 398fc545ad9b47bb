"""What an owner does with the plan: try, pay, pause, take up again, call off. Pressed twice, each is done once."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django_tenants.utils import tenant_context

from audit import services as audit
from payments import gateway
from payments.subscriptions import rules
from payments.subscriptions.services import writing
from payments.subscriptions.services.errors import CardNeeded, ConfirmationNeeded, WrongState
from payments.subscriptions.services.leases import working_on
from payments.subscriptions.services.payers import ensure_customer
from payments.subscriptions.services.reading import billing_of, refresh
from tenants import queries as salons
from tenants.models import PauseReason, SubscriptionStatus, TenantBilling
from tenants.money import Money

#: Shorter trials are none: Stripe wants their end in the future.
SHORTEST_TRIAL = timedelta(hours=1)
UNPAID = "The last invoice is not paid yet. Please pay it first."


@dataclass(frozen=True, slots=True)
class Outcome:
    """The plan as it is now; `pay_url` is where the card's owner confirms a payment, "" where there is nothing to confirm."""

    billing: TenantBilling
    pay_url: str = ""


def start_trial(*, business, by, now):
    """Begin the free time, at Stripe too; returns the TenantBilling. There is one a salon, and asking again is harmless.

    The promised end is written down first: where Stripe is away it is begun later, and ends when it was promised.
    Raises PlanBusy, PlanUnavailable, WrongState.
    """
    _refuse_leaving(business)
    with working_on(business):
        billing = _promise(business, by, now)
        begun = billing.subscription_id or billing.subscription_status != SubscriptionStatus.TRIAL
        if not begun and billing.trial_ends_at > now + SHORTEST_TRIAL:
            _subscribe(business, trial_ends_at=billing.trial_ends_at)
        return refresh(business=business, now=now, by=by)


def _promise(business, by, now):
    with tenant_context(business), transaction.atomic():
        billing = writing.locked(business)
        if billing.trial_ends_at is None and billing.subscription_status == SubscriptionStatus.TRIAL:
            # Whole seconds, as Stripe has them: the same promise is the same request.
            billing.trial_ends_at = now.replace(microsecond=0) + settings.SUBSCRIPTION_TRIAL
            billing.save(update_fields=["trial_ends_at"])
            after = {"trial_ends_at": billing.trial_ends_at.isoformat()}
            audit.record(actor=by, action="plan.trial_started", subject=business, at=now, after=after)
    return billing


def activate(*, business, by, now):
    """Pay from now on: ends a trial, takes up a plan that rests, pays what is open, begins anew what has ended.

    Returns an Outcome. Raises CardNeeded (without its page), CardRefused, PlanBusy, PlanUnavailable, WrongState.
    """
    with working_on(business):
        return begin_paying(business, by, now)


def begin_paying(business, by, now):
    """`activate`, by who has the plan for himself."""
    _refuse_leaving(business)
    billing = refresh(business=business, now=now, by=by)
    if billing.subscription_id and billing.subscription_status != SubscriptionStatus.CANCELED:
        pay_url = _take_up(gateway.retrieve_subscription(subscription_id=billing.subscription_id))
    else:
        _need_card(gateway.has_card(customer_id=ensure_customer(business)))
        pay_url = _subscribe(business)
    return Outcome(refresh(business=business, now=now, by=by), pay_url)


def _take_up(found):
    """Do what is missing for a living subscription to be paid; returns the page where its payment is confirmed, or ""."""
    if found.status in ("trialing", "past_due", "unpaid", "incomplete", "paused"):
        _need_card(found.has_card)
    if found.cancel_at:
        gateway.cancel_at_period_end(subscription_id=found.id, wanted=False)
    if found.paused:
        gateway.resume_collection(subscription_id=found.id)
    try:
        if found.status == "trialing":
            gateway.end_trial(subscription_id=found.id)
        elif found.status in ("past_due", "unpaid", "incomplete", "paused") and found.invoice_url:
            gateway.pay_invoice(invoice_id=found.invoice_id)
    except gateway.AuthenticationNeeded:
        if found.status == "trialing":
            gateway.end_trial(subscription_id=found.id, allow_incomplete=True)
        return gateway.retrieve_subscription(subscription_id=found.id).invoice_url
    return ""


def _subscribe(business, *, trial_ends_at=None):
    """A subscription at Stripe, once: one that is there already is taken. Returns where its payment is confirmed, or "".

    The key stays the same while Stripe is silent; it changes where it would repeat a stored refusal.
    """
    customer_id = ensure_customer(business)
    found = gateway.find_subscription(customer_id=customer_id) or _create(business, customer_id, trial_ends_at)
    writing.adopt(business=business, found=found)
    return found.invoice_url


def _create(business, customer_id, trial_ends_at):
    cents = settings.SUBSCRIPTION_PRICE_CENTS
    wanted = {
        "customer_id": customer_id,
        "price_id": gateway.ensure_price(
            lookup_key=f"location_monthly_{cents}", product="Tithi, one location", amount=Money(cents, "USD")
        ),
        "metadata": {"tenant": business.schema_name},
        "trial_ends_at": trial_ends_at,
    }
    try:
        return _create_once(business, wanted)
    except gateway.AuthenticationNeeded:
        return _create_once(business, wanted, allow_incomplete=True)


def _create_once(business, wanted, **how):
    generation = billing_of(business).subscription_generation
    try:
        return gateway.create_subscription(**wanted, **how, key=f"subscription-{business.pk}-{generation}")
    except gateway.GatewayError as exc:
        if not isinstance(exc, gateway.GatewayUnavailable) or exc.answered:
            rows = TenantBilling.objects.filter(business=business, subscription_generation=generation)
            rows.update(subscription_generation=F("subscription_generation") + 1)
        raise


def _refuse_leaving(business):
    if salons.departure_of(business):
        raise WrongState("This salon is being closed for good. Keep the salon first, then start the plan.")


def _need_card(there):
    if not there:
        raise CardNeeded


def pause(*, business, by, now):
    """Let the plan rest: nothing is billed, the booking site stays open. Billing goes on by itself after a while.

    Returns the TenantBilling. Raises WrongState where there is nothing to pause, PlanBusy, PlanUnavailable.
    """
    with working_on(business):
        billing = refresh(business=business, now=now, by=by)
        if (billing.subscription_status, billing.pause_reason) == (SubscriptionStatus.PAUSED, PauseReason.OWNER):
            return billing
        if billing.subscription_status == SubscriptionStatus.PAST_DUE or billing.pause_reason == PauseReason.UNPAID:
            raise WrongState(UNPAID)
        if billing.subscription_status == SubscriptionStatus.CANCELED or not billing.subscription_id:
            raise WrongState("There is no plan to pause.")
        gateway.pause_collection(
            subscription_id=billing.subscription_id,
            reason=PauseReason.OWNER,
            resumes_at=now + settings.SUBSCRIPTION_LONGEST_PAUSE,
        )
        return refresh(business=business, now=now, by=by)


def resume(*, business, by, now):
    """Take up a plan that its owner has paused; returns the TenantBilling. Raises WrongState, PlanBusy, PlanUnavailable."""
    with working_on(business):
        billing = refresh(business=business, now=now, by=by)
        if billing.pause_reason == PauseReason.UNPAID:
            raise WrongState(UNPAID)
        if billing.subscription_status == SubscriptionStatus.PAUSED:
            gateway.resume_collection(subscription_id=billing.subscription_id)
        return refresh(business=business, now=now, by=by)


def cancel(*, business, by, now, at_period_end=True, confirmed=False):
    """Call the plan off: at the end of what is paid for, or at once where that is confirmed. Returns the TenantBilling.

    Called off already, nothing changes. Raises ConfirmationNeeded, PlanBusy, PlanUnavailable.
    """
    with working_on(business):
        billing = refresh(business=business, now=now, by=by)
        if billing.subscription_status == SubscriptionStatus.CANCELED:
            return billing
        at_once = not (at_period_end and billing.subscription_id)
        if at_once and not confirmed:
            raise ConfirmationNeeded
        if not billing.subscription_id:
            where = rules.Standing(SubscriptionStatus.CANCELED)
            return writing.settle_without_stripe(business=business, where=where, by=by, now=now)
        if at_once:
            gateway.cancel_now(subscription_id=billing.subscription_id)
        elif not billing.cancel_at:
            gateway.cancel_at_period_end(subscription_id=billing.subscription_id)
        return refresh(business=business, now=now, by=by)


def keep(*, business, by, now):
    """Not call it off after all; returns the TenantBilling. Raises PlanBusy, PlanUnavailable."""
    with working_on(business):
        billing = refresh(business=business, now=now, by=by)
        if billing.cancel_at and billing.subscription_status != SubscriptionStatus.CANCELED:
            gateway.cancel_at_period_end(subscription_id=billing.subscription_id, wanted=False)
        return refresh(business=business, now=now, by=by)
