"""How cards are put into words and badges for staff."""

from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from giftcards import codes, shown
from giftcards.models import EntryKind
from tenants.languages import plain_date
from tenants.money import Money

GOOD, USED_UP, EXPIRED, OFF = "good", "used_up", "expired", "off"
#: state → (staff's words, colour)
STATES = {
    GOOD: ("Good", "success"),
    USED_UP: ("Used up", ""),
    EXPIRED: ("Expired", "warning"),
    OFF: ("Switched off", "danger"),
}
KINDS = {
    EntryKind.ISSUE: "Issued",
    EntryKind.RESERVE: "Put aside for a visit",
    EntryKind.RELEASE: "Given back from a visit",
    EntryKind.REDEEM: "Paid for a visit",
    EntryKind.RESTORE: "Refunded",
    EntryKind.EXPIRE: "Taken out",
    EntryKind.ADJUST: "Corrected",
}


def state_of(card, today):
    if not card.is_active:
        return OFF
    if card.expiration_date and card.expiration_date < today:
        return EXPIRED
    return GOOD if card.is_good_on(today) else USED_UP


def in_state(state, today):
    """The condition for a list of cards in this state: `state_of`, for the database."""
    over = Q(expiration_date__lt=today)
    used_up = Q(discount_percent=None, balance_cents=0) | Q(
        usage_limit__isnull=False, usage_count__gte=F("usage_limit")
    )
    match state:
        case "off":
            return Q(is_active=False)
        case "expired":
            return Q(is_active=True) & over
        case "used_up":
            return Q(is_active=True) & ~over & used_up
    return Q(is_active=True) & ~over & ~used_up


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a card's ledger, ready to print."""

    what: str
    amount: str
    balance: str
    at: object
    who: str
    reason: str
    booking: object


def ledger(card):
    """The card's entries, latest first."""
    entries = card.entries.select_related("booking").order_by("-id")
    return [line(entry, card) for entry in entries]


def line(entry, card):
    def money(cents):
        return "" if card.is_percentage else str(Money(cents, card.currency_code))

    sign = "+" if entry.amount_signed_cents > 0 else ""
    return Line(
        what=KINDS[EntryKind(entry.kind)],
        amount=f"{sign}{money(entry.amount_signed_cents)}" if entry.amount_signed_cents else "",
        balance=money(entry.balance_after_cents),
        at=entry.at,
        who=entry.actor_label or "Tithi",
        reason=entry.reason,
        booking=entry.booking,
    )


def facts(card, *, with_code):
    """(label, value) lines about a card."""
    code = codes.shown(codes.code_of(card.pk)) if with_code else f"•••• {card.code_tail}"
    lines = [("Code", code), ("Worth", shown.worth(card)), ("Left", shown.left(card))]
    lines.append(("Good until", plain_date(card.expiration_date) if card.expiration_date else "without end"))
    lines.append(("Visits", card.usage_count))
    lines.append(("Issued", plain_date(timezone.localdate(card.created_at))))
    if card.note:
        lines.append(("Note", card.note))
    return lines


def giving(card, *, with_address=True):
    """(label, value) lines about who gives it to whom; `with_address` for who may see customers."""
    lines = [("From", card.buyer_name), ("For", card.recipient_name)]
    if with_address:
        lines.append(("E-mail", card.recipient_email))
    if card.delivered_at:
        lines.append(("Mailed", plain_date(timezone.localdate(card.delivered_at))))
    elif card.recipient_email:
        lines.append(("To be mailed", plain_date(card.deliver_on) if card.deliver_on else "at once"))
    return [(label, value) for label, value in lines if value]
