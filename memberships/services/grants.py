"""What a paid month is good for: one gift card of one hundred percent for each paid invoice, and its end by a refund."""

from django.db import transaction

from audit import services as audit
from audit.actors import SYSTEM
from giftcards import services as giftcards
from memberships import rules, telling
from memberships.models import MembershipGrant
from memberships.services import status
from memberships.services.errors import AlreadyRefunded, NotPossible
from memberships.services.leases import working_on
from payments import gateway
from payments.models import LedgerKind
from payments.services import recording


def grant_paid(*, membership, business, invoices, now):
    """Grant every paid invoice (`gateway.PeriodInvoice`) that was not granted yet, the oldest first.

    Raises gateway.GatewayError.
    """
    known = set(membership.grants.values_list("invoice_id", flat=True))
    missing = [each for each in invoices if each.paid and each.id not in known]
    for invoice in sorted(missing, key=lambda each: each.period_starts_at):
        paid = _payment_of(membership, invoice)
        grant = _grant(membership, business, invoice, paid, now)
        if paid and paid.refunded_cents:  # went back before we had heard that it came
            refresh_refunds(grant=grant, business=business, now=now)


def _payment_of(membership, invoice):
    """The payment behind an invoice; None where nothing was charged for it."""
    if not invoice.payment_intent_id:
        return None
    account = membership.stripe_account_id
    return gateway.retrieve_payment(account=account, payment_intent_id=invoice.payment_intent_id)


@transaction.atomic
def _grant(membership, business, invoice, paid, now):
    """The grant of an invoice, made once, whoever hears of it how often: its id is the invoice's own."""
    row = status.locked(membership)
    known = MembershipGrant.objects.filter(invoice_id=invoice.id).first()
    if known:
        return known
    card = _card(row, business, invoice, now)
    grant = MembershipGrant.objects.create(
        id=rules.grant_id(invoice.id),
        membership=row,
        card=card,
        invoice_id=invoice.id,
        payment_intent_id=invoice.payment_intent_id,
        starts_at=invoice.period_starts_at,
        ends_at=invoice.period_ends_at,
        paid_cents=paid.captured_cents if paid else invoice.amount.cents,
        application_fee_cents=paid.application_fee_cents if paid else 0,
        currency_code=row.currency_code,
        granted_at=now,
    )
    if paid:
        _enter(LedgerKind.CAPTURE, grant, paid.charge_id, paid.captured_cents, paid.application_fee_cents, now)
    after = {"paid_cents": grant.paid_cents, "currency_code": grant.currency_code, "visits": row.included_visits}
    audit.record(actor=SYSTEM, action="membership.granted", subject=row, at=now, after=after)
    telling.tell_granted(business=business, grant=grant, now=now)
    return grant


def _card(row, business, invoice, now):
    """No roll-over: it is good until the month ends, for the services that were agreed to and nothing else."""
    return giftcards.issue(
        card_id=rules.grant_id(invoice.id),
        title=row.plan_name,
        discount_percent=100,
        usage_limit=row.included_visits,
        service_ids=row.service_ids,
        price_cents=row.price_cents,
        currency_code=row.currency_code,
        expiration_date=rules.last_day(invoice.period_ends_at, business.zone),
        note="A month of a membership",
        by=SYSTEM,
        now=now,
    )


def _enter(kind, grant, stripe_id, cents, fee_cents, now):
    return recording.write_entry(
        kind=kind,
        stripe_id=stripe_id,
        at=now,
        amount_cents=cents,
        application_fee_cents=fee_cents,
        currency_code=grant.currency_code,
        stripe_account_id=grant.membership.stripe_account_id,
        payment_intent_id=grant.payment_intent_id,
    )


def refund(*, grant, business, by, now):
    """Give back what a month has cost, all of it, and take back the visits not used of it. Returns the grant.

    Visits that are booked with it stay booked. Pressed twice it is done once. Raises AlreadyRefunded, NotPossible,
    MembershipBusy, PaymentsAway.
    """
    membership = grant.membership
    with working_on(membership):
        grant = refresh_refunds(grant=grant, business=business, by=by, now=now)
        left = grant.paid_cents - grant.refunded_cents
        if not left:
            raise AlreadyRefunded
        if not grant.payment_intent_id:
            raise NotPossible("Nothing was charged for this month.")
        tried = len(list(_refunds(grant)))  # one that failed must not answer for the next
        gateway.create_refund(
            account=membership.stripe_account_id,
            payment_intent_id=grant.payment_intent_id,
            amount_cents=left,
            with_fee=grant.application_fee_cents > 0,
            metadata={"tenant": business.schema_name, "action_id": str(grant.pk)},
            key=f"membership-refund-{grant.pk}-{tried}",
        )
        return refresh_refunds(grant=grant, business=business, by=by, now=now)


def _refunds(grant):
    account = grant.membership.stripe_account_id
    return gateway.list_refunds(account=account, payment_intent_id=grant.payment_intent_id)


def refresh_refunds(*, grant, business, now, by=SYSTEM):
    """Write down what went back of a month, also by a press in Stripe's own pages. Returns the grant.

    Once all of it is back, its card is switched off. Raises gateway.GatewayError.
    """
    found = [each for each in _refunds(grant) if each.moved or each.is_over] if grant.payment_intent_id else []
    with transaction.atomic():
        grant = MembershipGrant.objects.select_for_update(of=("self",)).select_related("membership").get(pk=grant.pk)
        for refund in reversed(found):
            _note(grant, refund, now)
        if grant.refunded_cents == grant.paid_cents and grant.refunded_cents and not grant.taken_back_at:
            _take_back(grant, business, by, now)
        grant.save(update_fields=["refunded_cents", "taken_back_at"])
    return grant


def _note(grant, found, now):
    if not (found.moved or found.status in ("succeeded", "pending")):
        return
    fee = recording.fee_back(
        found,
        fee_cents=grant.application_fee_cents,
        captured_cents=grant.paid_cents,
        refunded_before_cents=grant.refunded_cents,
    )
    if _enter(LedgerKind.REFUND, grant, found.id, found.amount_cents, fee, now):
        grant.refunded_cents += found.amount_cents
    if found.is_over and _enter(LedgerKind.REFUND_FAILED, grant, found.id, found.amount_cents, 0, now):
        grant.refunded_cents -= found.amount_cents


def _take_back(grant, business, by, now):
    grant.taken_back_at = now
    giftcards.take_back(card=grant.card, by=by, now=now, reason="The month was refunded.")
    after = {"refunded_cents": grant.refunded_cents, "currency_code": grant.currency_code}
    audit.record(actor=by, action="membership.refunded", subject=grant.membership, at=now, after=after)
    telling.tell_refunded(business=business, grant=grant, now=now)
