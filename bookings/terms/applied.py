"""What was agreed to, applied: always the snapshot kept on the booking, never today's policy."""

from datetime import datetime

from bookings.terms.snapshot import dated


def cancellation_fee(*, consent, now):
    """What cancelling at `now` costs by the terms that were agreed to; 0 where none were.

    Cancelling before `free_until` is free; a moved visit keeps the earliest `free_until` it reached.
    """
    if not consent or now < free_until(consent):
        return 0
    return consent["cancellation_fee_cents"]


def cancellation_limit(*, consent, start_at):
    """When cancelling starts to cost something by the terms that were agreed to; None where it does not before the start."""
    if not (consent and consent["cancellation_fee_cents"]):
        return None
    limit = free_until(consent)
    return limit if limit < start_at else None


def no_show_fee(*, consent):
    """What not coming costs by the terms that were agreed to; 0 where none were."""
    return consent["no_show_fee_cents"] if consent else 0


def held(*, consent, now):
    """What may be held on the card at `now` by the terms that were agreed to; 0 where none were, or it is too early."""
    since = consent.get("hold_from") if consent else None
    return consent["hold_cents"] if since and now >= datetime.fromisoformat(since) else 0


def moved(*, consent, old_start_at, new_start_at, now):
    """The consent of a visit that moves: the cutoff moves along, unless it had already passed.

    So "move it, then cancel for free" does not work.
    """
    if not consent:
        return consent
    ends = free_until(consent)
    if now < ends:
        ends += new_start_at - old_start_at
    return dated(consent, start_at=new_start_at, free_until=ends)


def moved_back(*, consent, start_at, free_until):
    """The consent of a visit whose move is undone: free cancelling ends when it did before."""
    return dated(consent, start_at=start_at, free_until=free_until) if consent else consent


def free_until(consent):
    """The instant from which cancelling is no longer free."""
    return datetime.fromisoformat(consent["free_until"])
