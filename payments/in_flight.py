"""Money of the current salon that is on its way: while there is some, the salon's records must not go."""

from dataclasses import dataclass

from payments.models import (
    CHARGES,
    FINAL_STATES,
    STOPPED,
    CardHold,
    Dispute,
    DisputeStatus,
    GiftCardOrder,
    HoldState,
    MoneyAction,
    OrderStatus,
    Refund,
    RefundStatus,
)

ENDED_HOLDS = (HoldState.CONSUMED, HoldState.RELEASED, HoldState.FAILED)


@dataclass(frozen=True, slots=True)
class InFlight:
    """How much of one kind there is; `sentence` is for the owner."""

    kind: str
    count: int
    sentence: str


#: kind → what is said of one, and of several
WORDS = {
    "payments": ("A payment is on its way.", "{count} payments are on their way."),
    "stopped": ("A refund did not come through.", "{count} refunds did not come through."),
    "refunds": ("A refund is on its way to a bank.", "{count} refunds are on their way to banks."),
    "disputes": ("A bank has not decided about a payment yet.", "Banks have not decided about {count} payments yet."),
    "holds": ("Money is held on a card.", "Money is held on {count} cards."),
    "orders": ("A gift card is being paid for.", "{count} gift cards are being paid for."),
}


def in_flight():
    """What is on its way, as InFlight; an empty list where all is settled."""
    open_actions = MoneyAction.objects.exclude(state__in=FINAL_STATES)
    counts = {
        "payments": open_actions.exclude(state__in=STOPPED).count(),
        "stopped": open_actions.filter(state__in=STOPPED).exclude(pk__in=stopped_charges()).count(),
        "refunds": Refund.objects.filter(status=RefundStatus.PENDING).exclude(action__in=open_actions).count(),
        "disputes": Dispute.objects.filter(status__in=[DisputeStatus.OPEN, DisputeStatus.UNDER_REVIEW]).count(),
        "holds": CardHold.objects.exclude(state__in=ENDED_HOLDS).count(),
        "orders": GiftCardOrder.objects.filter(status=OrderStatus.CREATED).count(),
    }
    return [_told(kind, count) for kind, count in counts.items() if count]


def stopped_charges():
    """Charges that did not come through and wait for their customer or the till: nothing moves before somebody acts."""
    return MoneyAction.objects.filter(state__in=STOPPED, kind__in=CHARGES, booking__isnull=False)


def _told(kind, count):
    one, several = WORDS[kind]
    return InFlight(kind, count, one if count == 1 else several.format(count=count))
