"""What a paid month is good for: one gift card of one hundred percent for each paid invoice, and its end by a refund."""

from datetime import UTC, datetime

from django.db import transaction

from audit import services as audit
from audit.actors import SYSTEM
from giftcards import services as giftcards
from memberships import notices, rules, telling
from memberships.models import MembershipGrant
from memberships.services import status
from memberships.services.errors import AlreadyRefunded, NotPossible
from memberships.services.leases import working_on
from payments import gateway
from payments.models import LedgerKind
from payments.services import disputes, recording


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
        if paid:  # and so may a bank have been
            refresh_disputes(grant=grant, business=business, now=now)


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
        if grant.disputed_cents:
            raise NotPossible("The customer’s bank has taken this month’s money back already.")
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

    Once all of it is back, its card is switched off; where the bank sends it back after all, the month is as it was.
    Raises gateway.GatewayError.
    """
    found = [each for each in _refunds(grant) if each.moved or each.is_over] if grant.payment_intent_id else []
    with transaction.atomic():
        grant = _locked(grant)
        before = grant.refunded_cents if grant.is_given_back else 0
        for refund in reversed(found):
            _note(grant, refund, now)
        if grant.is_given_back and not before:
            _say(grant, "membership.refunded", grant.refunded_cents, by, now)
            telling.tell_refunded(business=business, grant=grant, now=now)
        elif before and not grant.is_given_back:
            _say(grant, "membership.refund_failed", before, by, now)
            telling.tell_refund_failed(business=business, grant=grant, now=now)
        _settle_card(grant, by, now)
        grant.save()
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


def refresh_disputes(*, grant, business, now):
    """Write down what the payer's bank takes back of a month, and gives back again. Returns the grant.

    While the bank has the money, the month's card is switched off, with what was left on it; what is booked stays
    booked. A mere question takes nothing. Of several disputes `rules.dispute_that_counts` stands on the month. Order and
    repeats do not matter. Raises gateway.GatewayError.
    """
    account = grant.membership.stripe_account_id
    found = list(gateway.list_disputes(account=account, payment_intent_id=grant.payment_intent_id))
    known = [each for each in found if each.status in disputes.STATUSES]
    with transaction.atomic():
        grant = _locked(grant)
        for dispute in sorted(known, key=lambda each: (each.created, each.id)):
            _note_dispute(grant, dispute, now)
        if known:
            _put_dispute(grant, rules.dispute_that_counts(known, statuses=grant.disputes))
        _settle_card(grant, SYSTEM, now)
        grant.save()
    return grant


def _note_dispute(grant, found, now):
    if found.withdrawn and _enter(LedgerKind.DISPUTE, grant, found.id, found.amount_cents, 0, now):
        grant.disputed_cents += found.amount_cents
    if found.reinstated and _enter(LedgerKind.DISPUTE_WON, grant, found.id, found.amount_cents, 0, now):
        grant.disputed_cents -= found.amount_cents
    status = disputes.STATUSES[found.status].value
    if grant.disputes.get(found.id) != status:
        grant.disputes[found.id] = status
        _say(grant, f"membership.dispute_{status}", found.amount_cents, SYSTEM, now)
        notices.tell_of_dispute(grant, dispute_id=found.id, status=status, now=now)


def _put_dispute(grant, found):
    grant.dispute_id, grant.dispute_status, grant.dispute_reason = found.id, grant.disputes[found.id], found.reason
    grant.dispute_answer_by = datetime.fromtimestamp(found.evidence_due, UTC) if found.evidence_due else None


def _settle_card(grant, by, now):
    """The card is off while the money is not the salon's: what was left is taken out of it, and put back after."""
    why = "The month was refunded." if grant.is_given_back else "The month is disputed." if grant.disputed_cents else ""
    if why and not grant.taken_back_at:
        grant.taken_visits = giftcards.take_back(card=grant.card, by=by, now=now, reason=why)
        grant.taken_back_at = now
    elif grant.taken_back_at and not why:
        how = {"visits": grant.taken_visits, "reason": "The month is paid after all.", "by": by, "now": now}
        giftcards.hand_back(card=grant.card, **how)
        grant.taken_visits, grant.taken_back_at = 0, None


def _locked(grant):
    rows = MembershipGrant.objects.select_for_update(of=("self",)).select_related("membership", "card")
    return rows.get(pk=grant.pk)


def _say(grant, action, cents, by, now):
    after = {"amount_cents": cents, "currency_code": grant.currency_code}
    audit.record(actor=by, action=action, subject=grant.membership, at=now, after=after)
