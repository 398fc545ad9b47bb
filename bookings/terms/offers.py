"""What is offered before we know who asks: the terms of anybody, and the stricter ones of some.

Who is a customer already is nobody's to find out from the page. So it shows both, to everybody alike, and which of
them is agreed to is decided when the details are written.
"""

import json
from dataclasses import dataclass, replace
from hashlib import sha256

from bookings.terms.snapshot import Terms, Why, terms_for
from tenants.models import DepositFor

#: Whom a salon asks → the reasons that make somebody one of them, the strongest first.
REASONS = {
    DepositFor.NEW: (Why.NEW,),
    DepositFor.MISSED: (Why.MISSED,),
    DepositFor.NEW_OR_MISSED: (Why.MISSED, Why.NEW),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """The terms of `anybody`; those of `some`, with a deposit, where only some pay one: `deposit_for` says who."""

    anybody: Terms
    some: Terms | None
    deposit_for: str

    @property
    def deposit_cents(self):
        """What is the deposit of those who pay one."""
        return (self.some or self.anybody).deposit_cents

    @property
    def version(self):
        """Changes with every word, date and amount: which offer was on the page."""
        told = [self.anybody.as_json(), self.some and self.some.as_json(), self.deposit_for if self.some else ""]
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]

    def agreed_by(self, *, is_new, has_missed):
        """The terms of somebody who has never completed a visit, or has missed one, or neither."""
        if self.some is None:
            return self.anybody
        true_of_them = {Why.NEW: is_new, Why.MISSED: has_missed}
        why = next((why for why in REASONS[self.deposit_for] if true_of_them[why]), None)
        return replace(self.some, deposit_for_why=why) if why else self.anybody


def offer(*, business, price_cents, start_at, deposit_cents=0, card=False):
    """Today's offer for a visit at `start_at`. A deposit is secured by a card: where none is asked for, there is none."""
    visit = {"business": business, "price_cents": price_cents, "start_at": start_at, "card": card}
    deposit_cents = deposit_cents if card else 0
    if business.deposit_for == DepositFor.EVERYONE or not deposit_cents:
        everybody = terms_for(**visit, deposit_cents=deposit_cents, why=Why.EVERYONE)
        return Offer(everybody, None, business.deposit_for)
    return Offer(terms_for(**visit), terms_for(**visit, deposit_cents=deposit_cents), business.deposit_for)
