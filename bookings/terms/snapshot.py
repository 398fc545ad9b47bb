"""The terms of one visit, and how they are kept on the booking."""

import enum
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bookings.terms.amounts import fee

#: How near a visit is when its price may be held on the card: the shortest life of a hold, rounded down to days.
HOLD_WITHIN = timedelta(days=4)


class Why(enum.StrEnum):
    """Why a deposit was asked for."""

    EVERYONE = "everyone"
    NEW = "new"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of one visit. Cents in the salon's currency; `free_until` is an aware instant, exclusive.

    The fees are what is due: a deposit is in them already, as the least that cancelling late or not coming costs.
    """

    price_cents: int
    currency_code: str
    start_at: datetime
    free_until: datetime
    cancellation_fee_cents: int
    no_show_fee_cents: int
    cancellation_text: str
    no_show_text: str
    refund_text: str
    deposit_cents: int = 0
    deposit_for_why: str = ""
    late_arrival_min: int = 0
    late_arrival_text: str = ""
    hold_cents: int = 0
    gift_cards_pay_fees: bool = False

    @property
    def digest(self):
        """SHA-256 of the policy's words: which version was agreed to."""
        texts = (self.cancellation_text, self.no_show_text, self.refund_text, self.late_arrival_text)
        return sha256("\n\n".join(texts).encode()).hexdigest()

    def as_json(self):
        values = asdict(self) | {"digest": self.digest}
        return dated(values, start_at=values.pop("start_at"), free_until=values.pop("free_until"))


def terms_for(*, business, price_cents, start_at, deposit_cents=0, why="", card=False):
    """The salon's terms of today for a visit at `start_at`. The cutoff counts elapsed hours, so clock changes are safe.

    `card` says whether one is asked for: without it nothing is held.
    """
    deposit_cents = min(price_cents, deposit_cents)
    cancelling = fee(
        price_cents, business.cancellation_fee_type, business.cancellation_fee_cents, business.cancellation_fee_percent
    )
    missing = fee(price_cents, business.no_show_fee_type, business.no_show_fee_cents, business.no_show_fee_percent)
    return Terms(
        price_cents=price_cents,
        currency_code=business.currency_code,
        start_at=start_at,
        free_until=start_at - timedelta(hours=business.cancellation_window_hours),
        cancellation_fee_cents=max(cancelling, deposit_cents),
        no_show_fee_cents=max(missing, deposit_cents),
        cancellation_text=business.cancellation_text,
        no_show_text=business.no_show_text,
        refund_text=business.refund_text,
        deposit_cents=deposit_cents,
        deposit_for_why=why if deposit_cents else "",
        late_arrival_min=business.late_arrival_min,
        late_arrival_text=business.late_arrival_text,
        hold_cents=price_cents if card and business.hold_near_visits else 0,
        gift_cards_pay_fees=business.gift_cards_pay_fees,
    )


def dated(consent, *, start_at, free_until):
    """The terms as they are kept for a visit at `start_at`: everything that depends on when it is, written anew."""
    late_min = consent.get("late_arrival_min", 0)
    late_at = start_at + timedelta(minutes=late_min) if late_min else None
    return consent | {
        "free_until": free_until.isoformat(),
        "late_arrival_at": late_at and late_at.isoformat(),
        "hold_from": (start_at - HOLD_WITHIN).isoformat() if consent.get("hold_cents") else None,
        "stages": _stages(consent, start_at, free_until, late_at or start_at),
    }


def _stages(consent, start_at, free_until, missed_at):
    """What calling off, and then not coming, costs from when until when: no gap and no overlap, the last one open."""
    costs = consent["cancellation_fee_cents"] and free_until < start_at
    free_ends = free_until if costs else start_at
    stages = [_stage("free", None, free_ends, 0)]
    if costs:
        stages.append(_stage("late", free_until, start_at, consent["cancellation_fee_cents"]))
    return [*stages, _stage("no_show", missed_at, None, consent["no_show_fee_cents"])]


def _stage(kind, since, until, fee_cents):
    return {
        "kind": kind,
        "from": since and since.isoformat(),
        "until": until and until.isoformat(),
        "fee_cents": fee_cents,
    }
