from django.db import migrations

CASH = """
UPDATE payments_payment SET cash_cents = captured_cents, captured_cents = 0 WHERE method = 'cash'
"""
ACCOUNTS = """
UPDATE payments_moneyaction AS action
SET stripe_account_id = payment.provider_account_id, price_cents = action.amount_cents
FROM payments_payment AS payment WHERE payment.id = action.payment_id
"""
CAPTURES = """
INSERT INTO payments_ledgerentry (kind, stripe_id, stripe_account_id, payment_intent_id, amount_cents,
    application_fee_cents, currency_code, booking_id, payment_id, action_id, at)
SELECT 'capture', payment.provider_charge_id, payment.provider_account_id, payment.provider_payment_id,
    payment.captured_cents, payment.application_fee_cents, payment.currency_code, payment.booking_id, payment.id,
    action.id, payment.captured_at
FROM payments_payment AS payment JOIN payments_moneyaction AS action
    ON action.payment_id = payment.id AND action.kind = 'complete' AND action.state = 'succeeded'
WHERE payment.captured_cents > 0
"""
# What came back of the platform's fee was never written down: in proportion, as Stripe does it.
REFUNDS = """
INSERT INTO payments_ledgerentry (kind, stripe_id, stripe_account_id, payment_intent_id, amount_cents,
    application_fee_cents, currency_code, booking_id, payment_id, action_id, at)
SELECT 'refund', action.refund_id, payment.provider_account_id, payment.provider_payment_id, refund.amount_cents,
    (refund.amount_cents::bigint * payment.application_fee_cents + payment.captured_cents / 2)
        / GREATEST(payment.captured_cents, 1),
    payment.currency_code, payment.booking_id, payment.id, action.id, refund.created_at
FROM payments_refund AS refund
JOIN payments_moneyaction AS action ON action.id = refund.action_id
JOIN payments_payment AS payment ON payment.id = refund.payment_id
WHERE refund.status <> 'failed' AND action.refund_id IS NOT NULL
"""


class Migration(migrations.Migration):
    """What was taken and given back before there was a ledger."""

    dependencies = [("payments", "0002_money")]
    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (CASH, ACCOUNTS, CAPTURES, REFUNDS)]
