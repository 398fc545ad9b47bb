"""What Stripe moved beside what the product says it moved."""

from collections import Counter

from payments.models import LedgerEntry, LedgerKind


def at_stripe(account):
    """(kind, payment intent, amount, application fee, currency) of every movement of money, counted. Holds move none."""
    return Counter(
        (row["kind"], row["payment_intent"], row["amount"], row["application_fee"], row["currency"].upper())
        for row in account.rows()
        if row["kind"] in LedgerKind.values
    )


def written_down(account):
    """The same from the product's own ledger."""
    columns = ("kind", "payment_intent_id", "amount_cents", "application_fee_cents", "currency_code")
    return Counter(LedgerEntry.objects.filter(stripe_account_id=account.id).values_list(*columns))
