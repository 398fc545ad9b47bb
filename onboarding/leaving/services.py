"""A salon leaves: closed at once, kept for a while, erased when nothing is on its way. Stripe is called in between."""

from datetime import timedelta

import structlog
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django_tenants.utils import schema_context, tenant_context

from audit import services as audit
from audit.actors import SYSTEM
from bookings import services as bookings
from messaging.dispatch import services as dispatch
from onboarding import telling
from onboarding.leaving import files, queries, tasks
from onboarding.leaving.errors import AlreadyLeaving, NameDiffers, NotLeaving, NotSettled, PlanNotEnded
from payments import services as payments
from payments.in_flight import in_flight, stopped_charges
from payments.subscriptions import rules
from payments.subscriptions import services as plans
from payments.subscriptions.services.writing import LIVE
from payments.webhooks import services as inbox
from tenants import hosts
from tenants import services as tenants
from tenants.errors import DomainError
from tenants.models import Business, BusinessStatus, Departure, SubscriptionStatus, TenantBilling

logger = structlog.get_logger("tithi.leaving")

CALLED_OFF = "The salon closes."
#: So long after its end a salon's files are looked for again.
CLEARED_FOR = timedelta(days=7)
#: Who still reads the salon gets so long to finish; then it is tried again tomorrow.
LOCK_TIMEOUT = "10s"


def ask_to_leave(*, business, by, typed_name, reason="", cancel_visits=False, now):
    """Close a salon at once, to be erased after queries.KEPT; returns the Departure.

    Its owners are told, its plan is ended, and with `cancel_visits` its visits to come are called off and their guests
    told: these three are done soon after, and again until they are done. Raises NameDiffers, AlreadyLeaving.
    """
    if " ".join(typed_name.split()).casefold() != " ".join(business.name.split()).casefold():
        raise NameDiffers
    with tenant_context(business), transaction.atomic():
        business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
        departure = _write(
            business, asked_at=now, asked_by=by.id, reason=reason.strip()[:2000], cancel_visits=cancel_visits
        )
        _set_status(business, BusinessStatus.CANCELED)
        audit.record(
            actor=by,
            action="salon.leaves",
            subject=business,
            at=now,
            after={"erase_at": departure.erase_at.isoformat()},
        )
        _tell(departure, business, "leaving", "{name} is closed and will be erased", now)
        tasks.look_after_departure.delay_on_commit(departure_id=str(departure.pk))
    return departure


def withdraw(*, business, by, now):
    """Keep a salon that was to leave; it is as it was, but a plan that has ended has to be started again.

    Visits that were called off stay called off. Raises NotLeaving.
    """
    with tenant_context(business), transaction.atomic():
        billing = TenantBilling.objects.select_for_update().get(business=business)
        business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
        departure = Departure.objects.select_for_update().filter(business_id=business.pk, withdrawn_at=None).first()
        if departure is None:
            raise NotLeaving
        departure.withdrawn_at = now
        departure.save(update_fields=["withdrawn_at"])
        _set_status(business, _status_again(departure, billing))
        audit.record(actor=by, action="salon.stays", subject=business, at=now)
        _tell(departure, business, "staying", "{name} will not be erased", now)
    return departure


def look_after(*, departure_id, now):
    """Do what is missing for a salon that leaves: end its plan, call its visits off, remind its owners of the day.

    Each on its own: one that fails keeps none of the others, and is tried again in an hour.
    """
    for step in (_end_plan, _call_off, _remind):
        departure, business = _find(departure_id)
        if business is None:
            return  # taken back meanwhile
        try:
            step(departure, business, now)
        except DomainError as exc:
            logger.warning("leaving_step_failed", salon=business.schema_name, step=step.__name__, error=exc.code)


def erase_departed(*, now):
    """Erase every salon whose day has come; returns how many. One that cannot be erased yet keeps none of the others."""
    _clear_up(now)
    erased = 0
    for departure_id in list(queries.due_departures(now)):
        try:
            erased += erase(departure_id=departure_id, now=now)
        except (NotSettled, PlanNotEnded) as exc:
            logger.warning("erasing_waits", departure=str(departure_id), why=str(exc))
        except Exception:  # whatever is wrong with one salon, the others go on their day
            logger.exception("erasing_failed", departure=str(departure_id))
    return erased


def erase(*, departure_id, now):
    """Erase one salon whose day has come: rows, address, files, what Stripe told us of its customers.

    Returns whether it did: done before, withdrawn or not due, there is nothing to do. Raises NotSettled while money is
    on its way, PlanNotEnded while Stripe may still bill it. Its account at Stripe stays its owner's.
    """
    departure, business = _find(departure_id)
    if departure is None or departure.erase_at > now:
        return False
    try:
        _settle(departure, business, now)
    except (ProgrammingError, TenantBilling.DoesNotExist):
        if _find(departure_id)[0] is None:
            return False  # somebody else has erased it meanwhile
        raise
    done = _drop(departure, now)
    files.remove(departure.schema_name)
    return done


