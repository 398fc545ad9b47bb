"""The salon's policies: what cancelling, not coming and coming late cost, deposits, cards, gift cards.

A change is for visits booked from now on. What was agreed to before stays on each booking as it was.
"""

from django.db import transaction

from bookings.services import salon_row
from bookings.settings_rules import policy_conflicts
from tenants.errors import DomainError

#: The columns of Business that are policies; nothing else is changed here.
POLICIES = (
    "cancellation_window_hours",
    "cancellation_fee_type",
    "cancellation_fee_cents",
    "cancellation_fee_percent",
    "cancellation_text",
    "no_show_fee_type",
    "no_show_fee_cents",
    "no_show_fee_percent",
    "no_show_text",
    "late_arrival_min",
    "late_arrival_text",
    "refund_text",
    "deposit_type",
    "deposit_cents",
    "deposit_percent",
    "deposit_for",
    "require_card",
    "hold_near_visits",
    "sell_gift_cards",
    "gift_card_months",
    "gift_cards_pay_fees",
)


class PoliciesContradict(DomainError):
    """Policies that cannot hold at once. `field` is the first one to change, `sentences` has all of them."""

    code = "policies_contradict"

    def __init__(self, sentences):
        self.field, message = next(iter(sentences.items()))
        self.sentences = sentences
        super().__init__(message)


@transaction.atomic
def change_policies(*, business, changes, by, now):
    """Change some of POLICIES (`changes`: column → value); returns what was changed, column → (before, after).

    Raises PoliciesContradict; nothing is written then.
    """
    row, changed = salon_row.with_changes(business=business, columns=POLICIES, changes=changes)
    if sentences := policy_conflicts(row):
        raise PoliciesContradict(sentences)
    if changed:
        salon_row.clean(row, changed)
        salon_row.write(row=row, changed=changed, business=business, action="policies.changed", by=by, now=now)
    return changed
