"""New cards."""

from django.db import IntegrityError, transaction

from audit import services as audit
from giftcards import codes, tasks
from giftcards.models import EntryKind, GiftCard
from giftcards.services import balance
from tenants.errors import DomainError

#: What makes a card asked for twice another one.
TOLD = (
    "amount_cents",
    "discount_percent",
    "currency_code",
    "expiration_date",
    "usage_limit",
    "recipient_email",
    "title",
    "service_ids",
    "price_cents",
)
#: A package takes all of a visit's price off.
WHOLE = 100


class NotIssuable(DomainError):
    code = "gift_card_not_issuable"
    status = 422
    message = "A gift card has either an amount or a percentage."


class IssuedDifferently(DomainError):
    """The caller's id stands for another card already."""

    code = "idempotency_mismatch"
    status = 422
    message = "This request was sent before, for a different gift card."


@transaction.atomic
def issue(
    *,
    amount_cents=None,
    discount_percent=None,
    currency_code,
    by,
    now,
    expiration_date=None,
    usage_limit=None,
    buyer_name="",
    recipient_name="",
    recipient_email="",
    message="",
    deliver_on=None,
    note="",
    card_id=None,
    title="",
    service_ids=(),
    price_cents=None,
    package=None,
    paid_by="",
):
    """A card of a fixed amount, or of a percentage with `usage_limit` uses (None: any number of them).

    With a `title` it is a package: 100 percent, `usage_limit` visits, for which `price_cents` were paid. It pays for the
    services with these ids only, for any without them; they are its own from now on. `package` is the one of the
    catalogue it was, `paid_by` how it was paid.

    It is mailed to its recipient on `deliver_on`, a date of the salon; without one, as soon as this has committed.

    `codes.code_of(card.pk)` is its code. A `card_id` of the caller's is issued once: again it returns the card that is
    there. Raises NotIssuable unless exactly one of amount and percentage is given, or a package is not counted, and
    IssuedDifferently.
    """
    if bool(amount_cents) == bool(discount_percent):
        raise NotIssuable
    if title and not (discount_percent == WHOLE and usage_limit):
        raise NotIssuable("A package pays for a number of visits, in full.")
    card = GiftCard(
        discount_percent=discount_percent or None,
        amount_cents=amount_cents or None,
        currency_code=currency_code,
        expiration_date=expiration_date,
        usage_limit=usage_limit,
        buyer_name=buyer_name,
        recipient_name=recipient_name,
        recipient_email=recipient_email,
        message=message,
        deliver_on=deliver_on,
        note=note,
        title=title,
        service_ids=sorted(service_ids),
        price_cents=price_cents,
        package=package,
        paid_by=paid_by,
    )
    card.pk = card_id or card.pk
    try:
        _write(card, by=by, now=now)
    except IntegrityError:
        known = GiftCard.objects.filter(pk=card_id).first()
        if known is None:
            raise
        if any(getattr(known, name) != getattr(card, name) for name in TOLD):
            raise IssuedDifferently from None
        return known
    if recipient_email:
        tasks.look_after_gift_cards.delay_on_commit()
    return card


@transaction.atomic
def _write(card, *, by, now):
    code = codes.code_of(card.pk)
    card.code_digest, card.code_tail = codes.digest(code), code[-codes.GROUP :]
    card.save(force_insert=True)
    issued = balance.change(card_id=card.pk, kind=EntryKind.ISSUE, cents=card.amount_cents or 0, by=by, at=now)
    card.balance_cents = issued.balance_cents
    audit.record(actor=by, action="giftcard.issued", subject=card, at=now, after=_worth(card))


@transaction.atomic
def issue_many(*, card_ids, **card):
    """Equal cards with these ids: all of them or none. See `issue`."""
    return [issue(card_id=card_id, **card) for card_id in card_ids]


def _worth(card):
    last_day = {"expiration_date": card.expiration_date.isoformat()} if card.expiration_date else {}
    if card.is_package:
        return {
            "title": card.title,
            "usage_limit": card.usage_limit,
            "price_cents": card.price_cents,
            "currency_code": card.currency_code,
            "paid_by": card.paid_by,
            "reason": card.note,
            **last_day,
        }
    if card.is_percentage:
        return {"discount_percent": card.discount_percent, **last_day}
    return {"amount_cents": card.amount_cents, "currency_code": card.currency_code, **last_day}