def _clear_up(now):
    """Files of salons erased lately: whoever erased one may have been killed before he came to them."""
    lately = Departure.objects.filter(erased_at__gt=now - CLEARED_FOR)
    for schema_name in lately.values_list("schema_name", flat=True):
        files.remove(schema_name)


def reasons_to_wait(business):
    """Sentences about what has to end before the salon can be erased."""
    with tenant_context(business):
        return [each.sentence for each in in_flight()]


def _write(business, **fields):
    try:
        with transaction.atomic():
            return Departure.objects.create(
                business_id=business.pk,
                slug=business.slug,
                schema_name=business.schema_name,
                status_before=business.status,
                erase_at=fields["asked_at"] + queries.KEPT,
                **fields,
            )
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name == "one_departure_per_salon":
            raise AlreadyLeaving from exc
        raise


def _find(departure_id):
    """A departure that is open, and its salon; None for either where there is none."""
    with schema_context("public"):
        departure = Departure.objects.filter(pk=departure_id, withdrawn_at=None, erased_at=None).first()
        if departure is None:
            return None, None
        return departure, Business.objects.select_related("billing").filter(pk=departure.business_id).first()


def _set_status(business, status):
    Business.objects.filter(pk=business.pk).update(status=status)
    business.status = status
    transaction.on_commit(lambda host=business.host: hosts.forget(host))


def _status_again(departure, billing):
    """A salon that was live is what its plan allows; one that was not yet published goes on where it was."""
    if departure.status_before not in LIVE:
        return departure.status_before
    return rules.site_status(billing.subscription_status, billing.pause_reason)


def _end_plan(departure, business, now):
    """Nothing is billed any more. Raises PlanNotEnded where that is not sure."""
    billing = TenantBilling.objects.get(business=business)
    if not may_be_billed(billing):
        return
    try:
        billing = plans.cancel(business=business, by=SYSTEM, now=now, at_period_end=False, confirmed=True)
    except DomainError as exc:
        raise PlanNotEnded(code=exc.code) from exc
    if may_be_billed(billing):
        raise PlanNotEnded


def may_be_billed(billing):
    """A salon that never tried anything has nothing to end, and keeps its free trial should it stay."""
    begun = billing.trial_ends_at or billing.stripe_customer_id or billing.subscription_id
    return bool(begun) and billing.subscription_status != SubscriptionStatus.CANCELED


def _call_off(departure, business, now):
    if not departure.cancel_visits:
        return
    with tenant_context(business):
        for booking in list(queries.visits_to_come(now)):
            if _find(departure.pk)[0] is None:
                return  # taken back meanwhile: the visits that are left take place
            try:
                bookings.cancel_booking(
                    business=business, booking=booking, by=SYSTEM, now=now, reason=CALLED_OFF, owed=False
                )
            except DomainError as exc:  # it is another one's turn; this one's again in an hour
                logger.warning("visit_not_called_off", booking=str(booking.pk), error=exc.code)


def _remind(departure, business, now):
    if departure.erase_at - now > queries.WARNED:
        return
    with tenant_context(business), transaction.atomic():
        # Once, whoever looks at it at the same time.
        if Departure.objects.filter(pk=departure.pk, warned_at=None, withdrawn_at=None).update(warned_at=now):
            _tell(departure, business, "leaving_soon", "{name} will be erased in a few days", now)


def _settle(departure, business, now):
    """What has to be done at Stripe before."""
    if business is not None:
        _end_plan(departure, business, now)
        with tenant_context(business):
            _let_go(departure, business, now)


def _let_go(departure, business, now):
    """Charges that wait for a customer are given up at Stripe: nobody could pay them any more."""
    for action in stopped_charges().select_related("booking"):
        payments.take_cash(
            business=business,
            booking=action.booking,
            key=f"leaves-{departure.pk}-{action.pk}",
            by=SYSTEM,
            now=now,
            waive=True,
            reason=CALLED_OFF,
        )


def _drop(departure, now):
    with schema_context("public"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        # In the order everybody takes them who changes a plan.
        TenantBilling.objects.select_for_update().filter(business=departure.business_id).first()
        business = Business.objects.select_for_update().filter(pk=departure.business_id).first()
        still = Departure.objects.select_for_update().filter(pk=departure.pk, withdrawn_at=None, erased_at=None).first()
        if still is None:
            return False
        if business is not None:
            _refuse_unsettled(business)
            inbox.forget_account(account_id=business.billing.stripe_account_id)
            _tell(still, business, "erased", "{name} is erased", now)
            still.slug = business.slug
            tenants.close_for_good(business=business, now=now)
            dispatch.drop_salon(business.schema_name)
        still.erased_at = now
        still.save(update_fields=["erased_at", "slug"])
    return True


def _refuse_unsettled(business):
    if reasons := reasons_to_wait(business):
        raise NotSettled(" ".join(reasons), reasons=reasons)


def _tell(departure, business, template, subject, now):
    telling.tell_owners(
        business=business,
        template=template,
        subject=subject.format(name=business.name),
        context={"departure": departure, "day": departure.erase_at.astimezone(business.zone)},
        now=now,
    )
