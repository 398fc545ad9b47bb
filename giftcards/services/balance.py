"""The only writer of a card's balance and uses. The change and its ledger entry are one statement.

The statement locks the card's row, looks whether the card is as it must be, changes it, and writes down what it
changed: all of it or nothing. Who waited for the lock looks at the row as it is then, so nobody spends what somebody
else has just spent. The table's constraints judge last: `0 <= balance <= issued`, uses within the limit.
"""

from dataclasses import dataclass

from django.db import connection

from giftcards.models import EntryKind

STATEMENT = """
WITH wanted AS (
    SELECT id, ({cents}) AS cents, ({uses}) AS uses FROM giftcards_giftcard WHERE id = %(card)s AND ({condition}) FOR UPDATE
), changed AS (
    UPDATE giftcards_giftcard AS card
    SET balance_cents = card.balance_cents + wanted.cents, usage_count = card.usage_count + wanted.uses
    FROM wanted WHERE card.id = wanted.id
    RETURNING card.id, wanted.cents, wanted.uses, card.balance_cents
)
INSERT INTO giftcards_giftcardentry (
    card_id, kind, amount_signed_cents, balance_after_cents, booking_id, action_id, actor_id, actor_label, reason, at
)
SELECT id, %(kind)s, cents, balance_cents, %(booking)s::uuid, %(action)s::uuid, %(actor)s::uuid, %(label)s, %(reason)s,
    %(at)s
FROM changed RETURNING amount_signed_cents, balance_after_cents, (SELECT uses FROM changed)
"""
#: A card somebody may pay with today, for these services; a percentage has uses instead of a balance.
GOOD = """
    is_active AND currency_code = %(currency)s
    AND (expiration_date IS NULL OR expiration_date >= %(today)s)
    AND (usage_limit IS NULL OR usage_count + %(uses)s <= usage_limit)
    AND (discount_percent IS NOT NULL OR balance_cents > 0)
    AND (cardinality(service_ids) = 0 OR %(services)s::uuid[] <@ service_ids)
"""
AS_MUCH_AS_IT_HOLDS = "CASE WHEN discount_percent IS NULL THEN -LEAST(balance_cents, %(most)s) ELSE 0 END"


@dataclass(frozen=True, slots=True)
class Change:
    """`cents` as signed as in the ledger, the balance they led to, and the uses that went with them."""

    cents: int
    balance_cents: int
    uses: int = 1


def take(*, card_id, price, today, by, at, booking, service_ids, uses=1, action_id=None):
    """Reserve up to `price` (Money) of a card that is good on `today` for these services, and `uses` of it.

    None where it is not good.
    """
    given = {"most": price.cents, "currency": price.currency, "today": today, "services": list(service_ids)}
    return _run(AS_MUCH_AS_IT_HOLDS, GOOD, given, card_id, EntryKind.RESERVE, by, at, uses, booking, action_id)


def take_rest(*, card_id, by, at, action_id=None, reason="", over_on=None):
    """Take out whatever is left, as expired. None where nothing is, or where the card is still good on `over_on`."""
    condition = "balance_cents > 0 AND (%(over_on)s::date IS NULL OR expiration_date < %(over_on)s::date)"
    given = {"over_on": over_on}
    return _run("-balance_cents", condition, given, card_id, EntryKind.EXPIRE, by, at, 0, None, action_id, reason)


def take_visits(*, card_id, by, at, action_id=None, reason=""):
    """Use up the visits that are left of a package, as taken back. None where none are."""
    condition, left = "usage_count < usage_limit", "usage_limit - usage_count"
    return _run("0", condition, {}, card_id, EntryKind.EXPIRE, by, at, left, None, action_id, reason)


def change(*, card_id, kind, cents, by, at, uses=0, booking=None, action_id=None, reason=""):
    """Add signed `cents` and `uses`, whatever state the card is in: what it was good for has been judged before."""
    given = {"cents": cents}
    return _run("%(cents)s", "TRUE", given, card_id, kind, by, at, uses, booking, action_id, reason)


def _run(cents, condition, given, card_id, kind, by, at, uses, booking=None, action_id=None, reason=""):
    """`uses` is a number, or what they are in terms of the row."""
    params = given | {
        "card": card_id,
        "kind": kind.value,
        "uses": uses,
        "booking": booking and booking.pk,
        "action": action_id,
        "actor": by.id,
        "label": by.label[:200],
        "reason": reason[:200],
        "at": at,
    }
    with connection.cursor() as cursor:
        how_many = uses if isinstance(uses, str) else "%(uses)s"
        cursor.execute(STATEMENT.format(cents=cents, uses=how_many, condition=condition), params)
        row = cursor.fetchone()
    return row and Change(*row)
