"""What staff and the calendar do to cards: corrections, switching off, the last day."""

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import TruncDate

from audit import services as audit
from audit.actors import SYSTEM
from giftcards.models import EntryKind, GiftCard, GiftCardEntry, ReservationState
from giftcards.services import balance
from giftcards.services.errors import GiftCardUnchangeable
from tenants.money import Money

#: What bookings did: as far as it is negative, it may come back.
BOOKINGS = (EntryKind.RESERVE, EntryKind.RELEASE, EntryKind.REDEEM, EntryKind.RESTORE)


@transaction.atomic
def adjust(*, card, cents, reason, by, now, action_id=None):
    """Add signed `cents` to a fixed card, for a reason people can read.

    Never more than was issued, counting what bookings have reserved or redeemed: that may come back by a release or
    a refund. Called again with the same `action_id` it changes nothing. Raises GiftCardUnchangeable.
    """
    card = _locked(card)
    if action_id and card.entries.filter(action_id=action_id, kind=EntryKind.ADJUST).exists():
        return card
    _check_adjustment(card, cents, reason)
    entry = {"kind": EntryKind.ADJUST, "cents": cents, "action_id": action_id, "reason": reason}
    changed = balance.change(card_id=card.pk, by=by, at=now, **entry)
    audit.record(
        actor=by,
        action="giftcard.adjusted",
        subject=card,
        at=now,
        before={"balance_cents": card.balance_cents, "currency_code": card.currency_code},
        after={"balance_cents": changed.balance_cents, "currency_code": card.currency_code, "reason": reason[:200]},
    )
    card.balance_cents = changed.balance_cents
    return card


@transaction.atomic
def disable(*, card, reason, by, now, action_id=None):
    """Switch a card off and take the unspent rest out; returns the cents taken. Done twice, the second takes nothing.

    What bookings have reserved stays theirs: it is redeemed, or comes back to a card nobody can spend.
    """
    card = _locked(card)
    rest = balance.take_rest(card_id=card.pk, by=by, at=now, action_id=action_id, reason=reason)
    if card.is_active:
        _switch(card, to=False, by=by, now=now, reason=reason)
    return -rest.cents if rest else 0


@transaction.atomic
def take_back(*, card, reason, by, now, action_id=None):
    """Switch a package off and use up what is left of it; returns how many visits that were. Done twice, the second
    takes none.

    Visits that bookings have put aside stay theirs: what comes back of them can be taken back again.
    """
    card = _locked(card)
    taken = balance.take_visits(card_id=card.pk, by=by, at=now, action_id=action_id, reason=reason)
    if card.is_active:
        _switch(card, to=False, by=by, now=now, reason=reason)
    return taken.uses if taken else 0


@transaction.atomic
def hand_back(*, card, visits, reason, by, now, action_id=None):
    """Switch a package on again with visits that `take_back` took: the money did not go back after all.

    Never with those that bookings have put aside or used.
    """
    card = _locked(card)
    if not card.is_active:
        _switch(card, to=True, by=by, now=now, reason=reason)
    booked = card.reservations.exclude(state=ReservationState.RELEASED).aggregate(uses=Sum("uses", default=0))
    visits = min(visits, card.usage_count - booked["uses"])
    if visits > 0:
        entry = {"kind": EntryKind.ADJUST, "cents": 0, "action_id": action_id, "reason": reason}
        balance.change(card_id=card.pk, uses=-visits, by=by, at=now, **entry)
    return card


@transaction.atomic
def enable(*, card, by, now, cents=0, reason="", action_id=None):
    """Switch a card on again, putting back `cents` of what `disable` took out: a sale whose refund failed, a mistake.

    Raises GiftCardUnchangeable.
    """
    card = _locked(card)
    if card.unsold_at:
        raise GiftCardUnchangeable("Its sale was taken back. Sell another one.")
    if not card.is_active:
        _switch(card, to=True, by=by, now=now, reason=reason)
    if cents:
        _check_adjustment(card, cents, reason)
        entry = {"kind": EntryKind.ADJUST, "cents": cents, "action_id": action_id, "reason": reason}
        card.balance_cents = balance.change(card_id=card.pk, by=by, at=now, **entry).balance_cents
    return card


@transaction.atomic
def prolong(*, card, expiration_date, by, now):
    """Give a card another last day, or none."""
    card = _locked(card)
    before, card.expiration_date = card.expiration_date, expiration_date
    card.save(update_fields=["expiration_date"])
    audit.record(
        actor=by,
        action="giftcard.prolonged",
        subject=card,
        at=now,
        before={"expiration_date": before and before.isoformat()},
        after={"expiration_date": expiration_date and expiration_date.isoformat()},
    )
    return card


def expire_due(*, now, business):
    """Take out what is left on cards whose last day is over in the salon's zone; returns how many.

    Once for each last day: what a refund or a cancelled visit brings back later stays (`paying.restore`). Each card by
    itself, so that one in somebody's hands keeps the others from nothing.
    """
    today = now.astimezone(business.zone).date()
    cards = to_expire(business=business, now=now).order_by("pk").values_list("pk", flat=True)
    taken = [balance.take_rest(card_id=pk, over_on=today, by=SYSTEM, at=now) for pk in cards]
    return sum(change is not None for change in taken)


def to_expire(*, business, now):
    """The cards `expire_due` would take the rest of."""
    taken_since = GiftCardEntry.objects.filter(card=OuterRef("pk"), kind=EntryKind.EXPIRE).annotate(
        day=TruncDate("at", tzinfo=business.zone)
    )
    today = now.astimezone(business.zone).date()
    ended = GiftCard.objects.filter(expiration_date__lt=today, balance_cents__gt=0)
    return ended.filter(~Exists(taken_since.filter(day__gt=OuterRef("expiration_date"))))


def room_cents(card):
    """What can still be added so that all that may come back finds its place."""
    entries = GiftCardEntry.objects.filter(card=card, kind__in=BOOKINGS)
    out = -(entries.aggregate(cents=Sum("amount_signed_cents"))["cents"] or 0)
    return card.amount_cents - card.balance_cents - out


def _check_adjustment(card, cents, reason):
    if card.is_percentage:
        raise GiftCardUnchangeable("A percentage has no balance to change.")
    if not cents:
        raise GiftCardUnchangeable("Nothing would change.")
    if not reason.strip():
        raise GiftCardUnchangeable("Please say why.")
    if card.balance_cents + cents < 0:
        raise GiftCardUnchangeable(f"The card holds {card.balance}.")
    if cents > 0 and cents > (room := room_cents(card)):
        most = Money(room, card.currency_code)
        raise GiftCardUnchangeable(f"This card can take {most} more at most. Issue another card for the rest.")


def _switch(card, *, to, by, now, reason):
    card.is_active = to
    card.save(update_fields=["is_active"])
    verb = "enabled" if to else "disabled"
    audit.record(actor=by, action=f"giftcard.{verb}", subject=card, at=now, after={"reason": reason[:200]})


def _locked(card):
    return GiftCard.objects.select_for_update().get(pk=card.pk)
