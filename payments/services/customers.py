"""Money of customers who turn out to be one person, or who ask to be forgotten."""

from django.db.models import Q

from audit import services as audit
from bookings.services.customers import StillNeeded
from giftcards import services as gift_cards
from messaging import services as messaging
from payments import queries, tasks
from payments.models import (
    FINAL_STATES,
    CardHold,
    Dispute,
    DisputeStatus,
    GiftCardOrder,
    HoldState,
    MoneyAction,
    OrderStatus,
    Payment,
    Refund,
    RefundStatus,
    SavedCard,
)

HOLD_ENDED = (HoldState.CONSUMED, HoldState.RELEASED, HoldState.FAILED)
DISPUTED = (DisputeStatus.OPEN, DisputeStatus.UNDER_REVIEW)


def join(*, customer, merged):
    """What was `merged`'s is `customer`'s: payments and kept cards. Cards stay with the customers they have at Stripe,
    whose ids stand beside them, and can be charged as before."""
    Payment.objects.filter(customer=merged).update(customer=customer)
    SavedCard.objects.filter(customer=merged).update(customer=customer)


def forget(*, person):
    """Empty what says who paid, in the caller's transaction; amounts and dates stay. Kept cards go, at Stripe too, after
    commit. Raises StillNeeded while money is on its way."""
    orders = GiftCardOrder.objects.filter(_any("buyer_email", person.emails))
    _refuse_under_way(person, orders)
    _forget_cards(person)
    _forget_orders(person, orders)
    visits = Q(booking__in=person.booking_ids)
    for rows in (MoneyAction.objects.filter(visits), CardHold.objects.filter(visits)):
        messaging.forget(about=list(rows.values_list("pk", flat=True)))
    _take_out(person, MoneyAction.objects.filter(visits), ("actor_label", "reason", "last_error"))
    _take_out(person, Refund.objects.filter(visits), ("reason",))
    _take_out(person, Payment.objects.filter(visits), ("provider_metadata",))
    # Who the customer is may stand in lines about other things: an order, a card, a payment.
    audit.forget_contacts(words=person.words)


def _refuse_under_way(person, orders):
    mine = Q(booking__in=person.booking_ids) | Q(order__in=orders)
    paid = Q(payment__booking__in=person.booking_ids) | Q(order__in=orders)
    actions = MoneyAction.objects.filter(mine).exclude(state__in=FINAL_STATES)
    holds = CardHold.objects.filter(booking__in=person.booking_ids).exclude(state__in=HOLD_ENDED)
    if actions.exists() or holds.exists() or orders.filter(status=OrderStatus.CREATED).exists():
        raise StillNeeded("A payment is still on its way. Erase when it has come to an end.")
    if Refund.objects.filter(paid, status=RefundStatus.PENDING).exists():
        raise StillNeeded("A refund is still on its way. Erase when it has arrived.")
    if Dispute.objects.filter(paid, status__in=DISPUTED).exists():
        raise StillNeeded("A payment is being disputed: its proof needs the customer’s name. Erase when that is over.")
    if queries.fees_due().filter(pk__in=person.booking_ids).exists():
        raise StillNeeded("A fee for a visit called off late is open. Charge it or let it go first, then erase.")


def _forget_cards(person):
    cards = SavedCard.objects.filter(customer=person.customer)
    cards.filter(removed_at=None).update(removed_at=person.at)
    cards.update(consent_address=None)
    tasks.forget_removed_cards.delay_on_commit()


def _forget_orders(person, orders):
    bought = list(orders.values_list("pk", "card_id"))
    orders.update(buyer_name=person.words.instead, buyer_email="")
    gift_cards.forget_buyer(cards=[card_id for _, card_id in bought if card_id])
    given = GiftCardOrder.objects.filter(_any("recipient_email", person.emails))
    received = list(given.values_list("pk", flat=True))
    given.update(recipient_name="", recipient_email="", message="")
    touched = [*(pk for pk, _ in bought), *received]
    messaging.forget(about=touched)
    _take_out(person, MoneyAction.objects.filter(order__in=touched), ("actor_label", "reason", "last_error"))
    _take_out(person, Refund.objects.filter(order__in=touched), ("reason",))
    audit.forget(subjects={"payments.giftcardorder": touched}, words=person.words)


def _take_out(person, rows, columns):
    for row in rows.order_by("pk"):
        said = {name: person.words.taken_out(getattr(row, name)) for name in columns}
        type(row).objects.filter(pk=row.pk).update(**said)


def _any(column, values):
    found = Q(pk__in=[])
    for value in values:
        found |= Q(**{f"{column}__iexact": value})
    return found
