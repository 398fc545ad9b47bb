"""Step 10: whether gift cards are sold online, and the first ones to hand out."""

from uuid import uuid4, uuid5

from django.db import transaction
from django.utils import timezone

from bookings.services.settings import change_settings
from giftcards import rules
from giftcards.models import GiftCard
from giftcards.services import IssuedDifferently, issue_many
from onboarding.services.progress import finish_step, locked
from tenants.errors import DomainError


class CardsRefused(DomainError):
    """Cards that cannot be issued: `errors` is, for instance, `gift_cards.0.expiration_date` → sentences."""

    code = "gift_cards_refused"
    status = 400

    def __init__(self, errors):
        super().__init__(next(iter(errors.values()))[0], errors=errors)


@transaction.atomic
def save_gift_cards(*, progress, by, now, selling=None, cards=(), key=None):
    """Keep how cards are sold (`selling`: columns of Business) and issue `cards`; returns the cards that were issued.

    A card is what `giftcards.services.issue` takes, with its `quantity`. What is asked again with the same `key`, a
    UUID, is issued once. Raises CardsRefused, IssuedDifferently; nothing is written then. Call in the salon's schema.
    """
    locked(progress)  # one press at a time, so that the second finds what the first has issued; and the salon after it
    change_settings(business=progress.business, policies=selling or {}, by=by, now=now)
    _check(cards, today=timezone.localdate(now, progress.business.zone))
    issued = _issue(cards, key or uuid4(), currency_code=progress.business.currency_code, by=by, now=now)
    finish_step(progress=progress, number=10)
    return issued


def _check(cards, *, today):
    errors = {
        f"gift_cards.{index}.{name}": [sentence]
        for index, card in enumerate(cards)
        for name, sentence in rules.problems(today=today, **card).items()
    }
    if sum(card["quantity"] for card in cards) > rules.MOST_AT_ONCE:
        errors["gift_cards"] = [f"At most {rules.MOST_AT_ONCE} cards are issued at a time."]
    if errors:
        raise CardsRefused(errors)


def _issue(cards, key, **told):
    """The cards, by ids that follow from the key. What was asked with it before must have been the same."""
    wanted = [
        [uuid5(key, f"{index} {number}") for number in range(card["quantity"])] for index, card in enumerate(cards)
    ]
    ids = [each for row in wanted for each in row]
    beyond = [uuid5(key, f"{index} {len(row)}") for index, row in enumerate([*wanted, []])]
    known = GiftCard.objects.filter(pk__in=ids).count()
    if known not in (0, len(ids)) or (known and GiftCard.objects.filter(pk__in=beyond).exists()):
        raise IssuedDifferently
    issued = []
    for card, card_ids in zip(cards, wanted, strict=True):
        worth = {name: value for name, value in card.items() if name != "quantity"}
        issued += issue_many(card_ids=card_ids, **worth, **told)
    return issued
