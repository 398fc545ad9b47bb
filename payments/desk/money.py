"""The money of a visit: what is due, what moved, and what comes next."""

from django.utils import timezone

from bookings import terms, words
from bookings.models import Status
from messaging import queries as mails
from messaging.models import Message
from payments import queries, receipt_paper, shown
from payments.desk.states import open_press, possible, presses_of, stopped_charge
from payments.models import ActionKind, CardHold, Dispute, DisputeStatus, LedgerEntry, Payment, Refund
from tenants.money import Money

#: Buttons that stand beside what they are about, in order, with what they are called there.
NEXT = {
    "complete": "Completed",
    "no_show": "No-show",
    "cancel": "Cancelled",
    "retry": "Try again",
    "send_link": "Send a link",
    "paid_in_cash": "Paid in cash",
    "let_go": "Let it go",
    "dispute_pack": "Dispute pack",
}


def facts_of(booking):
    """What a page shows about a visit's money, ready to print."""
    return {
        "money": money_lines(booking),
        "payment_badge": shown.payment_badge(booking),
        "earlier": [
            shown.parts_of(payment) + shown.back_of(payment)
            for payment in Payment.objects.filter(booking=booking, is_current=False).select_related("booking")
        ],
        "presses": [(press, shown.action_line(press), press_note(press)) for press in presses_of(booking)],
        "papers": {press.pk for press in presses_of(booking) if receipt_paper.has_paper(press)},
        "refunds": [
            (refund.amount, shown.REFUND[refund.status][0], refund.reason)
            for refund in Refund.objects.filter(booking=booking).select_related("payment")
        ],
        "movements": [
            (entry, shown.LEDGER[entry.kind], entry.amount) for entry in LedgerEntry.objects.filter(booking=booking)
        ],
        "holds": [hold_line(hold, booking) for hold in CardHold.objects.filter(booking=booking)],
        "disputes": [
            (dispute, f"{dispute_amount(dispute)}, {dispute_reason(dispute)}", shown.DISPUTE[dispute.status])
            for dispute in disputes_of(booking)
        ],
    }


def mails_of(booking, *, sees_money=True):
    """What was sent about the visit and, for who sees money, about its money."""
    about = [booking.pk, *(press.pk for press in presses_of(booking))]
    sent = Message.objects.filter(about_id__in=about).defer("text", "html", "attachments")
    return list(sent if sees_money else mails.about_visits(sent))


def money_lines(booking):
    """(label, value) lines about what is due, what pays it, and what went back."""
    payment, card = queries.payment_of(booking), queries.card_of(booking)
    lines = [("Card", shown.card_name(card) if card else "No card on file")]
    if gift := queries.gift_of(booking):
        name = f"Package {gift.card}" if gift.card.is_package else f"Gift card {gift.card}"
        lines.append((name, f"{_put_aside(gift, booking)} put aside"))
    if queries.is_fee_due(booking):
        return [*lines, ("Fee due", str(Money(booking.cancellation_fee_cents, booking.currency_code)))]
    if payment is None:
        return [*lines, ("Price", str(booking.price))]
    lines += shown.parts_of(payment)
    if payment.captured_at:
        lines.append(("When", words.when(payment.captured_at.astimezone(booking.zone))))
    return lines + shown.back_of(payment)


def _put_aside(gift, booking):
    if gift.card.is_package:
        return words.count(gift.uses, "visit", "visits")
    return f"{gift.percent} %" if gift.percent else str(Money(gift.cents, booking.currency_code))


def press_note(press):
    """How far a press came, and why, in one line."""
    state = shown.ACTION[press.state]
    said = ": ".join(filter(None, [state, press.last_error]))
    return f"{said} ({press.reason})" if press.reason else said


def hold_line(hold, booking):
    amount = Money(hold.amount_cents, hold.currency_code)
    state = shown.HOLD.get(hold.state, "being placed")
    until = f" until {words.when(hold.capture_before.astimezone(booking.zone))}" if hold.capture_before else ""
    return f"{amount} {state}{until if hold.state == 'held' else ''}"


def disputes_of(booking):
    """The booking's disputes, newest first; read once."""
    if not hasattr(booking, "_disputes"):
        booking._disputes = list(Dispute.objects.filter(payment__booking=booking))
    return booking._disputes


def dispute_amount(dispute):
    return Money(dispute.amount_cents, dispute.currency_code)


def dispute_reason(dispute):
    return dispute.reason.replace("_", " ") or "no reason given"


# What comes next --------------------------------------------------------------------------------


def next_step(booking, *, may):
    """(sentences, names of buttons) of what waits for somebody; ([], []) where nothing does. `may(name)` is whether
    the reader may press that button."""
    sentences, names = _waiting(booking)
    if not sentences:
        return [], []
    can = possible(booking)
    return sentences, [name for name in names if can[name] and may(name)]


def _waiting(booking):
    answers = [dispute for dispute in disputes_of(booking) if dispute.status == DisputeStatus.OPEN]
    if answers:
        return [_answer(dispute, booking) for dispute in answers], ("dispute_pack",)
    if stopped_charge(booking):
        return [_stopped(booking)], ("retry", "send_link", "paid_in_cash", "let_go")
    if open_press(booking):
        return ["Stripe has not answered yet: this is finished in the background."], ("retry",)
    if queries.is_fee_due(booking):
        fee = Money(booking.cancellation_fee_cents, booking.currency_code)
        if terms.takes_visits(booking.consent):
            return ["Called off late: by the accepted terms the package’s visit is used up. Press Cancelled."], (
                "cancel",
            )
        return [f"Called off late: by the accepted terms a fee of {fee} is due. Press Cancelled."], ("cancel",)
    if possible(booking)["complete"]:
        plan = shown.plan_of(ActionKind.COMPLETE, booking, now=timezone.now())
        over = booking.start_at <= timezone.now()
        return [*plan.sentences], ("complete", "no_show") if over else ("complete",)
    return [], ()


def _stopped(booking):
    charge = stopped_charge(booking)
    what = "Completed" if booking.status == Status.COMPLETED else "The fee is"
    why = charge.last_error or "The card was not charged."
    return (
        f"{what}, payment due: {charge.amount}. {why}" if what == "Completed" else f"{what} due: {charge.amount}. {why}"
    )


def _answer(dispute, booking):
    due = dispute.evidence_due_at
    until = f" by {words.when(due.astimezone(booking.zone))}" if due else ""
    return f"The customer’s bank disputes {dispute_amount(dispute)} ({dispute_reason(dispute)}). Answer{until}."
