"""What the customer agrees to: the policy's words, and its fees as dates and amounts. Pure."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from tenants.models import FeeType
from tenants.money import share


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of one visit. Cents in the salon's currency; `free_until` is an aware instant, exclusive."""

    price_cents: int
    currency_code: str
    free_until: datetime
    cancellation_fee_cents: int
    no_show_fee_cents: int
    cancellation_text: str
    no_show_text: str
    refund_text: str

    @property
    def digest(self):
        """SHA-256 of the policy's words: which version was agreed to."""
        return sha256("\n\n".join([self.cancellation_text, self.no_show_text, self.refund_text]).encode()).hexdigest()

    def as_json(self):
        return asdict(self) | {"free_until": self.free_until.isoformat(), "digest": self.digest}


def terms_for(*, business, price_cents, start_at):
    """The salon's terms of today for a visit at `start_at`. The cutoff counts elapsed hours, so clock changes are safe."""
    return Terms(
        price_cents=price_cents,
        currency_code=business.currency_code,
        free_until=start_at - timedelta(hours=business.cancellation_window_hours),
        cancellation_fee_cents=fee(
            price_cents,
            business.cancellation_fee_type,
            business.cancellation_fee_cents,
            business.cancellation_fee_percent,
        ),
        no_show_fee_cents=fee(
            price_cents, business.no_show_fee_type, business.no_show_fee_cents, business.no_show_fee_percent
        ),
        cancellation_text=business.cancellation_text,
        no_show_text=business.no_show_text,
        refund_text=business.refund_text,
    )


def fee(price_cents, fee_type, fixed_cents, percent):
    """A fee in cents, never above the price."""
    if fee_type == FeeType.FIXED:
        return min(price_cents, fixed_cents)
    if fee_type == FeeType.PERCENT:
        return min(price_cents, share(price_cents, percent * 100))
    return 0


def cancellation_fee(*, consent, now):
    """What cancelling at `now` costs by the terms that were agreed to; 0 where none were.

    Cancelling before `free_until` is free; a moved visit keeps the earliest `free_until` it reached.
    """
    if not consent or now < datetime.fromisoformat(consent["free_until"]):
        return 0
    return consent["cancellation_fee_cents"]


def moved(*, consent, old_start_at, new_start_at, now):
    """The consent of a visit that moves: the cutoff moves along, unless it had already passed.

    So "move it, then cancel for free" does not work.
    """
    if not consent:
        return consent
    free_until = datetime.fromisoformat(consent["free_until"])
    if now >= free_until:
        return consent
    return consent | {"free_until": (free_until + (new_start_at - old_start_at)).isoformat()}
